import { deriveFacts } from "@/domain/inventory/derive";
import type { Facts } from "@/domain/inventory/fact";
import { record } from "@/domain/inventory/json";
import { mightyRoles } from "@/domain/inventory/mighty";
import { onceFor } from "@/domain/inventory/once";
import { openedByDefault, openedTo } from "@/domain/inventory/policy";
import { REACHES, TAKEOVERS } from "@/domain/inventory/power";
import { isAggregated, isReadableRole, rulesIn } from "@/domain/inventory/rbac";
import { isConfined, isOfSystem, whereOf } from "@/domain/inventory/reach";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { isOnNodeNetwork, isWorkloadKind, podTemplate } from "@/domain/inventory/workload";
import { clusterRolesOf } from "./cluster-roles";
import { disputedRoles } from "./disputed-roles";
import { betweenReadings, type FileFacts } from "./file-facts";

const IN_KUBE_SYSTEM = "@kube-system";
const SELECTED = [
  ["selectedByIngressPolicy", "ingress"],
  ["selectedByEgressPolicy", "egress"],
] as const;
const DENIED = [
  ["defaultDenyIngress", "ingress"],
  ["defaultDenyEgress", "egress"],
] as const;
const isTakeover = (power: string): boolean => TAKEOVERS.has(power);

/** Everything that a role may grant, as `grantsOf` names it. */
const EVERYTHING = [...REACHES, "writes"];

/** One list: what is worked out of a list is kept with it. */
const NONE: readonly KubernetesObject[] = [];

/**
 * Facts that hold whatever else the cluster may contain. Files are never known to be everything: a policy that selects is
 * certain, a policy that is missing may stand in another repository, and its fact stays absent. `version`: that of the clusters
 * which the files are for, where it is known. What roles decide that were given twice and disagree lies between what all of them
 * give and what any does.
 */
export function certainFacts(
  objects: readonly KubernetesObject[],
  version?: string,
): (object: KubernetesObject) => FileFacts {
  const plain = readingOf(objects, version);
  const disputed = disputedRoles(objects);
  if (disputed.size === 0) return plain;
  const [low, high] = (["least", "most"] as const).map((bound) => {
    const standIn = (object: KubernetesObject): KubernetesObject => disputed.get(object)?.[bound] ?? object;
    const read = readingOf(objects.map(standIn), version);
    return (object: KubernetesObject) => read(standIn(object));
  });
  return (object) => {
    // Each of them is judged by what stands in it.
    if (low === undefined || high === undefined || (disputed.has(object) && !isAggregated(object)))
      return plain(object);
    return betweenReadings(low(object), high(object));
  };
}

/** Facts of objects of which no two decide the same. */
function readingOf(
  objects: readonly KubernetesObject[],
  version: string | undefined,
): (object: KubernetesObject) => FileFacts<Facts> {
  const byKind = grouped(objects, ({ kind }) => kind);
  const accounts = new Set(
    (byKind.get("ServiceAccount") ?? []).map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`),
  );
  const clusterRoles = clusterRolesOf(byKind.get("ClusterRole") ?? []);
  byKind.set("ClusterRole", [...clusterRoles.all]);
  const derive = deriveFacts({
    workloads: objects.filter(({ kind }) => isWorkloadKind(kind)),
    objects: (kind) => byKind.get(kind) ?? [],
    complete: () => true,
    version,
  });
  const aggregating = new Set(clusterRoles.all.filter(isAggregated).map(({ metadata }) => metadata.name));
  /** The role was given, and grows by no other's label; or it holds everything already. */
  const grantsAreCertain = ({ roleRef }: KubernetesObject, grants: readonly string[]): boolean =>
    grants.includes("wildcard") ||
    record(roleRef).kind !== "ClusterRole" ||
    !aggregating.has(String(record(roleRef).name));
  const roles = byKind.get("Role") ?? [];
  const rulesOf = onceFor((role: KubernetesObject) => (isReadableRole(role) ? rulesIn(role) : undefined));
  const mighty = mightyRoles(
    new Map(clusterRoles.all.map((role) => [role.metadata.name, role])),
    new Map(roles.map((role) => [`${role.metadata.namespace ?? ""}/${role.metadata.name}`, role])),
    rulesOf,
    ({ kind, metadata }) => kind === "ClusterRole" && aggregating.has(metadata.name),
  );
  /** Its role lets others be bound by their names, which may stand in other files and hold everything; what it gives does not yet. */
  const mayEscalate = (binding: KubernetesObject, { rules, powers = [], namespacePowers = [] }: Facts): boolean =>
    ![...powers, ...namespacePowers].some((power) => power === "wildcard" || power === "escalate") &&
    rules !== undefined &&
    mighty.bindsUnseen(rules, whereOf(binding), binding.metadata.namespace ?? "");
  const policies = grouped(byKind.get("NetworkPolicy") ?? [], ({ metadata }) => metadata.namespace ?? "");
  /** Whether no policy holds these pods, whatever stands elsewhere. */
  const isOpen = (workload: KubernetesObject, direction: "ingress" | "egress"): boolean => {
    const { spec, labels } = podTemplate(workload);
    return (
      isOnNodeNetwork(spec) || openedTo(policies.get(workload.metadata.namespace ?? "") ?? NONE, direction, labels)
    );
  };
  return (object) => {
    const facts = derive(clusterRoles.asServed(object));
    const certain: Facts = {};
    if (facts.builtIn !== undefined) certain.builtIn = facts.builtIn;
    for (const [held, direction] of SELECTED)
      if (facts[held] === true || (facts[held] === false && isOpen(object, direction))) certain[held] = facts[held];
    for (const [denied, direction] of DENIED) {
      const opened = (): boolean => openedByDefault(policies.get(object.metadata.name) ?? NONE, direction);
      if (facts[denied] === true || (facts[denied] === false && opened())) certain[denied] = facts[denied];
    }
    // Lists from files are lower bounds: they are told only when they hold the worst already, so that more can't change the verdict.
    if (facts.exposedBy?.some((way) => way !== "Ingress")) certain.exposedBy = facts.exposedBy;
    // Never both lists: what a control does not find in the one may stand elsewhere in the other.
    const inSystem = facts.namespaceReach?.filter((power) => power.endsWith(IN_KUBE_SYSTEM)) ?? [];
    if (facts.reach?.some(isTakeover)) certain.reach = facts.reach;
    else if (inSystem.some((power) => isTakeover(power.slice(0, -IN_KUBE_SYSTEM.length))))
      certain.namespaceReach = facts.namespaceReach ?? [];
    if (facts.rules !== undefined && facts.grants !== undefined && grantsAreCertain(object, facts.grants))
      certain.grants = facts.grants;
    if (facts.sureGrants !== undefined) certain.sureGrants = facts.sureGrants;
    for (const given of ["powers", "namespacePowers"] as const) {
      const found = facts[given];
      if (found !== undefined && certain.grants !== undefined && !mayEscalate(object, facts)) certain[given] = found;
    }
    // What a role in other files holds makes no difference to the cluster.
    if (isConfined(object)) certain.powers = [];
    if (isOfSystem(object)) certain.namespacePowers = [];
    if (object.kind === "Role" && facts.grants !== undefined) certain.grants = facts.grants;
    if (object.kind === "ClusterRole" && facts.grants !== undefined && !aggregating.has(object.metadata.name))
      certain.grants = facts.grants;
    if (facts.roleExists === true) certain.roleExists = true;
    if (facts.missingSubjects?.length === 0) certain.missingSubjects = [];
    if (facts.missingBackends?.length === 0) certain.missingBackends = [];
    if (facts.missingServices?.length === 0) certain.missingServices = [];
    if (facts.allowsAll !== undefined) certain.allowsAll = facts.allowsAll;
    if (facts.opensMetadata !== undefined) certain.opensMetadata = facts.opensMetadata;
    // Counts from files are lower bounds: none may mean that they stand elsewhere.
    for (const count of ["selects", "quotas", "limitRanges", "bindings"] as const) {
      const found = facts[count];
      if (found !== undefined && found > 0) certain[count] = found;
    }
    if (facts.workloads !== undefined && facts.workloads > 0) certain.workloads = facts.workloads;
    for (const versions of ["removedVersions", "nextRemovedVersions", "deprecatedVersions"] as const) {
      const found = facts[versions];
      if (found !== undefined) certain[versions] = found;
    }
    if (facts.minReplicas !== undefined) certain.minReplicas = facts.minReplicas;
    if (facts.budget !== undefined && facts.budget !== "none") certain.budget = facts.budget;
    if (facts.tokenMounted !== undefined && tokenIsCertain(object, accounts)) certain.tokenMounted = facts.tokenMounted;
    return { certain, between: mayEscalate(object, facts) ? escalatingBy(facts) : grownBy(facts, certain, object) };
  };
}

/** What a binding gives, and that with every role which its own lets be bound by name. */
function escalatingBy({ powers = [], namespacePowers = [] }: Facts): FileFacts["between"] {
  const most = { powers: [...powers, "escalate"], namespacePowers: [...namespacePowers, "escalate"] };
  return { least: { powers, namespacePowers }, most };
}

/** What a role grants that grows by the labels of others, or a binding to it; undefined where that is certain, or nothing is known of it. */
function grownBy(facts: Facts, certain: Facts, object: KubernetesObject): FileFacts["between"] {
  const { rules, grants, powers, namespacePowers } = facts;
  if (grants === undefined || certain.grants !== undefined) return undefined;
  if (object.kind === "ClusterRole") return { least: { grants }, most: { grants: EVERYTHING } };
  // Of a binding without the rules of its role nothing is known.
  if (rules === undefined || powers === undefined || namespacePowers === undefined) return undefined;
  const isNarrow = object.kind === "RoleBinding" && !isOfSystem(object);
  const most = { powers: isConfined(object) ? [] : EVERYTHING, namespacePowers: isNarrow ? EVERYTHING : [] };
  return { least: { grants, powers, namespacePowers }, most: { grants: EVERYTHING, ...most } };
}

function grouped(
  objects: readonly KubernetesObject[],
  word: (object: KubernetesObject) => string,
): Map<string, KubernetesObject[]> {
  const groups = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const group = groups.get(word(object));
    if (group === undefined) groups.set(word(object), [object]);
    else group.push(object);
  }
  return groups;
}

/** The pod says it itself, or its service account was given. */
function tokenIsCertain(object: KubernetesObject, accounts: ReadonlySet<string>): boolean {
  if (!isWorkloadKind(object.kind)) return false;
  const { spec } = podTemplate(object);
  if (typeof spec.automountServiceAccountToken === "boolean") return true;
  const account = spec.serviceAccountName ?? spec.serviceAccount ?? "default";
  return typeof account === "string" && accounts.has(`${object.metadata.namespace ?? ""}/${account || "default"}`);
}
