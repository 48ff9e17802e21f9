import type { SimControlPlane, SimDistribution } from "./model";
import type { Json } from "./objects";

/** A workload that a cloud or a public chart brings, with the fields that its maker publishes. */
export interface Addon {
  kind: "Deployment" | "DaemonSet" | "StatefulSet";
  namespace: string;
  name: string;
  /** Of the workload and its pods; `selector` names those that select. */
  labels: Record<string, string>;
  selector: string[];
  serviceAccount: string;
  /** Who applied it. */
  manager: string;
  replicas?: number;
  /** Port of its Service, when it has one, and whether that is open to the world. */
  port?: number;
  serviceType?: "LoadBalancer";
  /** The pod's specification without its service account. */
  spec: Json & { containers: Json[] };
}

type Labels = Record<string, string>;

/**
 * Makes add-ons as one installer does: it applies under the name `manager` and adds `marks` to the labels that an add-on has of its
 * own, by which its pods are selected.
 */
export const installedBy =
  (manager: string, marks: (own: Labels, name: string) => Labels = () => ({})) =>
  (
    kind: Addon["kind"],
    namespace: string,
    name: string,
    own: Labels,
    spec: Addon["spec"],
    more: Partial<Addon> = {},
  ): Addon => ({
    kind,
    namespace,
    name,
    labels: { ...own, ...marks(own, name) },
    selector: Object.keys(own),
    serviceAccount: name,
    manager,
    ...more,
    spec,
  });

/** The same for what stands in kube-system, as all that a cloud installs does. */
export const installedByCloud = (...installer: Parameters<typeof installedBy>) => {
  const install = installedBy(...installer);
  return (kind: Addon["kind"], name: string, own: Labels, spec: Addon["spec"], more?: Partial<Addon>): Addon =>
    install(kind, "kube-system", name, own, spec, more);
};

/** What add-ons depend on. */
export interface AddonPlace {
  distribution: SimDistribution;
  /** With what the distribution adds: `1.35.7-eks-3cfe0ce`. */
  version: string;
  region: string;
  plane: SimControlPlane;
}

/** `resources` of a container; an empty word leaves that one out. */
export function resources(
  requests: [cpu: string, memory: string],
  limits: [cpu: string, memory: string] = ["", ""],
): Json {
  const of = ([cpu, memory]: [string, string]): Json => ({ ...(cpu && { cpu }), ...(memory && { memory }) });
  return { requests: of(requests), ...(limits.join("") === "" ? {} : { limits: of(limits) }) };
}

/** Mounts from `name:path`, with `:ro` behind for those that are only read. */
export const mounts = (...words: string[]): Json[] =>
  words.map((word) => {
    const [name = "", mountPath = "", only] = word.split(":");
    return { name, mountPath, ...(only === undefined ? {} : { readOnly: true }) };
  });

/** Volumes of the node's own folders, from `name:path`. */
export const nodePaths = (...words: string[]): Json[] =>
  words.map((word) => {
    const [name = "", path = ""] = word.split(":");
    return { name, hostPath: { path, type: "" } };
  });

/** The security context of most add-ons that were tightened: the restricted standard, and a file system that is only read. */
export const RESTRICTED: Json = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};
export const SECCOMP: Json = { seccompProfile: { type: "RuntimeDefault" } };

export const probes = (port: number | string, live: string, ready: string, scheme = "HTTP"): Json => {
  const probe = (path: string) => ({ httpGet: { path, port, scheme }, periodSeconds: 10, failureThreshold: 3 });
  return { livenessProbe: probe(live), readinessProbe: probe(ready) };
};

export const port = (containerPort: number, name: string, protocol = "TCP"): Json => ({
  containerPort,
  name,
  protocol,
});
/** Replicas of one label told to spread over nodes. */
export const spread = (matchLabels: Record<string, string>): Json => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels },
    },
  ],
});
export const ON_NODES: Json = { hostNetwork: true, priorityClassName: "system-node-critical" };
