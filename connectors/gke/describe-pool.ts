import type { protos } from "@google-cloud/container";
import type { NodePool } from "@/domain/inventory/schema";
import { present } from "../present";
import { wordOf } from "../word";
import { enumOf, flag, hasWorkloadIdentity, issuesOf, name, not, optional, text } from "./answer";
import type { GkeCluster } from "./client";

type Pool = protos.google.container.v1.INodePool;
type Config = NonNullable<Pool["config"]>;

const EVERY_MACHINES = /^(default|\d+-compute@developer\.gserviceaccount\.com)$/;

const isEveryMachines = (account: string): boolean | undefined =>
  EVERY_MACHINES.test(account) ? true : account.includes("@") ? false : undefined;

/** "If no Service Account is specified, the default service account is used" (the API's reference). */
const defaultIdentity = (config: Config | null | undefined): boolean | undefined =>
  config ? isEveryMachines(text(config.serviceAccount) ?? "default") : undefined;

const EVERY_API = "https://www.googleapis.com/auth/cloud-platform";

/** A pool without scopes would be one whose nodes can't even write logs: an empty list is no answer. */
function everyApi(config: Config | null | undefined): boolean | undefined {
  const scopes = config?.oauthScopes ?? [];
  if (scopes.includes(EVERY_API)) return true;
  return scopes.length > 0 && scopes.every((scope) => scope.startsWith("https://")) ? false : undefined;
}

/** The types of images that GKE has, and had with Docker. */
const IMAGE_TYPES = [
  ...["COS_CONTAINERD", "UBUNTU_CONTAINERD", "WINDOWS_LTSC_CONTAINERD", "WINDOWS_SAC_CONTAINERD"],
  ...["COS", "UBUNTU", "WINDOWS_LTSC", "WINDOWS_SAC"],
] as const;

const SANDBOX: Readonly<Record<string, boolean>> = { GVISOR: true, UNSPECIFIED: false };
const STATES = ["PROVISIONING", "RUNNING", "RUNNING_WITH_ERROR", "RECONCILING", "STOPPING", "ERROR"] as const;

/** What protects it "can only be enabled if Workload Identity is enabled at the cluster level" (the API's reference). */
function metadataProtected(config: Config | null | undefined, cluster: GkeCluster): boolean | undefined {
  const mode = enumOf(["GCE_METADATA", "GKE_METADATA"], "MODE_UNSPECIFIED", config?.workloadMetadataConfig?.mode);
  if (mode === "GKE_METADATA") return true;
  return mode === "GCE_METADATA" || (mode && config && hasWorkloadIdentity(cluster) === false) ? false : undefined;
}

/** One node pool. What is left out of a message that is there is off, as proto3 sends it. */
export function describePool(pool: Pool, cluster: GkeCluster): NodePool {
  const { config } = pool;
  const status = name(pool.status);
  const scaling = pool.autoscaling?.enabled === true ? pool.autoscaling : undefined;
  const zones = pool.locations?.length ?? 0;
  // Limits are per zone unless the totals are set.
  const limit = (total: number | null | undefined, each: number | null | undefined) =>
    total ? total : typeof each === "number" && zones > 0 ? each * zones : undefined;
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
      osImage: wordOf(IMAGE_TYPES, config?.imageType),
      autoUpgrade: flag(pool.management, (management) => management.autoUpgrade),
      autoRepair: flag(pool.management, (management) => management.autoRepair),
      publicNodes: not(privateNodes ?? undefined),
      secureBoot: flag(config?.shieldedInstanceConfig, (shielded) => shielded.enableSecureBoot),
      measuredBoot: flag(config?.shieldedInstanceConfig, (shielded) => shielded.enableIntegrityMonitoring),
      // Google encrypts every disk; a key of the customer's is what an answer can add. Without one nothing is claimed.
      hostEncryption: text(config?.bootDiskKmsKey) === undefined ? undefined : true,
      diskCustomerKey: config ? text(config.bootDiskKmsKey) !== undefined : undefined,
      metadataProtected: metadataProtected(config, cluster),
      status: wordOf(STATES, status),
      issues: status === undefined ? undefined : issuesOf(pool.conditions),
      autoscaling: status === undefined ? undefined : scaling !== undefined,
      zones: zones === 0 ? undefined : zones,
      defaultIdentity: defaultIdentity(config),
      everyApi: everyApi(config),
      kubeletReadOnlyPort: optional(config?.kubeletConfig?.insecureKubeletReadonlyPortEnabled),
      sandbox: config ? SANDBOX[enumOf(["GVISOR"], "UNSPECIFIED", config.sandboxConfig?.type) ?? ""] : undefined,
    }),
  };
}
