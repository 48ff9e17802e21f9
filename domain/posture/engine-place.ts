import type { ForEach, Subject } from "./schema";

/** Bound on the items of one place; beyond it what is not judged is unknown, never cut silently. */
export const MAX_ITEMS = 5000;

/** Where kinds keep their pod that have no `spec.template`. */
const POD_PATHS: Readonly<Record<string, string>> = {
  Pod: "",
  CronJob: "spec.jobTemplate.spec.template",
  PodTemplate: "template",
};
/** Where the pod specification of a kind stands; `spec` for a Pod. */
export const podSpecPath = (kind: unknown): string => (kind === "Pod" ? "spec" : `${podPath(kind)}.spec`);

/** Where that stands which holds the pod specification of a kind, with the metadata that pods get. */
export const podPath = (kind: unknown): string =>
  typeof kind === "string" && Object.hasOwn(POD_PATHS, kind) ? (POD_PATHS[kind] ?? "") : "spec.template";

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Paths are those of controls and places, a few hundred; text from elsewhere must not fill the memory. */
const MAX_PATHS = 5000;
const paths = new Map<string, readonly string[]>([["", []]]);
/** The keys of a dotted path; split once. */
export function keysOf(path: string): readonly string[] {
  let keys = paths.get(path);
  if (keys === undefined) {
    keys = path.split(".");
    if (paths.size < MAX_PATHS) paths.set(path, keys);
  }
  return keys;
}

/** Own value at a dotted path, or undefined. */
export const at = (value: unknown, path: string): unknown => follow(value, keysOf(path));

/** Own value behind these keys, or undefined. */
export function follow(value: unknown, keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (!isMap(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

/** Where items of one kind stand. */
export interface Place {
  path: string;
  /** What holds the list, or the item. */
  parent: string;
  /** The list must be there: a pod without containers is no pod. */
  required?: boolean;
  /** There is no list: what stands there is the one item. */
  single?: boolean;
  /** Which containers stand there. */
  containerKind?: "init" | "main" | "ephemeral";
}

/** The places of pods, by the path of their specification: made once, as their paths are split once. */
const OF_PODS: ReadonlyMap<string, { containers: readonly Place[]; volumes: readonly Place[] }> = new Map(
  ["Pod", "CronJob", "PodTemplate", "Deployment"].map(podSpecPath).map((pod) => [
    pod,
    {
      containers: [
        { path: `${pod}.initContainers`, parent: pod, containerKind: "init" },
        { path: `${pod}.containers`, parent: pod, required: true, containerKind: "main" },
        { path: `${pod}.ephemeralContainers`, parent: pod, containerKind: "ephemeral" },
      ],
      volumes: [{ path: `${pod}.volumes`, parent: pod }],
    },
  ]),
);
const PORTS: readonly Place[] = [{ path: "spec.ports", parent: "spec" }];
const ROLE_RULES: readonly Place[] = [{ path: "rules", parent: "" }];
const POLICY_RULES: readonly Place[] = [
  { path: "spec.ingress", parent: "spec" },
  { path: "spec.egress", parent: "spec" },
];
/** The default backend is the rule for whatever host and path no other rule names. */
const INGRESS_RULES: readonly Place[] = [
  { path: "spec.rules", parent: "spec" },
  { path: "spec.defaultBackend", parent: "spec", single: true },
];
const SUBJECTS: readonly Place[] = [{ path: "subjects", parent: "" }];
const WEBHOOKS: readonly Place[] = [{ path: "webhooks", parent: "" }];
const NODE_POOLS: readonly Place[] = [{ path: "nodePools", parent: "" }];

/** Items that stand in a place of their own, not within containers. */
export type PlacedItem = Exclude<ForEach, "securityContext" | "variable" | "mount" | "entry">;

/**
 * The places of a kind of item in a subject; null when the subject has no such items by nature. What stands within containers
 * is found through them.
 */
export function placesOf(forEach: PlacedItem, { appliesTo, object }: Subject): readonly Place[] | null {
  const pod = appliesTo === "Workload" ? OF_PODS.get(podSpecPath(object.kind)) : undefined;
  switch (forEach) {
    case "container":
      return pod?.containers ?? null;
    case "volume":
      return pod?.volumes ?? null;
    case "port":
      return appliesTo === "Service" ? PORTS : null;
    case "rule":
      if (appliesTo === "Role" || appliesTo === "ClusterRole") return ROLE_RULES;
      if (appliesTo === "NetworkPolicy") return POLICY_RULES;
      return appliesTo === "Ingress" ? INGRESS_RULES : null;
    case "subject":
      return appliesTo === "RoleBinding" || appliesTo === "ClusterRoleBinding" ? SUBJECTS : null;
    case "webhook":
      return appliesTo.endsWith("WebhookConfiguration") ? WEBHOOKS : null;
    case "nodePool":
      return appliesTo === "ManagedCluster" ? NODE_POOLS : null;
  }
}

/** Why the items of a place can't all be told; null when they can. */
export function problemOf(
  { path, required = false, single = false }: Pick<Place, "path" | "required" | "single">,
  list: unknown,
): string | null {
  if (list === undefined)
    return required ? `${path} is missing. Judge the manifest after your tooling filled it in.` : null;
  if (single) return isMap(list) ? null : `${path} is no object. Kubernetes refuses such an object: correct it.`;
  if (!Array.isArray(list)) return `${path} is no list. Kubernetes refuses such an object: correct it.`;
  if (list.length === 0 && required) return `${path} is empty.`;
  return list.length > MAX_ITEMS ? `${path} has more than ${MAX_ITEMS} items; the others were not judged.` : null;
}
