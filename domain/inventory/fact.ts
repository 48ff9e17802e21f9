import type { Budget } from "./disruption";
import type { Rule } from "./rbac";

/**
 * Derived facts by subject, the vocabulary that `derive.ts` fills and controls read as `facts.…`.
 * Every fact is absent when an input kind could not be listed completely.
 */
export interface Facts {
  /** Workload: NetworkPolicies of its namespace hold its pods' ingress / egress back; one that allows all does not, and none holds pods on their node's network. */
  selectedByIngressPolicy?: boolean;
  selectedByEgressPolicy?: boolean;
  /** Workload: whether a PodDisruptionBudget covers its pods (`none`), and leaves room to move one (`allows`, `blocks`). */
  budget?: Budget;
  /**
   * Workload: the fewest pods that a HorizontalPodAutoscaler in the same files leaves it. Absent without one, and in every scan: no scan
   * lists them, since `spec.replicas` of a cluster is what they have set.
   */
  minReplicas?: number;
  /** All: of the API versions through which clients wrote it, those that the cluster's release does not serve (any more), */
  removedVersions?: string[];
  /** those that the release after it will not serve, */
  nextRemovedVersions?: string[];
  /** and those that are deprecated and stay for longer. Each with the release and what to use. */
  deprecatedVersions?: string[];
  /** Workload: how it is reached from outside: `LoadBalancer`, `NodePort`, `Ingress`; empty when it is not. */
  exposedBy?: string[];
  /** Workload: effective `automountServiceAccountToken` of pod and service account; and what that account may do. */
  tokenMounted?: boolean;
  /** Workload, ServiceAccount: reach of its service account over the whole cluster: any of `REACHES` in `power.ts`. */
  reach?: string[];
  /** The same within namespaces, through RoleBindings: `secrets-read@kube-system`; of one power the first hundred namespaces, and kube-system. */
  namespaceReach?: string[];
  /** Namespace: it has workloads; a NetworkPolicy isolates every pod, and none lets the whole cluster in again. */
  workloads?: number;
  defaultDenyIngress?: boolean;
  /** Namespace: the same for what its pods send; and how many ResourceQuotas and LimitRanges bound it. */
  defaultDenyEgress?: boolean;
  quotas?: number;
  limitRanges?: number;
  /** ServiceAccount, Workload: bindings that name its service account, or all those of its namespace. Role: its bindings, and roles that aggregate it. */
  bindings?: number;
  /** (Cluster)RoleBinding: rules of the role it refers to, aggregated; absent when the role is unknown. */
  rules?: Rule[];
  /** (Cluster)RoleBinding: what that role may do: `REACHES`, and `writes` when it changes anything. */
  grants?: string[];
  /** (Cluster)RoleBinding: what is known of that, where a check of files can't know all: the role may grow elsewhere, or stand there. */
  sureGrants?: string[];
  /** (Cluster)RoleBinding: what it gives over the whole cluster, or within kube-system; `wildcard` alone stands for all. */
  powers?: string[];
  /** RoleBinding outside kube-system: what it gives within its namespace; `wildcard` alone stands for all. Other bindings: nothing. */
  namespacePowers?: string[];
  /** (Cluster)RoleBinding: whether the role it refers to is there; service accounts it names that are not. */
  roleExists?: boolean;
  missingSubjects?: string[];
  /** Kubernetes' or the cloud's own: a known name that holds no more than is known of it. Labels prove nothing. */
  builtIn?: boolean;
  /** Node: minor versions behind the API server. */
  kubeletSkew?: number;
  /** Service, NetworkPolicy: number of workloads that it selects; absent when its namespace holds too many to ask. */
  selects?: number;
  /** NetworkPolicy: directions (`ingress`, `egress`) in which one of its rules allows everything. */
  allowsAll?: string[];
  /** NetworkPolicy: one of its egress rules reaches the cloud's metadata address. */
  opensMetadata?: boolean;
  /** Ingress: services that it sends traffic to and that are not there. */
  missingBackends?: string[];
  /** Webhook configuration: services that it calls and that are not there; webhooks whose CA has expired. */
  missingServices?: string[];
  expiredCas?: string[];
  /** Node: whether its operating system and kubelet still get fixes from their makers on the day of the scan. */
  osSupported?: boolean;
  kubeletSupported?: boolean;
  /** Node: whole days since it stopped being ready, and since it was closed to new pods; 0 when it is neither. */
  notReadyDays?: number;
  cordonedDays?: number;
  /** Node: other versions of the kubelet in its node pool. */
  poolVersions?: number;
  /** ManagedCluster: its version still gets fixes on the day of the scan. */
  versionSupported?: boolean;
  /** ManagedCluster on EKS: nodes that belong to none of the pools that it lists. */
  nodesOutsidePools?: number;
  /** ManagedCluster behind Arc: whole days until the certificate of its agents ends; negative when it did. */
  agentCertificateDays?: number;
}

/**
 * Stands in the place of a fact about what roles grant where files give a role more than once, and the roles disagree: no list, so that no
 * control can judge by it.
 */
export const DISPUTED = Object.freeze({});

/** Drops what could not be derived, so that a fact is either there or absent. */
export function known(facts: { [K in keyof Facts]: Facts[K] | undefined }): Facts {
  const found: { [name: string]: unknown } = {};
  for (const [name, value] of Object.entries(facts)) if (value !== undefined) found[name] = value;
  return found;
}
