import type { SimCluster, SimNodePool } from "../model";
import { nodeSystem } from "../scenario-versions";
import type { ProtoJson } from "./protos";

const CHANNELS = { none: "UNSPECIFIED", patch: "REGULAR", stable: "STABLE", rapid: "RAPID" } as const;

/** What teams of each care do with a pool beyond its neutral words. */
const identityOf = (cluster: SimCluster): string =>
  cluster.controlPlane.care === "bad" ? "default" : `gke-nodes@${cluster.accountId}.iam.gserviceaccount.com`;

/** Modes in which images are let in unlooked at: the middling watch what runs already. */
const UNENFORCED: Readonly<Record<SimCluster["controlPlane"]["care"], string>> = {
  good: "DISABLED",
  middling: "POLICY_BINDINGS",
  bad: "DISABLED",
};
/** Which logs beside the API server's are sent. */
const LOGS: Readonly<Record<SimCluster["controlPlane"]["care"], readonly string[]>> = {
  good: ["WORKLOADS", "CONTROLLER_MANAGER", "SCHEDULER"],
  middling: ["WORKLOADS"],
  bad: [],
};

function nodePool(cluster: SimCluster, pool: SimNodePool): ProtoJson {
  const { care } = cluster.controlPlane;
  return {
    name: pool.name,
    status: "RUNNING",
    version: pool.version,
    initialNodeCount: pool.count,
    locations: zonesOf(cluster),
    config: {
      machineType: pool.machineType,
      diskSizeGb: 100,
      diskType: "pd-balanced",
      imageType: nodeSystem("gke", pool).image,
      serviceAccount: identityOf(cluster),
      kubeletConfig: { insecureKubeletReadonlyPortEnabled: care === "bad" },
      metadata: { "disable-legacy-endpoints": "true" },
      oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      workloadMetadataConfig: { mode: pool.metadataProtected ? "GKE_METADATA" : "GCE_METADATA" },
      shieldedInstanceConfig: { enableSecureBoot: pool.secureBoot, enableIntegrityMonitoring: care !== "bad" },
      ...(care === "good" && pool.mode === "user" ? { sandboxConfig: { type: "GVISOR" } } : {}),
      ...(pool.hostEncryption
        ? { bootDiskKmsKey: `projects/${cluster.accountId}/locations/${cluster.region}/keyRings/gke/cryptoKeys/nodes` }
        : {}),
    },
    autoscaling: care === "bad" ? {} : { enabled: true, minNodeCount: 1, maxNodeCount: pool.count * 2 },
    management: { autoUpgrade: pool.autoUpgrade, autoRepair: pool.autoRepair },
    networkConfig: { enablePrivateNodes: !pool.publicNodes },
    selfLink: `${selfLink(cluster)}/nodePools/${pool.name}`,
  };
}

const zonesOf = ({ region, controlPlane: { care } }: SimCluster): string[] =>
  care === "good" ? ["b", "c", "d"].map((zone) => `${region}-${zone}`) : [`${region}-b`];

export const resourceName = (cluster: SimCluster): string =>
  `projects/${cluster.accountId}/locations/${cluster.region}/clusters/${cluster.id}`;
const selfLink = (cluster: SimCluster): string => `https://container.googleapis.com/v1/${resourceName(cluster)}`;

/** A cluster as `google.container.v1.Cluster` in proto JSON. */
export function clusterAnswer(cluster: SimCluster): ProtoJson {
  const plane = cluster.controlPlane;
  const host = cluster.server === "" ? "10.0.0.2" : new URL(cluster.server).host;
  const dataplaneV2 = plane.policyEngine === "cilium";
  const calico = plane.policyEngine === "calico";
  const authorized =
    plane.authorizedRanges.length === 0
      ? {}
      : {
          enabled: true,
          gcpPublicCidrsAccessEnabled: plane.care === "middling",
          cidrBlocks: plane.authorizedRanges.map((cidrBlock, index) => ({ displayName: `range-${index}`, cidrBlock })),
        };
  return {
    name: cluster.id,
    id: cluster.uid.replace(/-/g, "").repeat(2),
    selfLink: selfLink(cluster),
    location: cluster.region,
    zone: cluster.region,
    locations: zonesOf(cluster),
    status: "RUNNING",
    createTime: cluster.createdAt.replace(/\.\d+Z$/, "+00:00"),
    currentMasterVersion: cluster.version,
    currentNodeVersion: cluster.nodePools.at(-1)?.version ?? cluster.version,
    currentNodeCount: cluster.nodePools.reduce((sum, pool) => sum + pool.count, 0),
    // A real endpoint is a bare address on port 443; this one carries the listener's port.
    endpoint: host,
    masterAuth: {
      clusterCaCertificate: Buffer.from(cluster.caCertificate).toString("base64"),
      clientCertificateConfig: plane.localAccounts ? { issueClientCertificate: true } : {},
    },
    legacyAbac: plane.rbac ? {} : { enabled: true },
    ...(plane.workloadIdentity ? { workloadIdentityConfig: { workloadPool: `${cluster.accountId}.svc.id.goog` } } : {}),
    networkPolicy: calico ? { provider: "CALICO", enabled: true } : {},
    networkConfig: {
      network: `projects/${cluster.accountId}/global/networks/default`,
      datapathProvider: dataplaneV2 ? "ADVANCED_DATAPATH" : "LEGACY_DATAPATH",
      enableIntraNodeVisibility: plane.care === "good",
      ...(plane.care === "good" ? { inTransitEncryptionConfig: "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT" } : {}),
      serviceExternalIpsConfig: plane.care === "bad" ? { enabled: true } : {},
    },
    ipAllocationPolicy: plane.care === "bad" ? { useRoutes: true } : { useIpAliases: true },
    addonsConfig: {
      networkPolicyConfig: { disabled: !calico },
      kubernetesDashboard: plane.care === "bad" ? {} : { disabled: true },
      httpLoadBalancing: {},
      gcePersistentDiskCsiDriverConfig: { enabled: true },
    },
    loggingService: "logging.googleapis.com/kubernetes",
    loggingConfig: {
      componentConfig: {
        enableComponents: ["SYSTEM_COMPONENTS", ...(plane.auditLog ? ["APISERVER"] : []), ...LOGS[plane.care]],
      },
    },
    monitoringConfig: { componentConfig: { enableComponents: plane.care === "bad" ? [] : ["SYSTEM_COMPONENTS"] } },
    shieldedNodes: plane.care === "bad" ? {} : { enabled: true },
    maintenancePolicy: {
      resourceVersion: "e3b0c442",
      ...(plane.care === "bad"
        ? {}
        : { window: { dailyMaintenanceWindow: { startTime: "03:00", duration: "PT4H0M0S" } } }),
    },
    anonymousAuthenticationConfig: { mode: plane.care === "good" ? "LIMITED" : "ENABLED" },
    rbacBindingConfig: {
      enableInsecureBindingSystemUnauthenticated: plane.care === "bad",
      enableInsecureBindingSystemAuthenticated: plane.care === "bad",
    },
    ...(plane.care === "good"
      ? {
          authenticatorGroupsConfig: { enabled: true, securityGroup: "gke-security-groups@harbour.example" },
          secretManagerConfig: { enabled: true, rotationConfig: { enabled: true } },
        }
      : {}),
    databaseEncryption: plane.secretsCustomerKey
      ? {
          state: "ENCRYPTED",
          currentState: "CURRENT_STATE_ENCRYPTED",
          keyName: `projects/${cluster.accountId}/locations/${cluster.region}/keyRings/gke/cryptoKeys/etcd`,
        }
      : { state: "DECRYPTED", currentState: "CURRENT_STATE_DECRYPTED" },
    releaseChannel: { channel: CHANNELS[plane.upgradeChannel] },
    binaryAuthorization: {
      evaluationMode: plane.binaryAuthorization ? "PROJECT_SINGLETON_POLICY_ENFORCE" : UNENFORCED[plane.care],
    },
    securityPostureConfig: { mode: plane.threatDetection ? "ENTERPRISE" : plane.care === "bad" ? "DISABLED" : "BASIC" },
    masterAuthorizedNetworksConfig: authorized,
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: {
        endpoint: `gke-${cluster.uid.slice(0, 8)}.${cluster.region}.gke.goog`,
        allowExternalTraffic: false,
      },
      ipEndpointsConfig: {
        enabled: true,
        enablePublicEndpoint: plane.publicEndpoint,
        authorizedNetworksConfig: authorized,
        privateEndpoint: "10.0.0.2",
        globalAccess: plane.care === "middling",
        ...(plane.publicEndpoint ? { publicEndpoint: host } : {}),
      },
    },
    nodePools: cluster.nodePools.map((pool) => nodePool(cluster, pool)),
  };
}
