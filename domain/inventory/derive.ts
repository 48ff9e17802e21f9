import { minorOf, standingOf } from "./api-version/standing";
import { leastReplicas } from "./autoscaler";
import { isBuiltIn, isToComponents } from "./builtin";
import { Labelled } from "./choice";
import { budgetOf } from "./disruption";
import { backends, exposedBy } from "./exposure";
import { type Facts, known } from "./fact";
import { record, text } from "./json";
import { nodeFacts, versionsByPool } from "./node-facts";
import { onceFor } from "./once";
import { allowsAllOf, deniesEgressByDefault, deniesIngressByDefault, opensMetadata, selectedBy } from "./policy";
import { indexRbac, isConfined, isOfSystem, missingAccounts } from "./reach";
import { type Distribution, type KubernetesObject, WORKLOAD_KINDS } from "./schema";
import { isAbsentOrText, isSelector, ofService } from "./selector";
import { projectsToken } from "./token";
import { expiredCas, missingServices } from "./webhook";
import { isOnNodeNetwork, isWorkloadKind, podTemplate } from "./workload";
import { writtenAs } from "./written";

export type { Facts } from "./fact";

/** What deriving looks at. `workloads`: the topmost owners, as `podTemplate` reads them, with their workload's namespace. */
export interface Observed {
  workloads: readonly KubernetesObject[];
  /** Pruned objects of a kind that is no workload. */
  objects(kind: string): readonly KubernetesObject[];
  /** Whether every page of a kind was listed. Facts that need a kind which was not stay absent. */
  complete(kind: string): boolean;
  /** Version of the API server, `v1.33.1`; absent when it did not say. */
  version?: string | undefined;
  /** Who makes the cluster; absent when it is not known. */
  distribution?: Distribution | undefined;
  /** The day that things are judged for; absent for files, which may be judged on any. */
  now?: Date | undefined;
}

type Groups = ReadonlyMap<string, KubernetesObject[]>;
const NONE: readonly KubernetesObject[] = [];

function byNamespace(objects: readonly KubernetesObject[]): Groups {
  const groups = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const namespace = object.metadata.namespace ?? "";
    const group = groups.get(namespace);
    if (group) group.push(object);
    else groups.set(namespace, [object]);
  }
  return groups;
}

/** Quotas that a cloud puts into every namespace, far above what anybody needs. */
const OWN_QUOTAS: ReadonlySet<string> = new Set(["gke-resource-quotas"]);

/** How many objects say each word; null says none. */
function tally(objects: readonly KubernetesObject[], word: (object: KubernetesObject) => string | null) {
  const counts = new Map<string, number>();
  for (const object of objects) {
    const said = word(object);
    if (said !== null) counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  return counts;
}

/** Name of the service account that a pod runs as; undefined when it can't be read, or the pod's specification can't. */
function accountOf(spec: Readonly<Record<string, unknown>>): string | undefined {
  const { serviceAccountName, serviceAccount } = spec;
  if (!isAbsentOrText(serviceAccountName) || !isAbsentOrText(serviceAccount)) return undefined;
  return text(serviceAccountName) || text(serviceAccount) || "default";
}

/** How many pods a workload is to have at least; undefined where its kind does not say, as a DaemonSet. `scaled`: by an autoscaler. */
function replicasOf(object: KubernetesObject, scaled: number | undefined): number | undefined {
  if (object.kind !== "Deployment" && object.kind !== "StatefulSet") return undefined;
  const replicas = record(object.spec).replicas ?? 1;
  if (typeof replicas !== "number") return undefined;
  // Kubernetes scales nothing that was switched off.
  return replicas === 0 ? 0 : (scaled ?? replicas);
}

/** Indexes a cluster once; the result derives the facts of any of its objects. Pure. */
export function deriveFacts(observed: Observed): (object: KubernetesObject) => Facts {
  const { distribution } = observed;
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
    if (found === null || before === null) ingressBackends.set(namespace, null);
    else if (before === undefined) ingressBackends.set(namespace, found);
    else for (const service of found) before.add(service);
  }
  const rbac = indexRbac(
    observed.objects("Role"),
    observed.objects("ClusterRole"),
    observed.objects("ClusterRoleBinding"),
    observed.objects("RoleBinding"),
  );
  const quotas = byNamespace(
    observed.objects("ResourceQuota").filter(({ metadata }) => !OWN_QUOTAS.has(metadata.name)),
  );
  const limits = byNamespace(observed.objects("LimitRange"));
  const budgets = byNamespace(observed.objects("PodDisruptionBudget"));
  const scaledTo = leastReplicas(observed.objects("HorizontalPodAutoscaler"));
  const serviceNames = new Set(
    observed.objects("Service").map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`),
  );
  const users = tally(observed.workloads, (workload) => {
    const account = accountOf(podTemplate(workload).spec);
    return account === undefined ? null : `${workload.metadata.namespace ?? ""}/${account}`;
  });
  const policyBindings = tally(observed.objects("ValidatingAdmissionPolicyBinding"), (binding) =>
    text(record(binding.spec).policyName),
  );
  const pools = versionsByPool(observed.objects("Node"));
  const bindingsKnown = all("ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding");
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
    const minReplicas = scaledTo(object);
    const selected = isOnNodeNetwork(spec)
      ? { ingress: false, egress: false }
      : all("NetworkPolicy")
        ? selectedBy(policies.get(namespace) ?? NONE, labels)
        : undefined;
    const ingresses = ingressBackends.get(namespace);
    return known({
      selectedByIngressPolicy: selected?.ingress,
      selectedByEgressPolicy: selected?.egress,
      exposedBy: all("Service", "Ingress")
        ? exposedBy(services.get(namespace) ?? NONE, ingresses === undefined ? new Set() : ingresses, labels)
        : undefined,
      tokenMounted: tokenMounted(namespace, spec, account),
      reach: reachKnown && account !== undefined ? rbac.reach(namespace, account) : undefined,
      namespaceReach:
        namespaceReachKnown && account !== undefined ? rbac.namespaceReach(namespace, account) : undefined,
      bindings: bindingsKnown && account !== undefined ? rbac.bindingsOf(namespace, account) : undefined,
      budget: all("PodDisruptionBudget")
        ? budgetOf(budgets.get(namespace) ?? NONE, labels, replicasOf(object, minReplicas))
        : undefined,
      minReplicas,
      builtIn: isBuiltIn(object, distribution),
    });
  }

  const namespaceFacts = (name: string): Facts => {
    const own = policies.get(name) ?? NONE;
    const count = (kind: string, groups: Groups): number | undefined =>
      all(kind) ? (groups.get(name)?.length ?? 0) : undefined;
    return known({
      workloads: workloadsKnown ? (workloads.get(name)?.length ?? 0) : undefined,
      defaultDenyIngress: all("NetworkPolicy") ? deniesIngressByDefault(own) : undefined,
      defaultDenyEgress: all("NetworkPolicy") ? deniesEgressByDefault(own) : undefined,
      quotas: count("ResourceQuota", quotas),
      limitRanges: count("LimitRange", limits),
    });
  };

  /** Thousands of bindings may refer to a role with thousands of rules. Of one that grows beyond bounds nobody knows what it holds. */
  const builtInRole = onceFor((role: KubernetesObject): boolean | undefined => {
    const found = isBuiltIn(role, distribution);
    return found && !rbac.isTold(role) ? undefined : found;
  });
  /** A role that bears a known name and holds more makes a stranger of its binding; one that is not there grants nothing. */
  const isOwnRole = (role: KubernetesObject | undefined): boolean | undefined =>
    role === undefined ? true : builtInRole(role);

  function bindingFacts(object: KubernetesObject): Facts {
    const { kind, name } = record(object.roleRef);
    const listed = all(kind === "ClusterRole" ? "ClusterRole" : "Role");
    const role = rbac.roleOf(object);
    const told =
      listed && (all("ClusterRole") || !rbac.bindsUnseen(object)) && (all("Role") || !rbac.namesOwnRoles(object));
    const grants = listed ? rbac.grants(object) : undefined;
    return known({
      builtIn: isBuiltIn(object, distribution) && (isToComponents(object, distribution) || isOwnRole(role)),
      rules: listed ? rbac.rules(object) : undefined,
      grants,
      sureGrants: grants,
      powers: told || isConfined(object) ? rbac.powers(object) : undefined,
      namespacePowers: told || isOfSystem(object) ? rbac.namespacePowers(object) : undefined,
      roleExists: listed && typeof name === "string" ? role !== undefined : undefined,
      missingSubjects: all("ServiceAccount") ? missingAccounts(object, accounts) : undefined,
    });
  }

  const labelledIn = new Map<string, Labelled>();
  /** Labels of the pods of each workload of a namespace, for its services and policies. */
  function labelled(namespace: string): Labelled {
    const of = (groups: Groups): readonly KubernetesObject[] => groups.get(namespace) ?? NONE;
    const made = (): Labelled => {
      const labels = of(workloads).map((workload) => podTemplate(workload).labels);
      return new Labelled(labels, of(services).length + of(policies).length);
    };
    const found = labelledIn.get(namespace) ?? made();
    labelledIn.set(namespace, found);
    return found;
  }
  /** Workloads that a selector chooses; when there is none, those that it may choose by labels which running pods are given. */
  function selectedWorkloads(namespace: string, selector: unknown): number | undefined {
    if (!workloadsKnown || selector === undefined) return undefined;
    const found = labelled(namespace);
    const selected = found.count(selector);
    return selected === 0 ? found.mayCount(record(selector).matchLabels) : selected;
  }
  const hasService = (service: string): boolean => serviceNames.has(service);

  const factsOf = (object: KubernetesObject): Facts => {
    const { name, namespace = "" } = object.metadata;
    const builtIn = isBuiltIn(object, distribution);
    if (isWorkloadKind(object.kind)) return workloadFacts(object);
    switch (object.kind) {
      case "Namespace":
        return { builtIn, ...namespaceFacts(name) };
      case "ServiceAccount":
        return known({
          builtIn,
          reach: reachKnown ? rbac.reach(namespace, name) : undefined,
          namespaceReach: namespaceReachKnown ? rbac.namespaceReach(namespace, name) : undefined,
          bindings: bindingsKnown ? rbac.bindingsOf(namespace, name) : undefined,
          workloads: workloadsKnown ? (users.get(`${namespace}/${name}`) ?? 0) : undefined,
        });
      case "ClusterRole":
      case "Role":
        return known({
          builtIn: builtInRole(object),
          grants: object.kind === "Role" || all("ClusterRole") ? rbac.grantsOfRole(object) : undefined,
          bindings: bindingsKnown ? rbac.usesOf(object) : undefined,
        });
      case "ClusterRoleBinding":
      case "RoleBinding":
        return bindingFacts(object);
      case "Node":
        return { builtIn, ...nodeFacts(object, { ...observed, pools }) };
      case "Service": {
        const { selector } = record(object.spec);
        return known({ builtIn, selects: selectedWorkloads(namespace, ofService(selector)) });
      }
      case "NetworkPolicy": {
        const { podSelector } = record(object.spec);
        return known({
          builtIn,
          selects: isSelector(podSelector) ? selectedWorkloads(namespace, podSelector ?? {}) : undefined,
          allowsAll: allowsAllOf(object),
          opensMetadata: opensMetadata(object, distribution),
        });
      }
      case "Ingress": {
        const missing = [...(backends(object) ?? [])].filter((service) => !hasService(`${namespace}/${service}`));
        return known({ builtIn, missingBackends: all("Service") && backends(object) ? missing.sort() : undefined });
      }
      case "ValidatingWebhookConfiguration":
      case "MutatingWebhookConfiguration":
        return known({
          builtIn,
          missingServices: all("Service") ? missingServices(object, hasService) : undefined,
          expiredCas: observed.now === undefined ? undefined : expiredCas(object, observed.now),
        });
      case "ValidatingAdmissionPolicy":
        return known({
          builtIn,
          bindings: all("ValidatingAdmissionPolicyBinding") ? (policyBindings.get(name) ?? 0) : undefined,
        });
      default:
        return { builtIn };
    }
  };
  const minor = minorOf(observed.version);
  return (object) => ({ ...factsOf(object), ...standingOf(object.kind, writtenAs(object), minor) });
}
