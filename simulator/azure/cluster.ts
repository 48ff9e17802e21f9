import type { SimCluster, SimNodePool } from "../model";

type Json = Record<string, unknown>;

export const groupOf = (cluster: SimCluster) => cluster.resourceGroup ?? `rg-${cluster.id}`;

/** ARM writes the group in lower case in some ids; a client must not mind. */
export const aksId = (cluster: SimCluster) =>
  `/subscriptions/${cluster.accountId}/resourcegroups/${groupOf(cluster)}/providers/Microsoft.ContainerService/managedClusters/${cluster.id}`;

const minor = (version: string) => version.split(".").slice(0, 2).join(".");

function poolProperties(pool: SimNodePool): Json {
  return {
    count: pool.count,
    vmSize: pool.machineType,
    osDiskSizeGB: 128,
    osDiskType: "Ephemeral",
    maxPods: 110,
    type: "VirtualMachineScaleSets",
    enableAutoScaling: pool.mode === "user",
    ...(pool.mode === "user" ? { minCount: 1, maxCount: pool.count * 2 } : {}),
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
    nodeImageVersion: "AKSUbuntu-2204gen2containerd-202511.02.0",
    securityProfile: { enableVTPM: pool.secureBoot, enableSecureBoot: pool.secureBoot },
  };
}

/** One `Microsoft.ContainerService/managedClusters/agentPools` resource. */
export const agentPool = (cluster: SimCluster, pool: SimNodePool): Json => ({
  id: `${aksId(cluster)}/agentPools/${pool.name}`,
  name: pool.name,
  type: "Microsoft.ContainerService/managedClusters/agentPools",
  properties: poolProperties(pool),
});

/** What a cluster's add-on map holds: an add-on that was never switched on is not listed. */
const addons = (cluster: SimCluster): Json => ({
  ...(cluster.controlPlane.policyAddon ? { azurepolicy: { enabled: true, config: { version: "v2" } } } : {}),
  omsagent: { enabled: cluster.controlPlane.auditLog, config: null },
});

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
    sku: { name: "Base", tier: "Standard" },
    identity: { type: "SystemAssigned", principalId: cluster.uid, tenantId },
    properties: {
      provisioningState: "Succeeded",
      powerState: { code: "Running" },
      kubernetesVersion: minor(cluster.version),
      currentKubernetesVersion: cluster.version.replace(/^v/, ""),
      dnsPrefix: `${cluster.id}-dns`,
      ...(plane.publicEndpoint ? { fqdn: host } : { privateFQDN: `private.${host}` }),
      azurePortalFQDN: `portal-${host}`,
      agentPoolProfiles: cluster.nodePools.map((pool) => ({ name: pool.name, ...poolProperties(pool) })),
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
        outboundType: "loadBalancer",
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.0.0.0/16",
        dnsServiceIP: "10.0.0.10",
      },
      ...(plane.cloudDirectory ? { aadProfile: { managed: true, enableAzureRBAC: true, tenantID: tenantId } } : {}),
      // The real service omits the whole profile of a public cluster without authorised ranges.
      ...(plane.publicEndpoint && plane.authorizedRanges.length === 0
        ? {}
        : {
            apiServerAccessProfile: {
              enablePrivateCluster: !plane.publicEndpoint,
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
});

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
      distribution: eks ? "eks" : "k3s",
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
