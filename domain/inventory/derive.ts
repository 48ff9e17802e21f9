import { isBuiltIn } from "./builtin";
import { backends, deniesIngressByDefault, exposedBy, selectedBy } from "./exposure";
import { record, text } from "./json";
import type { Rule } from "./rbac";
import { indexRbac } from "./reach";
import { type KubernetesObject, WORKLOAD_KINDS } from "./schema";
import { serviceSelects } from "./selector";
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
  workloads?: number;
  defaultDenyIngress?: boolean;
  rules?: Rule[];
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
  const ingressBackends = new Map<string, Set<string>>();
  for (const ingress of observed.objects("Ingress")) {
    const namespace = ingress.metadata.namespace ?? "";
    ingressBackends.set(namespace, new Set([...(ingressBackends.get(namespace) ?? []), ...backends(ingress)]));
  }
  const rbac = indexRbac(
    observed.objects("Role"),
    observed.objects("ClusterRole"),
    observed.objects("ClusterRoleBinding"),
  );
  const reachKnown = all("ClusterRole", "ClusterRoleBinding");
  const workloadsKnown = all(...WORKLOAD_KINDS);

  function tokenMounted(namespace: string, spec: Readonly<Record<string, unknown>>, account: string) {
    if (typeof spec.automountServiceAccountToken === "boolean") return spec.automountServiceAccountToken;
    if (!all("ServiceAccount")) return undefined;
    return accounts.get(`${namespace}/${account}`)?.automountServiceAccountToken !== false;
  }

  function workloadFacts(object: KubernetesObject): Facts {
    const namespace = object.metadata.namespace ?? "";
    const { spec, labels } = podTemplate(object);
    const account = text(spec.serviceAccountName) || text(spec.serviceAccount) || "default";
    const selected = all("NetworkPolicy") ? selectedBy(policies.get(namespace) ?? [], labels) : undefined;
    return known({
      selectedByIngressPolicy: selected?.ingress,
      selectedByEgressPolicy: selected?.egress,
      exposedBy: all("Service", "Ingress")
        ? exposedBy(services.get(namespace) ?? [], ingressBackends.get(namespace) ?? new Set(), labels)
        : undefined,
      tokenMounted: tokenMounted(namespace, spec, account),
      reach: reachKnown ? rbac.reach(namespace, account) : undefined,
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
        return known({ builtIn, reach: reachKnown ? rbac.reach(namespace, name) : undefined });
      case "ClusterRoleBinding":
      case "RoleBinding": {
        const clusterRole = record(object.roleRef).kind === "ClusterRole";
        return known({ builtIn, rules: all(clusterRole ? "ClusterRole" : "Role") ? rbac.rules(object) : undefined });
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
