import { describeAks } from "@/connectors/aks/describe";
import { describeArc } from "@/connectors/arc/describe";
import { type AnswerReader, at, isMap, type Json } from "./answer";

/** ARM nests what describes a resource under `properties`; `az` lifts it up beside the name. */
const propertiesOf = (answer: Json): Json => {
  const nested = at(answer, "properties");
  return isMap(nested) ? nested : answer;
};

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
    const cluster = { ...answer, ...propertiesOf(answer) };
    const pools = at(cluster, "agentPoolProfiles");
    return describeAks({ cluster, ...(Array.isArray(pools) ? { pools } : {}) });
  },
};

export const ARC_ANSWER: AnswerReader = {
  wanted: "the answer of az connectedk8s show, or an ARM connectedCluster",
  isOne: (answer) => isOfType(answer, "microsoft.kubernetes/connectedclusters"),
  read(answer) {
    const properties = propertiesOf(answer);
    return describeArc({ cluster: { ...answer, ...properties }, properties });
  },
};
