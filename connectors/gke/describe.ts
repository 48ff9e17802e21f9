import type { ManagedCluster } from "@/domain/inventory/schema";
import { present } from "../present";
import { wordOf } from "../word";
import { enumOf, flag, hasWorkloadIdentity, issuesOf, isWhole, name, not, text } from "./answer";
import type { GkeCluster } from "./client";
import { access } from "./describe-endpoint";
import { logging } from "./describe-logging";
import { describePool } from "./describe-pool";

function localAccounts(cluster: GkeCluster): boolean | undefined {
  const auth = cluster.masterAuth;
  if (auth === null || auth === undefined) return undefined;
  const held = [auth.username, auth.clientCertificate].some((value) => text(value) !== undefined);
  if (held || auth.clientCertificateConfig?.issueClientCertificate === true) return true;
  return isWhole(cluster) ? false : undefined;
}

const datapath = ({ networkConfig }: GkeCluster) =>
  enumOf(["LEGACY_DATAPATH", "ADVANCED_DATAPATH"], "DATAPATH_PROVIDER_UNSPECIFIED", networkConfig?.datapathProvider);

function policyEngine(cluster: GkeCluster): string | undefined {
  const path = datapath(cluster);
  if (path === "ADVANCED_DATAPATH") return "cilium";
  if (cluster.networkPolicy?.enabled === true)
    return name(cluster.networkPolicy.provider) === "CALICO" ? "calico" : undefined;
  // Without `networkConfig` the data path is unknown, and Dataplane V2 enforces policies with `networkPolicy` off.
  const known = cluster.networkConfig !== null && cluster.networkConfig !== undefined && path !== undefined;
  const off = flag(cluster.networkPolicy, (policy) => policy.enabled) === false;
  return known && (off || cluster.addonsConfig?.networkPolicyConfig?.disabled === true) ? "none" : undefined;
}

function plugin(cluster: GkeCluster): string | undefined {
  const path = datapath(cluster);
  if (path === undefined) return undefined;
  if (path === "ADVANCED_DATAPATH") return "dataplane-v2";
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

/** Never `false`: what the organisation's Security Command Center watches is not in this answer. */
const threatDetection = (cluster: GkeCluster): true | undefined =>
  name(cluster.securityPostureConfig?.mode) === "ENTERPRISE" || undefined;

const postureScanning = (cluster: GkeCluster): boolean | undefined =>
  POSTURE[name(cluster.securityPostureConfig?.mode) ?? ""];
const POSTURE: Readonly<Record<string, boolean>> = { DISABLED: false, BASIC: true, ENTERPRISE: true };

/**
 * Whether images are refused. Bound policies alone are Continuous Validation, which looks at what runs already and logs it:
 * https://cloud.google.com/binary-authorization/docs/overview-cv. "If unspecified, defaults to DISABLED", or to the older setting.
 */
function binaryAuthorization(cluster: GkeCluster): boolean | undefined {
  const setting = cluster.binaryAuthorization;
  const said: unknown = setting?.evaluationMode;
  const mode = enumOf(
    Object.keys(REFUSES),
    "EVALUATION_MODE_UNSPECIFIED",
    typeof said === "number" ? (LATER_MODES[said] ?? said) : said,
  );
  if (mode === undefined) return undefined;
  return mode === "EVALUATION_MODE_UNSPECIFIED" ? flag(setting, ({ enabled }) => enabled) : REFUSES[mode];
}
/** What v1 answers with and v1beta1 alone declares: the client, made from v1, passes on the number. */
const LATER_MODES: Readonly<Record<number, string>> = {
  5: "POLICY_BINDINGS",
  6: "POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE",
};
const REFUSES: Readonly<Record<string, boolean>> = {
  DISABLED: false,
  POLICY_BINDINGS: false,
  PROJECT_SINGLETON_POLICY_ENFORCE: true,
  POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE: true,
};

const KEY_STATE =
  /^CURRENT_STATE_(ENCRYPTED|DECRYPTED|(ALL_OBJECTS_)?ENCRYPTION_(PENDING|ERROR|ENABLED)|DECRYPTION_(PENDING|ERROR))$/;
function keyWorks(cluster: GkeCluster): boolean | undefined {
  const state = name(cluster.databaseEncryption?.currentState);
  return state !== undefined && KEY_STATE.test(state) ? !state.endsWith("_ERROR") : undefined;
}

/** One that is let is enough; that none is takes both settings. */
function bindingsForEveryone(cluster: GkeCluster): boolean | undefined {
  const settings = cluster.rbacBindingConfig;
  const accepted = [
    settings?.enableInsecureBindingSystemUnauthenticated,
    settings?.enableInsecureBindingSystemAuthenticated,
  ];
  return accepted.includes(true) ? true : accepted.every((one) => one === false) ? false : undefined;
}

function maintenanceWindow(cluster: GkeCluster): boolean | undefined {
  const policy = cluster.maintenancePolicy;
  if (policy === null || policy === undefined) return undefined;
  const { dailyMaintenanceWindow, recurringWindow, recurringMaintenanceWindow } = policy.window ?? {};
  return [dailyMaintenanceWindow, recurringWindow, recurringMaintenanceWindow].some(Boolean);
}

/** A location is a region or one of its zones: `europe-west1`, `europe-west1-b`, `us-south1-ai1b`. What is neither says nothing. */
function manyZones(location: string | undefined): boolean | undefined {
  const { zone, region } = /^(?<region>[a-z]+(?:-[a-z]+)+\d+)(?<zone>-[a-z0-9]+)?$/.exec(location ?? "")?.groups ?? {};
  return region === undefined ? undefined : zone === undefined;
}

const CHANNELS = ["RAPID", "REGULAR", "STABLE", "EXTENDED"] as const;
function upgrade({ releaseChannel }: GkeCluster): ManagedCluster["upgrade"] {
  const channel = releaseChannel ? enumOf(CHANNELS, "UNSPECIFIED", releaseChannel.channel) : undefined;
  if (channel === undefined) return {};
  // Outside a channel (UNSPECIFIED) nobody chose what the cluster follows; whether nodes upgrade is a fact of each pool.
  if (channel === "UNSPECIFIED") return { channel: "none", automatic: false, extendedSupport: false };
  return { channel: channel.toLowerCase(), automatic: true, extendedSupport: channel === "EXTENDED" };
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

const STATES = ["PROVISIONING", "RUNNING", "RECONCILING", "STOPPING", "ERROR", "DEGRADED"] as const;

const TRANSIT = ["IN_TRANSIT_ENCRYPTION_DISABLED", "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT"] as const;
function nodeEncryption(setting: unknown): boolean | undefined {
  const word = enumOf(TRANSIT, "IN_TRANSIT_ENCRYPTION_CONFIG_UNSPECIFIED", setting);
  return word && word === "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT";
}

/** Turns GKE's answer into `ManagedCluster`. Pure; what the answer does not hold stays absent. */
export function describeCluster(cluster: GkeCluster): ManagedCluster {
  const abac = flag(cluster.legacyAbac, (setting) => setting.enabled);
  // What a whole answer leaves out was never configured.
  const described = isWhole(cluster);
  const unlessSet = described ? false : undefined;
  const location = text(cluster.location);
  const network = cluster.networkConfig;
  const secretStore = flag(cluster.secretManagerConfig, (setting) => setting.enabled) ?? unlessSet;
  return {
    distribution: "gke",
    name: cluster.name ?? "",
    ...present({
      region: location,
      version: text(cluster.currentMasterVersion),
      status: wordOf(STATES, cluster.status),
      createdAt: text(cluster.createTime),
      addons: addons(cluster),
      // Autopilot and new clusters may have no pool yet, and a short answer shows none: an empty list says nothing.
      nodePools: cluster.nodePools?.length ? cluster.nodePools.map((pool) => describePool(pool, cluster)) : undefined,
      availability: location === undefined ? undefined : present({ manyZones: manyZones(location) }),
      issues: described ? issuesOf(cluster.conditions) : undefined,
    }),
    api: present(access(cluster)),
    identity: present({
      // RBAC is always on, but with legacy ABAC beside it, what RBAC refuses is granted anyway.
      rbac: not(abac),
      legacyAuthorization: abac,
      localAccounts: localAccounts(cluster),
      // Every GKE API server signs people in with Google identities; it cannot be switched off. Said of a cluster that is described.
      cloudDirectory: name(cluster.status) === undefined ? undefined : true,
      workloadIdentity: hasWorkloadIdentity(cluster),
      directoryGroups: flag(cluster.authenticatorGroupsConfig, (setting) => setting.enabled) ?? unlessSet,
      bindingsForEveryone: bindingsForEveryone(cluster),
    }),
    network: present({
      plugin: plugin(cluster),
      policyEngine: policyEngine(cluster),
      nativeAddresses: flag(cluster.ipAllocationPolicy, (policy) => policy.useIpAliases),
      intranodeVisibility: flag(network, (setting) => setting.enableIntraNodeVisibility),
      // Unspecified means unencrypted, by the API's own reference.
      nodeEncryption: network ? nodeEncryption(network.inTransitEncryptionConfig) : undefined,
      externalIps: flag(network?.serviceExternalIpsConfig, (setting) => setting.enabled),
    }),
    logging: logging(cluster),
    encryption: present({ secretsCustomerKey: secretsCustomerKey(cluster), keyWorks: keyWorks(cluster) }),
    upgrade: { ...upgrade(cluster), ...present({ maintenanceWindow: maintenanceWindow(cluster) }) },
    security: present({
      threatDetection: threatDetection(cluster),
      binaryAuthorization: binaryAuthorization(cluster),
      dashboardAddon: not(flag(cluster.addonsConfig?.kubernetesDashboard, (dashboard) => dashboard.disabled)),
      secretStore,
      secretRotation: secretStore
        ? (flag(cluster.secretManagerConfig?.rotationConfig, (rotation) => rotation.enabled) ?? false)
        : undefined,
      postureScanning: postureScanning(cluster),
      shieldedNodes: flag(cluster.shieldedNodes, (setting) => setting.enabled),
      alphaFeatures: described ? cluster.enableKubernetesAlpha === true : undefined,
    }),
  };
}
