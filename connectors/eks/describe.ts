import { parse } from "yaml";
import { present } from "@/connectors/present";
import { widestFirst } from "@/connectors/ranges";
import { wordOf } from "@/connectors/word";
import type { ManagedCluster, NodePool } from "@/domain/inventory/schema";
import type { AddonAnswer, ClusterAnswer, LaunchTemplate, NodegroupAnswer, SubnetAnswer } from "./answers";
import { codesOf, describeNodePool } from "./describe-pool";
import { ADDON_STATES, CLUSTER_STATES } from "./words";

/** What was read about one cluster. A part that is absent was not read, or not to its end. */
export interface EksFacts {
  name: string;
  region: string;
  cluster?: ClusterAnswer;
  nodegroups?: NodegroupAnswer[];
  addons?: AddonAnswer[];
  accessEntries?: string[];
  /** By principal, of every entry: `ARN SCOPE` of each policy. */
  accessPolicies?: Readonly<Record<string, readonly string[]>>;
  /** All subnets of the node groups. */
  subnets?: readonly SubnetAnswer[];
  /** By node group. One that uses a template and does not stand here was not read. */
  launchTemplates?: Readonly<Record<string, LaunchTemplate>>;
}

const isAutoMode = (cluster: ClusterAnswer | undefined): boolean => cluster?.computeConfig?.enabled === true;

/** A cluster that runs elsewhere and that somebody registered: EKS shows it, and knows nothing of how it is set up. */
const isConnected = (cluster: ClusterAnswer | undefined): boolean => Boolean(cluster?.connectorConfig);

/**
 * Whether an add-on is there and runs. One that could not be made or changed, or is degraded ("not enough replicas"), may run in part
 * or as somebody installed it by hand: AWS does not say, so only the two states that mean it are taken.
 */
const runs = (addons: readonly AddonAnswer[] | undefined, name: string): boolean =>
  addons?.some((addon) => addon.addonName === name && isRunning(addon)) ?? false;
const isRunning = ({ status }: AddonAnswer): boolean => wordOf(["ACTIVE", "UPDATING"], status) !== undefined;

function apiFacts(config: ClusterAnswer["resourcesVpcConfig"]): ManagedCluster["api"] {
  return present({
    publicEndpoint: config?.endpointPublicAccess,
    privateEndpoint: config?.endpointPrivateAccess,
    authorizedRanges: config?.publicAccessCidrs && widestFirst(config.publicAccessCidrs),
  });
}

/** Over the whole cluster, by AWS's own policies; those of namespaces administer just these. */
const ADMINISTERS =
  /(:cluster-access-policy\/AmazonEKSClusterAdminPolicy|:cluster-access-policy\/AmazonEKSAdminPolicy) cluster$/;

const administrators = (policies: EksFacts["accessPolicies"]): string[] | undefined =>
  policies &&
  Object.entries(policies).flatMap(([principal, held]) =>
    held.some((policy) => ADMINISTERS.test(policy)) ? [principal] : [],
  );

const IS_ROLE = /:(assumed-)?role\//;
/** A message shows the first entries only, and roles are what they should be. */
const rolesLast = (entries: readonly string[]): string[] => [
  ...entries.filter((entry) => !IS_ROLE.test(entry)),
  ...entries.filter((entry) => IS_ROLE.test(entry)),
];

function identityFacts({ cluster, addons, accessEntries, accessPolicies }: EksFacts): ManagedCluster["identity"] {
  const mode = cluster?.accessConfig?.authenticationMode;
  const byEntries: Record<string, boolean | undefined> = {
    API: true,
    // Both ways are open: entries are in use when one exists, and unknown when they were not read.
    API_AND_CONFIG_MAP: accessEntries && accessEntries.length > 0,
    CONFIG_MAP: false,
  };
  // Said where the answer describes a cluster of EKS' own, which always has a status.
  const isOwn = cluster?.status !== undefined && !isConnected(cluster);
  const configMap: Record<string, boolean> = { API: false, API_AND_CONFIG_MAP: true, CONFIG_MAP: true };
  return present({
    // EKS runs every API server with RBAC and offers no way to turn it off.
    rbac: isOwn || undefined,
    localAccounts: mode === undefined ? undefined : configMap[mode],
    // AWS's authenticator runs on every control plane of EKS, and aws-auth names identities of IAM as entries do:
    // https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
    cloudDirectory: isOwn || undefined,
    accessEntries: mode === undefined ? undefined : byEntries[mode],
    // IAM roles for service accounts can be in use without the agent, which EKS can't tell (an issuer has every cluster; whether IAM
    // trusts it stands elsewhere): so never false. Auto Mode has the agent built in.
    workloadIdentity: isAutoMode(cluster) || runs(addons, "eks-pod-identity-agent") || undefined,
    // Where the ConfigMap alone counts there are no entries, and whom it names is not read.
    entries: accessEntries && rolesLast(accessEntries),
    administrators: administrators(accessPolicies),
  });
}

/** Whether an EKS log type is sent: undefined when the answer does not name it. */
function logEnabled(cluster: ClusterAnswer | undefined, type: string): boolean | undefined {
  const setups = cluster?.logging?.clusterLogging?.filter((setup) => setup.types?.includes(type)) ?? [];
  const states = setups.map((setup) => setup.enabled).filter((state) => state !== undefined);
  return states.length === 0 ? undefined : states.every(Boolean);
}

function encryptionFacts(cluster: ClusterAnswer | undefined): ManagedCluster["encryption"] {
  if (!cluster || isConnected(cluster)) return {};
  // EKS leaves the field out of a complete description when the customer configured no key. A failed or half-made
  // cluster is not described completely, so nothing is said about it.
  if (!cluster.encryptionConfig) return cluster.status === "ACTIVE" ? { secretsCustomerKey: false } : {};
  const keys = cluster.encryptionConfig.flatMap((each) =>
    each.resources?.includes("secrets") ? [each.provider?.keyArn ?? ""] : [],
  );
  if (keys.some((key) => /^arn:[^:]*:kms:/.test(key))) return { secretsCustomerKey: true };
  return keys.some((key) => key !== "") ? {} : { secretsCustomerKey: false };
}

/** The value of `enableNetworkPolicy` in the network plugin's configuration (JSON or YAML); undefined when unreadable. */
function enablesNetworkPolicy(configuration: string | undefined): boolean | undefined {
  // The add-on's documented default is "false".
  if (configuration === undefined || configuration.trim() === "") return false;
  try {
    const values: unknown = parse(configuration, { maxAliasCount: 10, logLevel: "error" });
    if (typeof values !== "object" || values === null) return undefined;
    const value = "enableNetworkPolicy" in values ? values.enableNetworkPolicy : false;
    return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
  } catch {
    // A configuration that can't be read says nothing: the fact stays unknown.
    return undefined;
  }
}

function networkFacts(addons: AddonAnswer[] | undefined): ManagedCluster["network"] {
  const plugin = addons?.find((addon) => addon.addonName === "vpc-cni");
  // Without the add-on the cluster runs a plugin that EKS does not know.
  if (!plugin) return {};
  // Only the described add-on has a status; one that is known by name alone says nothing about its configuration.
  const asked = plugin.status === undefined ? undefined : enablesNetworkPolicy(plugin.configurationValues);
  const engine = asked === false ? "none" : asked && isRunning(plugin) ? "vpc-cni" : undefined;
  return present({ plugin: "vpc-cni", policyEngine: engine });
}

/** Auto Mode's own pools, whose nodes EKS repairs, and replaces within weeks by ones of the newest image. */
const autoModePools = (cluster: ClusterAnswer | undefined): NodePool[] =>
  isAutoMode(cluster)
    ? (cluster?.computeConfig?.nodePools ?? []).map((name) => ({
        name,
        mode: "auto",
        autoRepair: true,
        autoUpgrade: true,
      }))
    : [];

/**
 * Undefined when none was seen: EKS lists neither nodes that somebody runs in a group of their own nor Karpenter's, so that an
 * empty list says nothing about the nodes of a cluster.
 */
function nodePoolsOf(facts: EksFacts): NodePool[] | undefined {
  const pools = facts.nodegroups && [
    ...facts.nodegroups.map((group) => describeNodePool(group, facts)),
    ...autoModePools(facts.cluster),
  ];
  return pools?.length === 0 ? undefined : pools;
}

const SECRET_STORE = "aws-secrets-store-csi-driver-provider";

/** EKS answers as the inventory's words. Pure. What was not answered is absent. */
export function describeManagedCluster(facts: EksFacts): ManagedCluster {
  const { cluster, addons } = facts;
  const support = wordOf(["STANDARD", "EXTENDED"], cluster?.upgradePolicy?.supportType);
  return {
    distribution: "eks",
    name: facts.name,
    region: facts.region,
    ...present({
      version: cluster?.version,
      status: wordOf(CLUSTER_STATES, cluster?.status),
      createdAt: cluster?.createdAt?.toISOString(),
    }),
    api: apiFacts(cluster?.resourcesVpcConfig),
    identity: identityFacts(facts),
    network: networkFacts(addons),
    logging: present({
      audit: logEnabled(cluster, "audit"),
      api: logEnabled(cluster, "api"),
      authenticator: logEnabled(cluster, "authenticator"),
      controllerManager: logEnabled(cluster, "controllerManager"),
      scheduler: logEnabled(cluster, "scheduler"),
    }),
    encryption: encryptionFacts(cluster),
    // Neither support type upgrades before the end of support, and Auto Mode upgrades nodes after somebody began with the control
    // plane (https://docs.aws.amazon.com/eks/latest/userguide/auto-upgrade.html): who begins is not said here.
    upgrade: present({
      channel: support?.toLowerCase(),
      extendedSupport: support && support === "EXTENDED",
    }),
    security: present({
      // GuardDuty watches audit logs per account, and its runtime sensor can be installed by hand: without the add-on nothing is
      // known, so never false. The driver of the store may be there without its add-on, too.
      threatDetection: runs(addons, "aws-guardduty-agent") || undefined,
      deletionProtection: cluster?.deletionProtection,
      secretStore: runs(addons, SECRET_STORE) || undefined,
    }),
    ...present({
      addons: addons?.map((addon) => ({
        name: addon.addonName,
        ...present({ version: addon.addonVersion, status: wordOf(ADDON_STATES, addon.status) }),
      })),
      nodePools: nodePoolsOf(facts),
      // A description without the list says nothing; an empty one says that all is well.
      issues: codesOf(cluster?.health?.issues),
    }),
  };
}
