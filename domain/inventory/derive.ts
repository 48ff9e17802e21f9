import { isBuiltIn } from "./builtin";
import { backends, exposedBy } from "./exposure";
import { record, text } from "./json";
import { deniesIngressByDefault, selectedBy } from "./policy";
import type { Rule } from "./rbac";
import { indexRbac } from "./reach";
import { type KubernetesObject, WORKLOAD_KINDS } from "./schema";
import { isAbsentOrText, serviceSelects } from "./selector";
import { projectsToken } from "./token";
import { isWorkloadKind, podTemplate } from "./workload";

/** What deriving looks at. `workloads`: the topmost owners, as `podTemplate` reads them, with their workload's namespace. */
export interface Observed {
  workloads: readonly KubernetesObject[];
  /** Pruned objects of a kind that is no workload. */
  objects(kind: string): readonly KubernetesObject[];
  /** Whether every page of a kind was listed. Facts that need a kind which was not stay absent. */
  complete(kind: string): boolean;
  /** Version of the API server, `v1.33.1`; absent when it did not say. */
  version?: string | undefined;
}

/** Same names and shapes as posture's `DerivedFacts`, which this room may not import. */
export interface Facts {
  selectedByIngressPolicy?: boolean;
  selectedByEgressPolicy?: boolean;
  exposedBy?: string[];
  tokenMounted?: boolean;
  reach?: string[];
  namespaceReach?: string[];
  workloads?: number;
  defaultDenyIngress?: boolean;
  rules?: Rule[];
  grants?: string[];
  builtIn?: boolean;
  kubeletSkew?: number;
  selects?: number;
}

function byNamespace(objects: readonly KubernetesObject[]): ReadonlyMap<string, KubernetesObject[]> {
  const groups = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const namespace = object.metadata.namespace ?? "";
    const group = groups.get(namespace);
    if (group) group.push(object);
    else groups.set(namespace, [object]);
  }
  return groups;
}

const minor = (version: string): number | null => {
  const [, major, value] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === "1" && value !== undefined ? Number(value) : null;
};

/** Minor versions that a node's kubelet is behind the API server; undefined when either is unknown. */
function kubeletSkew(node: KubernetesObject, version: string | undefined): number | undefined {
  const kubelet = minor(text(record(record(node.status).nodeInfo).kubeletVersion));
  const server = minor(version ?? "");
  return kubelet === null || server === null ? undefined : server - kubelet;
}

/** Name of the service account that a pod runs as; undefined when it can't be read, or the pod's specification can't. */
function accountOf(spec: Readonly<Record<string, unknown>>): string | undefined {
  const { serviceAccountName, serviceAccount } = spec;
  if (!isAbsentOrText(serviceAccountName) || !isAbsentOrText(serviceAccount)) return undefined;
  return text(serviceAccountName) || text(serviceAccount) || "default";
}

/** Drops what could not be derived, so that a fact is either there or absent. */
const known = (facts: { [K in keyof Facts]: Facts[K] | undefined }): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts;

/** Indexes a cluster once; the result derives the facts of any of its objects. Pure. */
export function deriveFacts(observed: Observed): (object: KubernetesObject) => Facts {
  const all = (...kinds: readonly string[]) => kinds.every((kind) => observed.complete(kind));
  const workloads = byNamespace(observed.workloads);
  const policies = byNamespace(observed.objects("NetworkPolicy"));
  const services = byNamespace(observed.objects("Service"));
  const accounts = new Map(
    observed
      .objects("ServiceAccount")
      .map((object) => [`${object.metadata.namespace ?? ""}/${object.metadata.name}`, object]),
  );
  /** Backends of a namespace's ingresses; null when those of one could not be read. */
  const ingressBackends = new Map<string, Set<string> | null>();
  for (const ingress of observed.objects("Ingress")) {
    const namespace = ingress.metadata.namespace ?? "";
    const [before, found] = [ingressBackends.get(namespace), backends(ingress)];
    ingressBackends.set(namespace, found === null || before === null ? null : new Set([...(before ?? []), ...found]));
  }
  const rbac = indexRbac(
    observed.objects("Role"),
    observed.objects("ClusterRole"),
    observed.objects("ClusterRoleBinding"),
    observed.objects("RoleBinding"),
  );
  const reachKnown = all("ClusterRole", "ClusterRoleBinding");
  const namespaceReachKnown = all("Role", "ClusterRole", "RoleBinding");
  const workloadsKnown = all(...WORKLOAD_KINDS);

  function tokenMounted(namespace: string, spec: Readonly<Record<string, unknown>>, account: string | undefined) {
    const projected = projectsToken(spec.volumes);
    if (projected === true) return true;
    const ofPod = spec.automountServiceAccountToken ?? undefined;
    if (ofPod !== undefined) return ofPod === false ? projected : ofPod === true || undefined;
    if (!all("ServiceAccount") || account === undefined) return undefined;
    const ofAccount = accounts.get(`${namespace}/${account}`)?.automountServiceAccountToken ?? true;
    return ofAccount === false ? projected : ofAccount === true || undefined;
  }

  function workloadFacts(object: KubernetesObject): Facts {
    const namespace = object.metadata.namespace ?? "";
    const { spec, labels } = podTemplate(object);
    const account = accountOf(spec);
    const selected = all("NetworkPolicy") ? selectedBy(policies.get(namespace) ?? [], labels) : undefined;
    const ingresses = ingressBackends.get(namespace);
    return known({
      selectedByIngressPolicy: selected?.ingress,
      selectedByEgressPolicy: selected?.egress,
      exposedBy: all("Service", "Ingress")
        ? exposedBy(services.get(namespace) ?? [], ingresses === undefined ? new Set() : ingresses, labels)
        : undefined,
      tokenMounted: tokenMounted(namespace, spec, account),
      reach: reachKnown && account !== undefined ? rbac.reach(namespace, account) : undefined,
      namespaceReach:
        namespaceReachKnown && account !== undefined ? rbac.namespaceReach(namespace, account) : undefined,
      builtIn: isBuiltIn(object),
    });
  }

  return (object) => {
    const { name, namespace = "" } = object.metadata;
    const builtIn = isBuiltIn(object);
    if (isWorkloadKind(object.kind)) return workloadFacts(object);
    switch (object.kind) {
      case "Namespace":
        return known({
          builtIn,
          workloads: workloadsKnown ? (workloads.get(name)?.length ?? 0) : undefined,
          defaultDenyIngress: all("NetworkPolicy") ? deniesIngressByDefault(policies.get(name) ?? []) : undefined,
        });
      case "ServiceAccount":
        return known({
          builtIn,
          reach: reachKnown ? rbac.reach(namespace, name) : undefined,
          namespaceReach: namespaceReachKnown ? rbac.namespaceReach(namespace, name) : undefined,
        });
      case "ClusterRoleBinding":
      case "RoleBinding": {
        const clusterRole = record(object.roleRef).kind === "ClusterRole";
        const listed = all(clusterRole ? "ClusterRole" : "Role");
        return known({
          builtIn,
          rules: listed ? rbac.rules(object) : undefined,
          grants: listed ? rbac.grants(object) : undefined,
        });
      }
      case "Node":
        return known({ builtIn, kubeletSkew: kubeletSkew(object, observed.version) });
      case "Service": {
        const { selector } = record(object.spec);
        const selecting = workloadsKnown && Object.keys(record(selector)).length > 0;
        const chosen = (workload: KubernetesObject) => serviceSelects(selector, podTemplate(workload).labels);
        return known({
          builtIn,
          selects: selecting ? (workloads.get(namespace) ?? []).filter(chosen).length : undefined,
        });
      }
      default:
        return { builtIn };
    }
  };
}
