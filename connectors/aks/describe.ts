import { reader, regionOf, resourceId } from "@/connectors/azure/answer";
import { STATES } from "@/connectors/azure/states";
import { present } from "@/connectors/present";
import { widestFirst } from "@/connectors/ranges";
import type { ManagedCluster } from "@/domain/inventory/schema";
import type { DiagnosticLog } from "./client";
import { maintenanceWindow } from "./describe-maintenance";
import { describePool } from "./describe-pool";

/** What was read of one cluster; a part that could not be read is absent. All in the SDK's names, none of it trusted. */
export interface AksAnswer {
  cluster: unknown;
  pools?: readonly unknown[];
  /** With when they were read: a window may begin later. */
  maintenance?: { configurations: readonly unknown[]; readAt: Date };
  diagnostics?: readonly DiagnosticLog[];
}

const NODE_UPGRADES = ["rapid", "stable", "patch", "node-image"];
const IMAGE_UPGRADES = ["nodeimage", "securitypatch"];

// Each by its set in the SDK; "Paid" is what older answers call Standard, and "block" an isolated network's.
const CHANNELS = ["none", "patch", "stable", "rapid", "node-image"] as const;
const NODE_CHANNELS = ["None", "Unmanaged", "NodeImage", "SecurityPatch"] as const;
const POLICY_ENGINES = ["none", "calico", "azure", "cilium"] as const;
const OUTBOUND = [
  ...["loadBalancer", "userDefinedRouting", "managedNATGateway", "userAssignedNATGateway"],
  ...["none", "block"],
] as const;
const SUPPORT = ["KubernetesOfficial", "AKSLongTermSupport"] as const;
const RESTRICTION = ["Unrestricted", "ReadOnly"] as const;
const TIERS = ["Free", "Standard", "Premium", "Paid"] as const;

/** Upgrades of a cluster's channel reach its nodes, and so do those of the node image channel. */
function nodesUpgrade(channel: string | undefined, image: string | undefined): boolean | undefined {
  if (NODE_UPGRADES.includes(channel ?? "") || IMAGE_UPGRADES.includes(image?.toLowerCase() ?? "")) return true;
  return channel === undefined || image === undefined ? undefined : false;
}

/** Control plane logs are kept where a diagnostic setting sends them; a cluster without one keeps none. */
function controlPlaneLogs(logs: readonly DiagnosticLog[] | undefined): ManagedCluster["logging"] {
  if (logs === undefined) return {};
  const on = logs.filter((log) => log.enabled);
  const category = (...names: string[]) => on.some((log) => names.includes(log.category?.toLowerCase() ?? ""));
  const group = (name: string) => on.some((log) => log.categoryGroup?.toLowerCase() === name);
  const all = group("alllogs");
  // Which categories the group "audit" holds is Azure's to change: of single ones it proves nothing.
  const unlessInGroup = (found: boolean) => found || (group("audit") ? undefined : false);
  return present({
    audit: all || group("audit") || category("kube-audit", "kube-audit-admin"),
    // `kube-audit-admin` leaves out what only reads.
    auditReads: unlessInGroup(all || category("kube-audit")),
    api: all || category("kube-apiserver"),
    authenticator: unlessInGroup(all || category("guard")),
    controllerManager: all || category("kube-controller-manager"),
    scheduler: all || category("kube-scheduler"),
  });
}

/**
 * The facts of one AKS cluster. A default of Azure stands in for an omitted field only where the reference states it, and only
 * in an answer that describes the cluster at all (`provisioningState` is in every one).
 */
export function describeAks({ cluster, pools, maintenance, diagnostics }: AksAnswer): ManagedCluster {
  const read = reader(cluster);
  const described = (read.text(["provisioningState"]) ?? "") !== "";
  const byDefault = <T>(value: T): T | undefined => (described ? value : undefined);

  const privateCluster = read.flag(["apiServerAccessProfile", "enablePrivateCluster"], byDefault(false));
  // A cluster is joined to a subnet of its own only where somebody chose so.
  const inNetwork = read.flag(["apiServerAccessProfile", "enableVnetIntegration"], byDefault(false));
  const ranges = read.texts(["apiServerAccessProfile", "authorizedIPRanges"], byDefault([]));
  const ownKey = read.flag(["securityProfile", "azureKeyVaultKms", "enabled"], byDefault(false));
  // "The default is 'none'".
  const channel = read.word(["autoUpgradeProfile", "upgradeChannel"], CHANNELS, byDefault("none"));
  const imageChannel = read.word(["autoUpgradeProfile", "nodeOSUpgradeChannel"], NODE_CHANNELS);
  const addons = read.entries(["addonProfiles"]);
  // The map names every add-on that was ever switched on.
  const addon = (name: string) =>
    addons?.some(([key]) => key.toLowerCase() === name) ? read.flag(["addonProfiles", name, "enabled"]) : false;
  // The map is left out when no add-on was ever switched on.
  const addonOn = (name: string) =>
    addons === null ? undefined : addons === undefined ? byDefault(false) : addon(name);
  const ofEveryPool = {
    autoUpgrade: nodesUpgrade(channel, imageChannel),
    diskCustomerKey: customerKey(read, described),
  };
  // Every AKS cluster has a pool: an answer without one is no answer.
  const nodePools = pools?.length ? pools.map((pool) => describePool(pool, ofEveryPool)) : undefined;

  return {
    distribution: "aks",
    name: read.text(["name"]) ?? "",
    ...present({
      region: regionOf(read.text(["location"])),
      version: read.text(["currentKubernetesVersion"]) ?? read.text(["kubernetesVersion"]),
      status: statusOf(read),
      createdAt: read.time(["systemData", "createdAt"]),
    }),
    api: present({
      // Omitted means an ordinary cluster, which is public and open to every address.
      publicEndpoint: privateCluster === undefined ? undefined : !privateCluster,
      privateEndpoint:
        privateCluster === true || inNetwork === true || (inNetwork === false ? privateCluster : undefined),
      authorizedRanges: ranges && widestFirst(ranges),
      // Omitted, commands are taken.
      runCommand: invert(read.flag(["apiServerAccessProfile", "disableRunCommand"], byDefault(false))),
      publicName: read.flag(["apiServerAccessProfile", "enablePrivateClusterPublicFqdn"]),
    }),
    identity: present({
      rbac: read.flag(["enableRbac"]),
      // "If set to true, getting static credentials will be disabled": omitted, they are not.
      localAccounts: invert(read.flag(["disableLocalAccounts"], byDefault(false))),
      cloudDirectory: directory(read.entries(["aadProfile"]), described),
      workloadIdentity: read.flag(["securityProfile", "workloadIdentity", "enabled"], byDefault(false)),
      // Azure RBAC comes with Entra integration, and only when asked for.
      cloudAuthorization: read.flag(["aadProfile", "enableAzureRbac"], byDefault(false)),
      managedIdentity: managedIdentity(read),
      podIdentityAddon: read.flag(["podIdentityProfile", "enabled"], byDefault(false)),
    }),
    network: present({
      plugin: read.word(["networkProfile", "networkPlugin"], ["azure", "kubenet", "none"]),
      // "Network policies will not be enforced. This is the default value when NetworkPolicy is not specified."
      policyEngine: read.word(["networkProfile", "networkPolicy"], POLICY_ENGINES, byDefault("none")),
      outbound: read.word(["networkProfile", "outboundType"], OUTBOUND),
      // "If not specified, the default value is None."
      nodeEncryption: isWord("WireGuard", read.word(TRANSIT, ["WireGuard", "None"], byDefault("None"))),
      httpApplicationRouting: addonOn("httpapplicationrouting"),
    }),
    logging: {
      ...controlPlaneLogs(diagnostics),
      ...present({
        workloads: either(
          addonOn("omsagent"),
          read.flag(["azureMonitorProfile", "containerInsights", "enabled"], byDefault(false)),
        ),
        metrics: read.flag(["azureMonitorProfile", "metrics", "enabled"], byDefault(false)),
      }),
    },
    encryption: present({
      // "The default is false".
      secretsCustomerKey: ownKey,
      // "The default value is `Public`."
      vaultPublic: ownKey === true ? isWord("Public", read.word(VAULT, ["Public", "Private"], "Public")) : undefined,
    }),
    upgrade: present({
      channel,
      automatic: channel === undefined ? undefined : channel !== "none" && channel !== "node-image",
      nodeChannel: imageChannel?.toLowerCase(),
      maintenanceWindow:
        maintenance && maintenanceWindow(maintenance.configurations, channel, imageChannel, maintenance.readAt),
      // "If unspecified, the default is 'KubernetesOfficial'."
      extendedSupport: isWord(
        "AKSLongTermSupport",
        read.word(["supportPlan"], SUPPORT, byDefault("KubernetesOfficial")),
      ),
    }),
    security: present({
      threatDetection: read.flag(["securityProfile", "defender", "securityMonitoring", "enabled"], byDefault(false)),
      policyAddon: addonOn("azurepolicy"),
      dashboardAddon: addons ? addon("kubedashboard") : undefined,
      // It is off until somebody switches it on.
      imageCleaner: read.flag(["securityProfile", "imageCleaner", "enabled"], byDefault(false)),
      secretStore: addonOn(SECRET_STORE),
      secretRotation: secretRotation(read),
      // "If not specified, the default is 'Unrestricted'".
      nodeResourcesLocked: isWord(
        "ReadOnly",
        read.word(["nodeResourceGroupProfile", "restrictionLevel"], RESTRICTION, byDefault("Unrestricted")),
      ),
    }),
    ...present({
      addons: addons?.map(([name, value]) => {
        const enabled = reader(value).flag(["enabled"]);
        return { name, ...(enabled === undefined ? {} : { status: enabled ? "enabled" : "disabled" }) };
      }),
      nodePools,
      // "If not specified, the default is 'Free'."
      availability: availability(read.word(["sku", "tier"], TIERS, byDefault("Free"))),
      // "If there was no error, this field is omitted."
      issues: issues(read, described),
    }),
  };
}

const VAULT = ["securityProfile", "azureKeyVaultKms", "keyVaultNetworkAccess"];
const TRANSIT = ["networkProfile", "advancedNetworking", "security", "transitEncryption", "type"];
const SECRET_STORE = "azurekeyvaultsecretsprovider";
type Read = ReturnType<typeof reader>;

const isWord = <W extends string>(word: W, value: W | undefined) => (value === undefined ? undefined : value === word);
/** One of two is enough; none takes both. */
const either = (a: boolean | undefined, b: boolean | undefined) =>
  a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;

function customerKey(read: Read, described: boolean): boolean | undefined {
  const key = read.text(["diskEncryptionSetID"], described ? "" : undefined);
  return key === "" ? false : resourceId(key) === null ? undefined : true;
}

/** A service principal stands in the answer by its id; `msi` takes its place where an identity of Azure's own signs in. */
function managedIdentity(read: Read): boolean | undefined {
  const principal = read.text(["servicePrincipalProfile", "clientId"]);
  if (principal !== undefined) return principal.toLowerCase() === "msi";
  return read.word(["identity", "type"], ["SystemAssigned", "UserAssigned"]) === undefined ? undefined : true;
}

/** The add-on's own setting, a text; Azure leaves it out until somebody sets it. */
function secretRotation(read: Read): boolean | undefined {
  const profile = ["addonProfiles", SECRET_STORE];
  if (!read.isThere(profile)) return undefined;
  return isWord("true", read.word([...profile, "config", "enableSecretRotation"], ["true", "false"], "false"));
}

const availability = (tier: (typeof TIERS)[number] | undefined) =>
  tier === undefined ? undefined : { sla: tier !== "Free" };

/** A stopped cluster is called that where its last change went well: what failed is not in order, running or not. */
function statusOf(read: Read): string | undefined {
  const state = read.word(["provisioningState"], STATES);
  const power = read.word(["powerState", "code"], ["Running", "Stopped"], "Running");
  return state !== "Succeeded" || power === "Running" ? state : power;
}

function issues(read: Read, described: boolean): string[] | undefined {
  const error = read.entries(["status", "provisioningError"]);
  if (error === undefined) return described ? [] : undefined;
  return error === null ? undefined : [read.text(["status", "provisioningError", "code"]) ?? "ProvisioningError"];
}

const invert = (value: boolean | undefined) => (value === undefined ? undefined : !value);

/** Entra integration exists exactly where the answer holds its profile. */
function directory(profile: [string, unknown][] | null | undefined, described: boolean): boolean | undefined {
  if (profile === null) return undefined;
  return profile === undefined ? (described ? false : undefined) : true;
}
