import type { protos } from "@google-cloud/container";
import type { ManagedCluster, NodePool } from "@/domain/inventory/schema";
import { present } from "../present";
import type { GkeCluster } from "./client";
import { access } from "./describe-endpoint";

type Pool = protos.google.container.v1.INodePool;

/** A text that the answer holds. Proto3 sends no empty text: empty is absent. */
const text = (value: string | null | undefined): string | undefined =>
  value === "" || value === null ? undefined : value;
/** The name of an enum value, as the client decodes it. */
const name = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
/** A field of a message that the answer holds. Proto3 does not send `false`, so within a message that is there it is certain. */
const flag = <M>(
  message: M | null | undefined,
  field: (message: M) => boolean | null | undefined,
): boolean | undefined => (message === null || message === undefined ? undefined : field(message) === true);
const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

function localAccounts(cluster: GkeCluster): boolean | undefined {
  const auth = cluster.masterAuth;
  if (auth === null || auth === undefined) return undefined;
  const held = [auth.username, auth.clientCertificate].some((value) => text(value) !== undefined);
  return held || auth.clientCertificateConfig?.issueClientCertificate === true;
}

function policyEngine(cluster: GkeCluster): string | undefined {
  if (name(cluster.networkConfig?.datapathProvider) === "ADVANCED_DATAPATH") return "cilium";
  if (cluster.networkPolicy?.enabled === true) return name(cluster.networkPolicy.provider)?.toLowerCase();
  // Without `networkConfig` the data path is unknown, and Dataplane V2 enforces policies with `networkPolicy` off.
  const known = cluster.networkConfig !== null && cluster.networkConfig !== undefined;
  const off = flag(cluster.networkPolicy, (policy) => policy.enabled) === false;
  return known && (off || cluster.addonsConfig?.networkPolicyConfig?.disabled === true) ? "none" : undefined;
}

function plugin(cluster: GkeCluster): string | undefined {
  if (name(cluster.networkConfig?.datapathProvider) === "ADVANCED_DATAPATH") return "dataplane-v2";
  if (cluster.ipAllocationPolicy?.useIpAliases === true) return "vpc-native";
  return cluster.ipAllocationPolicy?.useRoutes === true ? "routes" : undefined;
}

function secretsCustomerKey(cluster: GkeCluster): boolean | undefined {
  switch (name(cluster.databaseEncryption?.state)) {
    case "ENCRYPTED":
    case "ALL_OBJECTS_ENCRYPTION_ENABLED":
      return true;
    case "DECRYPTED":
      return false;
    default:
      return undefined;
  }
}

/** `false` is the cluster's own setting; what the organisation's Security Command Center does is not in this answer. */
function threatDetection(cluster: GkeCluster): boolean | undefined {
  const mode = name(cluster.securityPostureConfig?.mode);
  return mode === undefined || mode === "MODE_UNSPECIFIED" ? undefined : mode === "ENTERPRISE";
}

function binaryAuthorization(cluster: GkeCluster): boolean | undefined {
  const mode = name(cluster.binaryAuthorization?.evaluationMode);
  if (mode === "DISABLED") return false;
  if (mode !== undefined && mode !== "EVALUATION_MODE_UNSPECIFIED") return true;
  return flag(cluster.binaryAuthorization, (setting) => setting.enabled);
}

function upgrade(cluster: GkeCluster): ManagedCluster["upgrade"] {
  const channel = name(cluster.releaseChannel?.channel);
  if (channel === undefined) return {};
  // In a channel control plane and nodes upgrade by themselves; outside it (UNSPECIFIED) only nodes of pools that say so.
  if (channel !== "UNSPECIFIED") return { channel: channel.toLowerCase(), automatic: true };
  const pools = cluster.nodePools ?? [];
  const managed = pools.map((pool) => flag(pool.management, (management) => management.autoUpgrade));
  const automatic = managed.includes(false)
    ? false
    : managed.length === 0 || managed.includes(undefined)
      ? undefined
      : true;
  return { channel: "none", ...present({ automatic }) };
}

function addons(cluster: GkeCluster): ManagedCluster["addons"] {
  const config = cluster.addonsConfig;
  if (config === null || config === undefined) return undefined;
  return Object.entries(config).flatMap(([key, setting]: [string, unknown]) => {
    if (typeof setting !== "object" || setting === null) return [];
    const disabled =
      "disabled" in setting ? setting.disabled === true : !("enabled" in setting && setting.enabled === true);
    return [{ name: key.replace(/Config$/, ""), status: disabled ? "disabled" : "enabled" }];
  });
}

function nodePool(pool: Pool, cluster: GkeCluster): NodePool {
  const config = pool.config;
  const scaling = pool.autoscaling?.enabled === true ? pool.autoscaling : undefined;
  const zones = pool.locations?.length ?? 0;
  // Limits are per zone unless the totals are set.
  const limit = (total: number | null | undefined, each: number | null | undefined) =>
    total ? total : typeof each === "number" && zones > 0 ? each * zones : undefined;
  const metadata = name(config?.workloadMetadataConfig?.mode);
  const privateNodes =
    pool.networkConfig?.enablePrivateNodes ??
    cluster.networkConfig?.defaultEnablePrivateNodes ??
    flag(cluster.privateClusterConfig, (setting) => setting.enablePrivateNodes);
  // The answer holds the current number of the cluster only; of a pool just the initial one.
  const count = cluster.nodePools?.length === 1 && cluster.currentNodeCount ? cluster.currentNodeCount : undefined;
  return {
    name: pool.name ?? "",
    ...present({
      machineType: text(config?.machineType),
      count,
      minCount: limit(scaling?.totalMinNodeCount, scaling?.minNodeCount),
      maxCount: limit(scaling?.totalMaxNodeCount, scaling?.maxNodeCount),
      version: text(pool.version),
      osImage: text(config?.imageType),
      autoUpgrade: flag(pool.management, (management) => management.autoUpgrade),
      autoRepair: flag(pool.management, (management) => management.autoRepair),
      publicNodes: not(privateNodes ?? undefined),
      secureBoot: flag(config?.shieldedInstanceConfig, (shielded) => shielded.enableSecureBoot),
      // Google encrypts every disk; a key of the customer's is what an answer can add. Without one nothing is claimed.
      hostEncryption: text(config?.bootDiskKmsKey) === undefined ? undefined : true,
      metadataProtected: metadata === "GKE_METADATA" ? true : metadata === "GCE_METADATA" ? false : undefined,
    }),
  };
}

/** Turns GKE's answer into `ManagedCluster`. Pure; what the answer does not hold stays absent. */
export function describeCluster(cluster: GkeCluster): ManagedCluster {
  const abac = flag(cluster.legacyAbac, (setting) => setting.enabled);
  const components = cluster.loggingConfig?.componentConfig?.enableComponents;
  const workloadPool = cluster.workloadIdentityConfig;
  return {
    distribution: "gke",
    name: cluster.name ?? "",
    ...present({
      region: text(cluster.location),
      version: text(cluster.currentMasterVersion),
      status: name(cluster.status),
      createdAt: text(cluster.createTime),
      addons: addons(cluster),
      nodePools: cluster.nodePools?.map((pool) => nodePool(pool, cluster)),
    }),
    api: present(access(cluster)),
    identity: present({
      // RBAC is always on, but with legacy ABAC beside it, what RBAC refuses is granted anyway.
      rbac: not(abac),
      legacyAuthorization: abac,
      localAccounts: localAccounts(cluster),
      // Every GKE API server signs people in with Google identities; it cannot be switched off.
      cloudDirectory: true,
      // The cluster's message is left out when no pool is set, so its absence is an answer only where masterAuth came too.
      workloadIdentity: workloadPool
        ? text(workloadPool.workloadPool) !== undefined
        : cluster.masterAuth
          ? false
          : undefined,
    }),
    network: present({ plugin: plugin(cluster), policyEngine: policyEngine(cluster) }),
    logging: present({
      // `audit` stays absent: writes are always in the project's Admin Activity log, but reads only where the project's IAM policy
      // turns on Data Access logs, which is not in this answer.
      api: components?.some((component) => name(component) === "APISERVER"),
    }),
    encryption: present({ secretsCustomerKey: secretsCustomerKey(cluster) }),
    upgrade: upgrade(cluster),
    security: present({
      threatDetection: threatDetection(cluster),
      binaryAuthorization: binaryAuthorization(cluster),
      dashboardAddon: not(flag(cluster.addonsConfig?.kubernetesDashboard, (dashboard) => dashboard.disabled)),
    }),
  };
}
