import { list, record, text } from "@/domain/inventory/json";
import { assessExample, type Example } from "../../example";
import type { Control } from "../../schema";
import { type FixTarget, isMap, type Json } from "../target";

const CLUSTER_SCOPED = /^(ManagedCluster|Node|Namespace|Cluster.*|.*Webhook.*|ValidatingAdmission.*)$/;
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^(Cluster)?Role(Binding)?$/, "rbac.authorization.k8s.io"],
  [/^(Deployment|DaemonSet|StatefulSet|ReplicaSet)$/, "apps"],
  [/Job$/, "batch"],
];

/** The resource of a failing example as the page of its finding would know it. */
export function exampleTarget(control: Control, example: Example, distribution: FixTarget["distribution"]): FixTarget {
  const { resource } = example;
  const metadata = record(resource.metadata);
  const kind = text(resource.kind) || "ManagedCluster";
  const assessment = assessExample(control, example);
  if (assessment?.outcome !== "unhealthy") throw new Error(`${control.name}: "${example.name}" is not unhealthy`);
  return {
    distribution,
    cluster: "prod",
    region: "west",
    aliases: ["/subscriptions/s/resourcegroups/g/providers/m/prod", "arn:aws:eks:west:1:cluster/prod"],
    account: "s",
    apiGroup: GROUPS.find(([kinds]) => kinds.test(kind))?.[1] ?? "",
    kind,
    namespace: CLUSTER_SCOPED.test(kind) ? "" : text(metadata.namespace) || "shop",
    name: text(metadata.name) || "thing",
    paths: assessment.evidence.map((one) => one.path),
    object: resource,
  };
}

/** Keys by which the API server knows the items of a list again; other lists are replaced as a whole. */
const KEYS: Readonly<Record<string, string>> = {
  ...{ containers: "name", initContainers: "name", ephemeralContainers: "name", volumes: "name", env: "name" },
  ...{ volumeMounts: "mountPath", ports: "containerPort", webhooks: "name", hostAliases: "ip" },
};

/** `object` after a strategic merge patch, as far as the patches of controls use one. */
export function strategicMerge(object: Json, patch: Json): Json {
  const { $retainKeys, ...fields } = patch;
  const kept = list($retainKeys);
  const result = Object.fromEntries(Object.entries(object).filter(([key]) => kept.length === 0 || kept.includes(key)));
  for (const [key, value] of Object.entries(fields)) {
    const there = result[key];
    const by = KEYS[key];
    if (value === null) delete result[key];
    else if (isMap(value)) result[key] = strategicMerge(record(there), value);
    else if (Array.isArray(value) && by !== undefined) result[key] = mergedList(list(there), value, by);
    else result[key] = value;
  }
  return result;
}

function mergedList(there: readonly unknown[], patch: readonly unknown[], by: string): unknown[] {
  let result = [...there];
  for (const item of patch.filter(isMap)) {
    const same = (one: unknown): boolean => isMap(one) && one[by] === item[by];
    if (item.$patch === "delete") result = result.filter((one) => !same(one));
    else if (result.some(same)) result = result.map((one) => (same(one) ? strategicMerge(record(one), item) : one));
    else result.push(strategicMerge({}, item));
  }
  return result;
}
