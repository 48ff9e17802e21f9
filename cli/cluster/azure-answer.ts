import { isDeepStrictEqual } from "node:util";
import { describeAks } from "@/connectors/aks/describe";
import { describeArc } from "@/connectors/arc/describe";
import { type AnswerReader, at, isMap, type Json } from "./answer";

/** ARM nests what describes a resource under `properties`; `az` lifts it up beside the name. */
const propertiesOf = (answer: Json): Json => {
  const nested = at(answer, "properties");
  return isMap(nested) ? nested : answer;
};

/** Stands for a member that is told in both places, and not the same: of no type that a fact has. */
const DISAGREEING = Symbol("disagreeing");

/** All members of an answer beside its name; a setting that stands both nested and lifted, and differs, tells nothing. */
function lifted(answer: Json): Json {
  const nested = Object.entries(propertiesOf(answer));
  const spelled = new Set(nested.map(([key]) => key.toLowerCase()));
  const told = new Map(Object.entries(answer).map(([key, value]) => [key.toLowerCase(), value ?? undefined]));
  const agreed = nested.map(([key, value]) => {
    const other = told.get(key.toLowerCase());
    return [key, other === undefined || isDeepStrictEqual(other, value) ? value : DISAGREEING] as const;
  });
  const beside = Object.entries(answer).filter(([key]) => !spelled.has(key.toLowerCase()));
  return Object.fromEntries<unknown>([...beside, ...agreed]);
}

const isOfType = (answer: Json, type: string): boolean => {
  const named = at(answer, "type");
  const id = at(answer, "id");
  if (typeof named === "string") return named.toLowerCase() === type;
  return typeof id === "string" && id.toLowerCase().includes(`/providers/${type}/`);
};

export const AKS_ANSWER: AnswerReader = {
  wanted: "the answer of az aks show, or an ARM managedCluster",
  isOne: (answer) => isOfType(answer, "microsoft.containerservice/managedclusters"),
  read(answer) {
    const cluster = lifted(answer);
    const pools = at(cluster, "agentPoolProfiles");
    return describeAks({ cluster, ...(Array.isArray(pools) ? { pools } : {}) });
  },
};

export const ARC_ANSWER: AnswerReader = {
  wanted: "the answer of az connectedk8s show, or an ARM connectedCluster",
  isOne: (answer) => isOfType(answer, "microsoft.kubernetes/connectedclusters"),
  read(answer) {
    const properties = lifted(answer);
    return describeArc({ cluster: properties, properties });
  },
};
