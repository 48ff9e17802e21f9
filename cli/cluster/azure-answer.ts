import { describeAks } from "@/connectors/aks/describe";
import { describeArc } from "@/connectors/arc/describe";
import { type AnswerReader, at, isMap, type Json } from "./answer";

/** Names that the SDK, whose words the connector reads, writes in another case than ARM does. */
const RENAMED: Readonly<Record<string, string>> = {
  azurePortalFQDN: "azurePortalFqdn",
  enableAzureRBAC: "enableAzureRbac",
  enableFIPS: "enableFips",
  enablePrivateClusterPublicFQDN: "enablePrivateClusterPublicFqdn",
  enableRBAC: "enableRbac",
  enableVTPM: "enableVtpm",
  privateFQDN: "privateFqdn",
};

/** Free maps of people's own keys, which are not renamed. */
const FREE = new Set(["tags", "nodeLabels", "addonProfiles"]);

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [RENAMED[key] ?? key, FREE.has(key) ? item : renamed(item)]),
  );
}

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
    const cluster = renamed({ ...answer, ...propertiesOf(answer) });
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
