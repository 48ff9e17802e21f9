/**
 * The contract inside the simulator: the scenario builds one `Estate`; each wire (azure, aws, gcp, kubernetes) projects it.
 * This process imports nothing of the product.
 */
import type { Server } from "node:net";

export type SimDistribution = "aks" | "eks" | "gke" | "arc";

export interface SimNodePool {
  name: string;
  mode: "system" | "user";
  machineType: string;
  vcpu: number;
  count: number;
  version: string;
  /** `old`: an image that its owners never moved from. */
  os: "standard" | "old";
  autoUpgrade: boolean;
  autoRepair: boolean;
  publicNodes: boolean;
  secureBoot: boolean;
  hostEncryption: boolean;
  metadataProtected: boolean;
}

/** Facts of the control plane in neutral words; each wire renders them in its cloud's own fields. */
export interface SimControlPlane {
  /** How well it is looked after: decides what the words below do not name. */
  care: "good" | "middling" | "bad";
  publicEndpoint: boolean;
  authorizedRanges: string[];
  rbac: boolean;
  localAccounts: boolean;
  cloudDirectory: boolean;
  workloadIdentity: boolean;
  policyEngine: "calico" | "azure" | "cilium" | "none";
  auditLog: boolean;
  secretsCustomerKey: boolean;
  upgradeChannel: "none" | "patch" | "stable" | "rapid";
  threatDetection: boolean;
  policyAddon: boolean;
  binaryAuthorization: boolean;
}

export interface SimCluster {
  /** Stable id of the scenario, e.g. `eks-prod-euc1-1`. Also the cluster's name. */
  id: string;
  distribution: SimDistribution;
  /** Id of the account that lists it: Azure subscription id, AWS account number, GCP project id. */
  accountId: string;
  /** For an EKS cluster that is also Arc-enabled: the subscription that lists it as a connected cluster. */
  alsoArcIn?: string;
  region: string;
  resourceGroup?: string;
  version: string;
  createdAt: string;
  controlPlane: SimControlPlane;
  nodePools: SimNodePool[];
  /** UID of kube-system. */
  uid: string;
  /** Base URL of its API, `https://127.0.0.1:PORT`; set when its listener is up. */
  server: string;
  /** PEM of its own CA; set when its listener is up. */
  caCertificate: string;
}

export interface SimAccount {
  provider: "azure" | "aws" | "gcp";
  /** Subscription id, 12-digit account number, project id. */
  id: string;
  name: string;
  tenantId?: string;
  clientId?: string;
  clientSecret?: string;
  regions: string[];
}

/** One entry of the request log: what was asked, by whom, and how it was answered. */
export interface SimRequest {
  at: string;
  service: "entra" | "arm" | "sts" | "eks" | "ec2" | "gcp-sts" | "gke" | "kubernetes";
  /** `eks:ListClusters`, `Microsoft.ContainerService/managedClusters/read`, `container.clusters.list`, `list pods`. */
  action: string;
  target: string;
  principal: string;
  status: number;
}

export const FAULT_KINDS = [
  "401",
  "403",
  "404",
  "429-seconds",
  "429-date",
  "500",
  "hang",
  "reset",
  "cut",
  "malformed",
  "html",
  "repeat-page",
  "filtered",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault hits requests whose `service`, `action` (exact or `*`) and `target` (substring, optional) match, `times` times (absent: always), after `skip` matches. */
export interface SimFault {
  id: string;
  service: SimRequest["service"] | "*";
  action: string;
  target?: string;
  kind: FaultKind;
  skip?: number;
  times?: number;
}

/** Who a Kubernetes bearer token belongs to, or null. Each cloud wire registers a verifier for its distribution. */
export type TokenVerifier = (token: string, cluster: SimCluster) => Promise<string | null>;

/** Whether this user may do it in a cluster, where a cloud's wire decides on it instead of the scenario alone. */
export type Authorizer = (
  user: string,
  action: { verb: string; group: string; resource: string; name?: string | undefined },
) => boolean;

/** What a wire gets from the core. */
export interface SimCore {
  accounts(): SimAccount[];
  /** Clusters as they stand at the simulated now. */
  clusters(): SimCluster[];
  /** Simulated now. */
  now(): Date;
  log(request: Omit<SimRequest, "at">): void;
  /** The fault to apply to this request, if any; counts it. A wire then calls `applyFault`. */
  fault(service: SimRequest["service"], action: string, target: string): FaultKind | null;
  /** TLS material for 127.0.0.1 and localhost signed by the estate's CA. */
  tls: { key: string; cert: string; ca: string };
  registerTokenVerifier(distribution: SimDistribution, verify: TokenVerifier): void;
  registerAuthorizer(distribution: SimDistribution, allows: Authorizer): void;
  /** A bound service-account token (ES256 JWT) of `seawall-system/seawall-reader` that the cluster's own API accepts (Arc). */
  serviceAccountToken(cluster: SimCluster): string;
  /** A secret or key text that stays the same for one seed: `secret("azure-client")`. 40 hex digits. */
  secret(name: string): string;
  /** Listens on 127.0.0.1; with `--state` the port of `name` is kept over restarts, otherwise (or when taken) it is ephemeral. Returns the port. */
  listen(server: Server, name: string): Promise<number>;
}

/** A started wire: its base addresses, by name, for the printed connection settings. */
export interface SimWire {
  endpoints: Record<string, string>;
  /** What a person would enter to connect this account: contents of Seawall's settings form and its secret fields. */
  connection?(account: SimAccount): SimConnection;
  stop(): Promise<void>;
}
export interface SimConnection {
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}
export type StartWire = (core: SimCore) => Promise<SimWire>;
