import type { SimCluster, SimControlPlane, SimNodePool } from "../model";
import { nodeSystem } from "../scenario-versions";

type Json = Record<string, unknown>;
type Care = SimControlPlane["care"];

export const groupOf = (cluster: SimCluster) => cluster.resourceGroup ?? `rg-${cluster.id}`;

/** ARM writes the group in lower case in some ids; a client must not mind. */
export const aksId = (cluster: SimCluster) =>
  `/subscriptions/${cluster.accountId}/resourcegroups/${groupOf(cluster)}/providers/Microsoft.ContainerService/managedClusters/${cluster.id}`;

const minor = (version: string) => version.split(".").slice(0, 2).join(".");

/** What teams of each care do with a pool beyond its neutral words. */
const POOLS: Readonly<Record<Care, Json>> = {
  good: { availabilityZones: ["1", "2", "3"], workloadRuntime: "OCIContainer" },
  middling: { availabilityZones: ["1"], workloadRuntime: "OCIContainer" },
  bad: { workloadRuntime: "OCIContainer" },
};

function poolProperties({ controlPlane: { care } }: SimCluster, pool: SimNodePool): Json {
  const scaled = care === "good" || (pool.mode === "user" && care === "middling");
  return {
    ...POOLS[care],
    count: pool.count,
    vmSize: pool.machineType,
    osDiskSizeGB: 128,
    osDiskType: "Ephemeral",
    maxPods: 110,
    type: "VirtualMachineScaleSets",
    enableAutoScaling: scaled,
    ...(scaled ? { minCount: 1, maxCount: pool.count * 2 } : {}),
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    orchestratorVersion: minor(pool.version),
    currentOrchestratorVersion: pool.version.replace(/^v/, ""),
    enableNodePublicIP: pool.publicNodes,
    mode: pool.mode === "system" ? "System" : "User",
    enableEncryptionAtHost: pool.hostEncryption,
    enableFIPS: false,
    osType: "Linux",
    osSKU: "Ubuntu",
    nodeImageVersion: nodeSystem("aks", pool).image,
    securityProfile: {
      enableVTPM: care === "middling" || pool.secureBoot,
      enableSecureBoot: pool.secureBoot,
      sshAccess: care === "good" ? "Disabled" : "LocalUser",
    },
  };
}

/** One `Microsoft.ContainerService/managedClusters/agentPools` resource. */
export const agentPool = (cluster: SimCluster, pool: SimNodePool): Json => ({
  id: `${aksId(cluster)}/agentPools/${pool.name}`,
  name: pool.name,
  type: "Microsoft.ContainerService/managedClusters/agentPools",
  properties: poolProperties(cluster, pool),
});

/** Which upgrades keep to hours that a team of each care chose; node images are easily forgotten. */
const SCHEDULES: Readonly<Record<Care, readonly string[]>> = {
  good: ["default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"],
  middling: ["aksManagedAutoUpgradeSchedule"],
  bad: [],
};

/** The cluster's `Microsoft.ContainerService/managedClusters/maintenanceConfigurations`. */
export const maintenance = (cluster: SimCluster): Json[] =>
  SCHEDULES[cluster.controlPlane.care].map((name) => ({
    id: `${aksId(cluster)}/maintenanceConfigurations/${name}`,
    name,
    type: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
    properties:
      name === "default"
        ? { timeInWeek: [{ day: "Sunday", hourSlots: [2, 3, 4, 5] }] }
        : {
            maintenanceWindow: {
              schedule: { weekly: { intervalWeeks: 1, dayOfWeek: "Sunday" } },
              durationHours: 6,
              utcOffset: "+00:00",
              startTime: "02:00",
            },
          },
  }));

/** What a cluster's add-on map holds: an add-on that was never switched on is not listed. */
const addons = (cluster: SimCluster): Json => ({
  ...(cluster.controlPlane.policyAddon ? { azurepolicy: { enabled: true, config: { version: "v2" } } } : {}),
  omsagent: { enabled: cluster.controlPlane.auditLog, config: null },
  ...ADDONS[cluster.controlPlane.care],
});
const ADDONS: Readonly<Record<Care, Json>> = {
  good: { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } } },
  middling: { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "false" } } },
  bad: { httpApplicationRouting: { enabled: true, config: null } },
};

/** What teams of each care do with the cluster beyond its neutral words. */
const profiles = (cluster: SimCluster): Json => {
  const { care } = cluster.controlPlane;
  const group = `/subscriptions/${cluster.accountId}/resourceGroups/${groupOf(cluster)}/providers`;
  if (care === "bad")
    return {
      servicePrincipalProfile: { clientId: cluster.uid },
      podIdentityProfile: { enabled: true },
      azureMonitorProfile: { metrics: { enabled: false } },
    };
  return {
    servicePrincipalProfile: { clientId: "msi" },
    azureMonitorProfile: { metrics: { enabled: care === "good" } },
    nodeResourceGroupProfile: { restrictionLevel: care === "good" ? "ReadOnly" : "Unrestricted" },
    ...(care === "good"
      ? { diskEncryptionSetID: `${group}/Microsoft.Compute/diskEncryptionSets/des-${cluster.id}` }
      : {}),
  };
};

/** One `Microsoft.ContainerService/ManagedClusters` resource, in the fields of the ARM answer. */
export function managedCluster(cluster: SimCluster, tenantId: string): Json {
  const { controlPlane: plane } = cluster;
  const host = `${cluster.id}-dns.hcp.${cluster.region}.azmk8s.io`;
  const vault = `https://kv-${cluster.id}.vault.azure.net/keys/etcd/1c0ffee0`;
  const cilium = plane.policyEngine === "cilium";
  return {
    id: aksId(cluster),
    name: cluster.id,
    type: "Microsoft.ContainerService/ManagedClusters",
    location: cluster.region,
    tags: { estate: "harbour" },
    systemData: { createdAt: cluster.createdAt, createdByType: "Application", createdBy: "terraform" },
    sku: { name: "Base", tier: plane.care === "bad" ? "Free" : "Standard" },
    ...(plane.care === "bad" ? {} : { identity: { type: "SystemAssigned", principalId: cluster.uid, tenantId } }),
    properties: {
      ...profiles(cluster),
      provisioningState: "Succeeded",
      powerState: { code: "Running" },
      kubernetesVersion: minor(cluster.version),
      currentKubernetesVersion: cluster.version.replace(/^v/, ""),
      dnsPrefix: `${cluster.id}-dns`,
      ...(plane.publicEndpoint ? { fqdn: host } : { privateFQDN: `private.${host}` }),
      azurePortalFQDN: `portal-${host}`,
      agentPoolProfiles: cluster.nodePools.map((pool) => ({ name: pool.name, ...poolProperties(cluster, pool) })),
      addonProfiles: addons(cluster),
      nodeResourceGroup: `MC_${groupOf(cluster)}_${cluster.id}_${cluster.region}`,
      enableRBAC: plane.rbac,
      supportPlan: "KubernetesOfficial",
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkPolicy: plane.policyEngine,
        networkDataplane: cilium ? "cilium" : "azure",
        loadBalancerSku: "standard",
        outboundType: plane.care === "good" ? "userDefinedRouting" : "loadBalancer",
        ...(cilium
          ? {
              advancedNetworking: {
                enabled: true,
                security: { enabled: true, transitEncryption: { type: "WireGuard" } },
              },
            }
          : {}),
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.0.0.0/16",
        dnsServiceIP: "10.0.0.10",
      },
      ...(plane.cloudDirectory
        ? { aadProfile: { managed: true, enableAzureRBAC: plane.care === "good", tenantID: tenantId } }
        : {}),
      // The real service omits the whole profile of a public cluster without authorised ranges.
      ...(plane.publicEndpoint && plane.authorizedRanges.length === 0
        ? {}
        : {
            apiServerAccessProfile: {
              enablePrivateCluster: !plane.publicEndpoint,
              disableRunCommand: plane.care === "good",
              ...(plane.publicEndpoint ? {} : { enablePrivateClusterPublicFQDN: false }),
              ...(plane.authorizedRanges.length > 0 ? { authorizedIPRanges: plane.authorizedRanges } : {}),
            },
          }),
      autoUpgradeProfile: {
        ...(plane.upgradeChannel === "none" ? {} : { upgradeChannel: plane.upgradeChannel }),
        nodeOSUpgradeChannel: cluster.nodePools.some((pool) => pool.autoUpgrade) ? "NodeImage" : "None",
      },
      disableLocalAccounts: !plane.localAccounts,
      securityProfile: {
        ...(plane.threatDetection ? { defender: { securityMonitoring: { enabled: true } } } : {}),
        ...(plane.secretsCustomerKey
          ? { azureKeyVaultKms: { enabled: true, keyId: vault, keyVaultNetworkAccess: "Public" } }
          : {}),
        ...(plane.workloadIdentity ? { workloadIdentity: { enabled: true } } : {}),
        ...(plane.care === "bad" ? {} : { imageCleaner: { enabled: true, intervalHours: 168 } }),
      },
      oidcIssuerProfile: plane.workloadIdentity
        ? { enabled: true, issuerURL: `https://${cluster.region}.oic.prod-aks.azure.com/${tenantId}/${cluster.uid}/` }
        : { enabled: false },
      resourceUID: cluster.uid.replaceAll("-", "").slice(0, 24),
    },
  };
}

/** What the newer versions of the API tell of a connected cluster's sign-in. */
const arcProfiles = ({ controlPlane: plane, uid }: SimCluster): Json => ({
  aadProfile: { enableAzureRBAC: plane.cloudDirectory },
  securityProfile: { workloadIdentity: { enabled: plane.workloadIdentity } },
  oidcIssuerProfile: plane.workloadIdentity
    ? { enabled: true, issuerUrl: `https://westeurope.oic.prod-arc.azure.com/${uid}/` }
    : { enabled: false },
  arcAgentProfile: { agentAutoUpgrade: plane.care === "bad" ? "Disabled" : "Enabled", agentState: "Succeeded" },
  privateLinkState: "Disabled",
});

/** The extensions of a connected cluster, as `Microsoft.KubernetesConfiguration` lists them. */
export function extensions(cluster: SimCluster, subscription: string): Json[] {
  const { policyAddon, threatDetection, care } = cluster.controlPlane;
  const id = `/subscriptions/${subscription}/resourceGroups/${groupOf(cluster)}/providers/Microsoft.Kubernetes/connectedClusters/${cluster.id}`;
  const installed: [name: string, type: string, version: string, is: boolean][] = [
    ["azurepolicy", "Microsoft.PolicyInsights", "1.13.0", policyAddon],
    ["microsoft.azuredefender.kubernetes", "microsoft.azuredefender.kubernetes", "0.9.7", threatDetection],
    ["flux", "microsoft.flux", "1.18.2", care === "good"],
  ];
  return installed
    .filter(([, , , is]) => is)
    .map(([name, extensionType, currentVersion]) => ({
      id: `${id}/providers/Microsoft.KubernetesConfiguration/extensions/${name}`,
      name,
      type: "Microsoft.KubernetesConfiguration/extensions",
      properties: {
        extensionType,
        autoUpgradeMinorVersion: true,
        releaseTrain: "Stable",
        currentVersion,
        provisioningState: "Succeeded",
        isSystemExtension: false,
      },
    }));
}

/** One `Microsoft.Kubernetes/connectedClusters` resource. An EKS cluster behind Arc is listed by `alsoArcIn`. */
export function connectedCluster(cluster: SimCluster, subscription: string, tenantId: string, now: Date): Json {
  const eks = cluster.distribution === "eks";
  const nodes = cluster.nodePools.reduce((sum, pool) => sum + pool.count, 0);
  return {
    id: `/subscriptions/${subscription}/resourceGroups/${groupOf(cluster)}/providers/Microsoft.Kubernetes/connectedClusters/${cluster.id}`,
    name: cluster.id,
    type: "Microsoft.Kubernetes/connectedClusters",
    location: eks ? "westeurope" : cluster.region,
    tags: { estate: "harbour" },
    systemData: { createdAt: cluster.createdAt, createdByType: "Application", createdBy: "onboarding" },
    identity: { type: "SystemAssigned", principalId: cluster.uid, tenantId },
    properties: {
      agentPublicKeyCertificate: "MIICYzCCAcygAwIBAgIBADANBgkqhkiG9w0BAQUFADAuMQswCQYDVQQGEwJVUzEM",
      provisioningState: "Succeeded",
      distribution: eks ? "eks" : cluster.version.includes("rke2") ? "rke2" : "k3s",
      infrastructure: eks ? "aws" : "generic",
      kubernetesVersion: cluster.version.replace(/^v/, ""),
      totalNodeCount: nodes,
      totalCoreCount: cluster.nodePools.reduce((sum, pool) => sum + pool.count * pool.vcpu, 0),
      agentVersion: "1.31.3",
      connectivityStatus: "Connected",
      lastConnectivityTime: now.toISOString(),
      managedIdentityCertificateExpirationTime: new Date(now.getTime() + 60 * 86_400_000).toISOString(),
      ...(eks ? {} : arcProfiles(cluster)),
    },
  };
}
