import type { CelError } from "@/cel/error";
import type { Facts } from "@/domain/inventory/fact";
import { CLOUD_FACTS } from "./engine-cloud";
import { whereTold } from "./engine-cloud-where";
import { at } from "./engine-place";
import type { AppliesTo, Assessment, Subject } from "./schema";

export type Unknown = Extract<Assessment, { outcome: "not_evaluated" }>;

const LISTED = (kinds: string): string =>
  `In a scan, let the account list ${kinds}; in a check of files, give them too.`;

const ROLES = `${LISTED("roles and clusterroles")} What a ClusterRole grants that has an aggregationRule, as view, edit and admin have, files never hold in full: bind one without, or judge the cluster in a scan.`;

const RELEASE =
  "It depends on the release of Kubernetes, which is not known or newer than this Seawall. In a scan, let the account read /version; in a check of files, give --kubernetes-version.";

/** What is not known without a fact, and what makes it known. */
const FACTS: Readonly<Record<keyof Facts, string>> = {
  selectedByIngressPolicy: `It is not known whether a network policy restricts who reaches these pods. ${LISTED("networkpolicies")}`,
  selectedByEgressPolicy: `It is not known whether a network policy restricts what these pods reach. ${LISTED("networkpolicies")}`,
  budget: `It is not known whether a disruption budget covers these pods. ${LISTED("poddisruptionbudgets")}`,
  minReplicas:
    "It is not known whether an autoscaler runs more of these pods. In a check of files, give horizontalpodautoscalers too.",
  removedVersions: RELEASE,
  nextRemovedVersions: RELEASE,
  deprecatedVersions: RELEASE,
  exposedBy: `It is not known whether these pods can be reached from outside. ${LISTED("services and ingresses")}`,
  tokenMounted: `It is not known whether the pods mount a service account's token. Set automountServiceAccountToken on the pod. ${LISTED("serviceaccounts")}`,
  reach: `It is not known what the pods' service account may do in the whole cluster. ${LISTED("clusterroles and clusterrolebindings")}`,
  namespaceReach: `It is not known what the pods' service account may do in namespaces. ${LISTED("roles and rolebindings")}`,
  workloads: `It is not known how many workloads run in this namespace. ${LISTED("pods, deployments and the other workloads")}`,
  defaultDenyIngress: `It is not known whether incoming traffic is denied by default here. ${LISTED("networkpolicies")}`,
  defaultDenyEgress: `It is not known whether outgoing traffic is denied by default here. ${LISTED("networkpolicies")}`,
  quotas: `It is not known whether a quota bounds this namespace. ${LISTED("resourcequotas")}`,
  limitRanges: `It is not known whether this namespace sets default limits. ${LISTED("limitranges")}`,
  bindings: `It is not known which bindings refer to this. ${LISTED("clusterroles, roles and their bindings")}`,
  powers: `It is not known what this binding gives over the cluster. ${ROLES}`,
  namespacePowers: `It is not known what this binding gives within its namespace. ${ROLES}`,
  roleExists: `It is not known whether the role is there that this binding refers to. ${LISTED("roles and clusterroles")}`,
  missingSubjects: `It is not known whether the service accounts are there that this binding names. ${LISTED("serviceaccounts")}`,
  rules: `The role that this binding refers to is not known. ${ROLES}`,
  grants: `It is not known what the role grants that this binding refers to. ${ROLES}`,
  sureGrants: `It is not known what the role grants that this binding refers to. ${ROLES}`,
  builtIn: "It is not known whether this object is Kubernetes' own. Scan again.",
  kubeletSkew:
    "The version of the kubelet or of the API server is not known. Let the account read /version and list nodes.",
  selects: `It is not known which workloads this selects. ${LISTED("pods, deployments and the other workloads")}`,
  allowsAll: "It can't be read what this network policy allows. Correct its rules.",
  opensMetadata: "It can't be read what this network policy allows. Correct its rules.",
  missingBackends: `It is not known whether the services are there that this ingress sends traffic to. ${LISTED("services")}`,
  missingServices: `It is not known whether the services are there that these webhooks call. ${LISTED("services")}`,
  expiredCas:
    "It is not known whether the certificate authorities of these webhooks are still valid. Judge the cluster in a scan.",
  osSupported: "It is not known how long this operating system gets fixes. Look it up with its maker.",
  kubeletSupported:
    "It is not known how long this version of the kubelet gets fixes. Look it up with the distribution.",
  notReadyDays: "The conditions of this node are not known. Scan again.",
  cordonedDays: "It is not known since when this node takes no pods. Scan again.",
  versionSupported:
    "It is not known how long this version gets fixes. Look it up with the cloud: it may be too new, or stay longer for a fee.",
  nodesOutsidePools:
    "It is not known whether nodes run outside of the pools that the cloud lists. In a scan, let the account list nodes.",
  agentCertificateDays:
    "It is not known when the certificate of the Arc agents ends: the cloud's answer leaves it out.",
  poolVersions: "The node pool of this node, or the version of a kubelet in it, is not known.",
};

/** In place of a fact stands what is no list: files hold two roles of one name. */
const TWICE =
  "A role that this binding leads to was given more than once, and those of its name disagree: what it grants depends on which of them the cluster has. Check the files of each cluster by themselves.";
const DISPUTABLE: ReadonlySet<string | undefined> = new Set<keyof Facts>(["grants", "powers", "namespacePowers"]);

/** The fact at a path, and what is not known without it; where a whole group is absent, the first that it would hold. */
function ofCloud(path: string): readonly [fact: string, unknown: string] {
  // Of an item of a list (`nodePools[1].sandbox`, `addons.*.status`) the fact of the list.
  const own = path
    .replace(/^(object|cluster)\.?/, "")
    .replace(/^nodePool\./, "nodePools.")
    .replaceAll(/\[\d+\]|\.\*/g, "");
  const known = Object.entries(CLOUD_FACTS).find(([fact]) => fact === own || fact.startsWith(`${own}.`));
  return known ?? [own, "the facts of this cluster"];
}

/** Says for people what is not known of a cluster of a distribution, where that is known, and what to do next. */
export function cloudUnknown(path: string, distribution?: unknown): string {
  const [fact, unknown] = ofCloud(path);
  return `The cloud's answer does not say ${unknown}. ${whereTold(fact, distribution)}`;
}

const OWN_NODES =
  "EKS lists managed node groups and Auto Mode's pools only, not nodes that you or Karpenter run: look at their launch templates and node classes.";

/** What is not known of a cluster's nodes; null when its pools are listed and no node is known to stand outside of them. */
export function poolsUnknown({ object, facts }: Pick<Subject, "object" | "facts">): Unknown | null {
  const unknown = (message: string): Unknown => ({ outcome: "not_evaluated", reason: "fact_absent", message });
  const outside = at(facts, "nodesOutsidePools");
  if (at(object, "nodePools") === undefined) {
    const distribution = at(object, "distribution");
    if (distribution !== "eks") return unknown(cloudUnknown("nodePools", distribution));
    return unknown(
      `No node group of this cluster is known. ${OWN_NODES} If it has managed groups, let the account list and describe them; in a check of files, give nodegroups.`,
    );
  }
  if (outside === undefined || outside === 0) return null;
  return unknown(`Nodes of this cluster that are in no listed pool: ${String(outside)}. ${OWN_NODES}`);
}

const FLAGS =
  "The flags of this component are not known: a configuration file or its environment may set them, a shell starts it, or its arguments can't be read.";
/** What is not known of flags that could be read: a value that hangs on a variable, and what stands outside of all flags. */
const HANGING =
  "hangs on a variable of the container whose value is not written there, or is set otherwise by a second container of the pod, so what it means is not known. Look at where the variable comes from, or at the other container.";
const ELSEWHERE =
  "The flags of this component do not tell: what decides stands in a file that one of them names, or where its output is sent. Look there.";
/** What is judged without being an object of the API: what is not known when it could not be read. */
const PARTS: { readonly [word in AppliesTo]?: string } = {
  KubeApiServer: FLAGS,
  KubeControllerManager: FLAGS,
  KubeScheduler: FLAGS,
  Etcd: FLAGS,
  Kubelet:
    "The settings of this kubelet could not be read: its node did not answer. Where they are to be judged, let the account get nodes/proxy.",
};

/** Every derived fact by name. */
export const FACT_NAMES: readonly string[] = Object.keys(FACTS);

const isFact = (name: string | undefined): name is keyof Facts => name !== undefined && Object.hasOwn(FACTS, name);

/** The verdict that an error of the expression amounts to: what is not known and what to do, in words for people. */
export function unknownOf(error: CelError, subject: Subject, reads: readonly (readonly string[])[]): Unknown {
  const root = error.path?.split(".", 1)[0];
  const ofCluster = root === "cluster" || subject.appliesTo === "ManagedCluster";
  const absent = error.code === "absent";
  const part = PARTS[subject.appliesTo];
  const isTold = absent
    ? root === "facts" || ofCluster || part !== undefined
    : isDisputed(error) || (part === FLAGS && error.code === "type");
  const reason = isTold ? "fact_absent" : "error";
  const message = toldOf(error, subject, reads, ofCluster);
  return { outcome: "not_evaluated", reason, message };
}

function isDisputed({ code, path = "" }: CelError): boolean {
  const [root, fact, ...rest] = path.split(".");
  return code === "type" && root === "facts" && rest.length === 0 && DISPUTABLE.has(fact);
}

// No function within the other: tens of thousands of assessments of a check are unknown.
function toldOf(
  error: CelError,
  { appliesTo, object }: Subject,
  reads: readonly (readonly string[])[],
  ofCluster: boolean,
): string {
  const path = error.path ?? "";
  const [root, key, name] = path.split(".");
  const absent = error.code === "absent";
  if (root === "facts" && absent && isFact(key)) return FACTS[key];
  if (isDisputed(error)) return TWICE;
  if (ofCluster && absent)
    return cloudUnknown(path, appliesTo === "ManagedCluster" ? at(object, "distribution") : undefined);
  const part = PARTS[appliesTo];
  if (part === FLAGS && absent && (path === "" || name !== undefined)) return ELSEWHERE;
  if (part !== undefined && absent && (key === "flags" || key === "settings")) return part;
  const shown = root === "object" ? path.slice("object.".length) : path;
  if (absent && path !== "")
    return `${shown} is missing. Write it, or judge the manifest after your tooling filled it in.`;
  if (error.code === "type") {
    const what = shown === "" ? oneOf(reads) : shown.replaceAll(".*", "[]");
    if (part === FLAGS) return `${what} ${HANGING}`;
    return `${what} has a wrong type, so what it means can't be told. Kubernetes refuses such an object: correct it.`;
  }
  return error.message;
}

/** Names what an expression reads of the judged thing, for an error that does not say which of it was wrong. */
function oneOf(reads: readonly (readonly string[])[]): string {
  const paths = reads.filter(([root]) => root !== "params").map((read) => read.join(".").replaceAll(".*", "[]"));
  const leaves = paths.filter((path) => !paths.some((other) => other !== path && other.startsWith(path)));
  if (leaves.length === 0 || leaves.length > 4) return "A value";
  return leaves.length === 1 ? (leaves[0] ?? "") : `One of ${leaves.join(", ")}`;
}
