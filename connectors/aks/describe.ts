import { reader, regionOf } from "@/connectors/azure/answer";
import { present } from "@/connectors/present";
import type { ManagedCluster, NodePool } from "@/domain/inventory/schema";
import type { DiagnosticLog } from "./client";

/** What was read of one cluster; a part that could not be read is absent. All in the SDK's names, none of it trusted. */
export interface AksAnswer {
  cluster: unknown;
  pools?: readonly unknown[];
  diagnostics?: readonly DiagnosticLog[];
}

const NODE_UPGRADES = ["rapid", "stable", "patch", "node-image"];
const IMAGE_UPGRADES = ["nodeimage", "securitypatch"];

/** Upgrades of a cluster's channel reach its nodes, and so do those of the node image channel. */
function nodesUpgrade(channel: string | undefined, image: string | undefined): boolean | undefined {
  if (NODE_UPGRADES.includes(channel ?? "") || IMAGE_UPGRADES.includes(image?.toLowerCase() ?? "")) return true;
  return channel === undefined || image === undefined ? undefined : false;
}

function describePool(pool: unknown, autoUpgrade: boolean | undefined): NodePool | null {
  const read = reader(pool);
  const name = read.text(["name"]);
  if (name === undefined) return null;
  const described = read.text(["provisioningState"]) !== undefined;
  const off = described ? false : undefined;
  return {
    name,
    ...present({
      mode: read.text(["mode"])?.toLowerCase(),
      machineType: read.text(["vmSize"]),
      count: read.count(["count"]),
      minCount: read.count(["minCount"]),
      maxCount: read.count(["maxCount"]),
      version: read.text(["currentOrchestratorVersion"]) ?? read.text(["orchestratorVersion"]),
      osImage: read.text(["nodeImageVersion"]) ?? read.text(["osSKU"]),
      autoUpgrade,
      // "AKS continuously monitors the health state of worker nodes and performs automatic node repair"; it cannot be switched off.
      autoRepair: described ? true : undefined,
      // "The default is false", "If not specified, the default is false" (the SDK's reference).
      publicNodes: read.flag(["enableNodePublicIP"], off),
      secureBoot: read.flag(["securityProfile", "enableSecureBoot"], off),
      hostEncryption: read.flag(["enableEncryptionAtHost"]),
    }),
  };
}

/** Control plane logs are kept where a diagnostic setting sends them; a cluster without one keeps none. */
function describeLogging(logs: readonly DiagnosticLog[] | undefined): ManagedCluster["logging"] {
  if (logs === undefined) return {};
  const on = logs.filter((log) => log.enabled);
  const category = (...names: string[]) => on.some((log) => names.includes(log.category?.toLowerCase() ?? ""));
  const group = (name: string) => on.some((log) => log.categoryGroup?.toLowerCase() === name);
  const all = group("alllogs");
  const authenticator = all || category("guard");
  return present({
    audit: all || group("audit") || category("kube-audit", "kube-audit-admin"),
    api: all || category("kube-apiserver"),
    // Which categories the group "audit" holds is Azure's to change: it proves nothing here.
    authenticator: authenticator || (group("audit") ? undefined : false),
  });
}

/**
 * The facts of one AKS cluster. A default of Azure stands in for an omitted field only where the reference states it, and only
 * in an answer that describes the cluster at all (`provisioningState` is in every one).
 */
export function describeAks({ cluster, pools, diagnostics }: AksAnswer): ManagedCluster {
  const read = reader(cluster);
  const status = read.text(["provisioningState"]);
  const byDefault = <T>(value: T): T | undefined => (status === undefined ? undefined : value);

  const privateCluster = read.flag(["apiServerAccessProfile", "enablePrivateCluster"], byDefault(false));
  // "The default is 'none'".
  const channel = read.text(["autoUpgradeProfile", "upgradeChannel"], byDefault("none"))?.toLowerCase();
  const imageChannel = read.text(["autoUpgradeProfile", "nodeOSUpgradeChannel"]);
  const addons = read.entries(["addonProfiles"]);
  const addon = (name: string) => {
    const entry = addons?.find(([key]) => key.toLowerCase() === name);
    return entry ? reader(entry[1]).flag(["enabled"]) : false; // the map names every add-on that was ever switched on
  };
  const upgrade = nodesUpgrade(channel, imageChannel);
  const nodePools = pools?.map((pool) => describePool(pool, upgrade)).filter((pool) => pool !== null);
  const power = read.text(["powerState", "code"]);

  return {
    distribution: "aks",
    name: read.text(["name"]) ?? "",
    ...present({
      region: regionOf(read.text(["location"])),
      version: read.text(["currentKubernetesVersion"]) ?? read.text(["kubernetesVersion"]),
      status: power !== undefined && power !== "Running" ? power : status,
      createdAt: read.time(["systemData", "createdAt"]),
    }),
    api: present({
      // Omitted means an ordinary cluster, which is public and open to every address.
      publicEndpoint: privateCluster === undefined ? undefined : !privateCluster,
      privateEndpoint: privateCluster,
      authorizedRanges: read.texts(["apiServerAccessProfile", "authorizedIPRanges"], byDefault([])),
    }),
    identity: present({
      rbac: read.flag(["enableRbac"]),
      // "If set to true, getting static credentials will be disabled": omitted, they are not.
      localAccounts: invert(read.flag(["disableLocalAccounts"], byDefault(false))),
      cloudDirectory: directory(read.entries(["aadProfile"]), status !== undefined),
      workloadIdentity: read.flag(["securityProfile", "workloadIdentity", "enabled"], byDefault(false)),
    }),
    network: present({
      plugin: read.text(["networkProfile", "networkPlugin"]),
      // "Network policies will not be enforced. This is the default value when NetworkPolicy is not specified."
      policyEngine: read.text(["networkProfile", "networkPolicy"], byDefault("none")),
    }),
    logging: describeLogging(diagnostics),
    encryption: present({
      // "The default is false".
      secretsCustomerKey: read.flag(["securityProfile", "azureKeyVaultKms", "enabled"], byDefault(false)),
    }),
    upgrade: present({
      channel,
      automatic: channel === undefined ? undefined : channel !== "none" && channel !== "node-image",
    }),
    security: present({
      threatDetection: read.flag(["securityProfile", "defender", "securityMonitoring", "enabled"], byDefault(false)),
      policyAddon: addons === null ? undefined : addons === undefined ? byDefault(false) : addon("azurepolicy"),
      dashboardAddon: addons ? addon("kubedashboard") : undefined,
    }),
    ...present({
      addons: addons?.map(([name, value]) => {
        const enabled = reader(value).flag(["enabled"]);
        return { name, ...(enabled === undefined ? {} : { status: enabled ? "enabled" : "disabled" }) };
      }),
      nodePools,
    }),
  };
}

const invert = (value: boolean | undefined) => (value === undefined ? undefined : !value);

/** Entra integration exists exactly where the answer holds its profile. */
function directory(profile: [string, unknown][] | null | undefined, described: boolean): boolean | undefined {
  if (profile === null) return undefined;
  return profile === undefined ? (described ? false : undefined) : true;
}
