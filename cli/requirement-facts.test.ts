import { expect, it } from "vitest";
import { describeAks } from "@/connectors/aks/describe";
import { describeArc } from "@/connectors/arc/describe";
import { describeManagedCluster, type EksFacts } from "@/connectors/eks/describe";
import { describeCluster } from "@/connectors/gke/describe";
import { loadBenchmarks } from "@/domain/benchmark/load";
import { concerns } from "@/domain/benchmark/rollup";
import { decidedBy, type Requirement } from "@/domain/benchmark/schema";
import { clusterFacts } from "@/domain/inventory/cluster-facts";
import { CONTROL_PLANE_KINDS } from "@/domain/inventory/control-plane";
import type { ManagedCluster } from "@/domain/inventory/schema";
import { assess } from "@/domain/posture/engine";
import { loadControls } from "@/domain/posture/load";
import type { Control } from "@/domain/posture/schema";

/** Enums come by their names, which the client's types do not know. */
const named = (...names: string[]) => names as never;
const eks: EksFacts = {
  name: "prod",
  region: "eu-central-1",
  cluster: {
    name: "prod",
    version: "1.34",
    status: "ACTIVE",
    resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: false, publicAccessCidrs: ["0.0.0.0/0"] },
    logging: {
      clusterLogging: [{ types: ["api", "audit", "authenticator", "controllerManager", "scheduler"], enabled: false }],
    },
    accessConfig: { authenticationMode: "API" },
    upgradePolicy: { supportType: "STANDARD" },
    deletionProtection: false,
    health: { issues: [] },
  },
  addons: [{ addonName: "vpc-cni", addonVersion: "v1.20.0", status: "ACTIVE" }],
  accessEntries: ["arn:aws:iam::111122223333:role/ops"],
  accessPolicies: { "arn:aws:iam::111122223333:role/ops": [] },
  nodegroups: [
    {
      nodegroupName: "main",
      status: "ACTIVE",
      version: "1.34",
      amiType: "AL2023_x86_64_STANDARD",
      subnets: ["a"],
      launchTemplate: { id: "t" },
      health: { issues: [] },
    },
  ],
  subnets: [{ SubnetId: "a", MapPublicIpOnLaunch: false, AvailabilityZone: "eu-central-1a" }],
  launchTemplates: { main: { MetadataOptions: { HttpTokens: "optional", HttpPutResponseHopLimit: 2 } } },
};
const { nodegroups, ...ownNodes } = eks;

/** Ordinary clusters as their clouds tell of them when every call is answered: with what is optional switched off, or brought by hand. */
const CLUSTERS: Readonly<Record<string, ManagedCluster>> = {
  "AKS, nothing switched on": describeAks({
    cluster: {
      name: "prod",
      location: "westeurope",
      provisioningState: "Succeeded",
      powerState: { code: "Running" },
      currentKubernetesVersion: "1.34.1",
      enableRbac: true,
      identity: { type: "SystemAssigned" },
      networkProfile: { networkPlugin: "azure", outboundType: "loadBalancer" },
      autoUpgradeProfile: { upgradeChannel: "none", nodeOSUpgradeChannel: "None" },
    },
    pools: [
      {
        name: "main",
        mode: "System",
        provisioningState: "Succeeded",
        currentOrchestratorVersion: "1.34.1",
        nodeImageVersion: "AKSUbuntu-2204gen2containerd-202511.01.0",
        enableEncryptionAtHost: false,
        securityProfile: { sshAccess: "LocalUser" },
        workloadRuntime: "OCIContainer",
      },
    ],
    diagnostics: [],
  }),
  "EKS without Auto Mode and the pod identity agent": describeManagedCluster(eks),
  "EKS with a network plug-in of its own": describeManagedCluster({ ...eks, addons: [] }),
  "EKS with nodes of its own": describeManagedCluster({ ...ownNodes, nodegroups: [] }),
  "GKE, nothing switched on": describeCluster({
    name: "prod",
    location: "europe-west1",
    status: "RUNNING",
    currentMasterVersion: "1.34.1-gke.100",
    masterAuth: { clusterCaCertificate: "x" },
    legacyAbac: {},
    networkConfig: {
      datapathProvider: "LEGACY_DATAPATH",
      defaultEnablePrivateNodes: false,
      serviceExternalIpsConfig: {},
      enableIntraNodeVisibility: false,
    },
    networkPolicy: {},
    addonsConfig: { kubernetesDashboard: { disabled: true }, networkPolicyConfig: { disabled: true } },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: false },
      ipEndpointsConfig: { enabled: true, enablePublicEndpoint: true, authorizedNetworksConfig: {} },
    },
    ipAllocationPolicy: { useIpAliases: true },
    releaseChannel: { channel: "UNSPECIFIED" },
    databaseEncryption: { state: "DECRYPTED" },
    loggingConfig: { componentConfig: { enableComponents: named("SYSTEM_COMPONENTS") } },
    monitoringConfig: { componentConfig: { enableComponents: named("SYSTEM_COMPONENTS") } },
    securityPostureConfig: { mode: "DISABLED" },
    binaryAuthorization: { evaluationMode: "DISABLED" },
    shieldedNodes: { enabled: true },
    nodePools: [
      {
        name: "main",
        status: "RUNNING",
        version: "1.34.1-gke.100",
        locations: ["europe-west1-b"],
        management: {},
        config: {
          imageType: "COS_CONTAINERD",
          oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
          workloadMetadataConfig: { mode: "GCE_METADATA" },
          shieldedInstanceConfig: {},
        },
      },
    ],
  }),
  "Arc, nothing switched on": describeArc({
    cluster: {
      name: "edge",
      location: "westeurope",
      distribution: "k3s",
      infrastructure: "generic",
      connectivityStatus: "Connected",
      kubernetesVersion: "1.34.1",
      agentVersion: "1.28.2",
    },
    properties: {
      provisioningState: "Succeeded",
      arcAgentProfile: { agentAutoUpgrade: "Enabled" },
      privateLinkState: "Disabled",
      aadProfile: { enableAzureRBAC: false },
    },
    extensions: [],
  }),
};

const controls = new Map(loadControls().map((control) => [control.id, control]));
const now = new Date("2026-01-15T00:00:00Z");

/** Kinds that only a right of its own shows. */
const OPTIONAL: readonly string[] = ["Kubelet", "ConfigMap"];

function isToldOf(control: Control, managed: ManagedCluster): boolean {
  const { resources } = control.appliesTo;
  if (resources.every((word) => OPTIONAL.includes(word))) return false;
  // k3s runs its control plane in one process, which is no pod.
  if (resources.every((word) => CONTROL_PLANE_KINDS.includes(word))) return managed.distribution !== "arc";
  if (!resources.includes("ManagedCluster")) return true;
  const key = { apiGroup: "", kind: "ManagedCluster", namespace: "", name: managed.name };
  const subject = {
    key,
    appliesTo: "ManagedCluster" as const,
    object: { ...managed },
    facts: { ...clusterFacts(managed, now) },
  };
  return assess(control, subject).outcome !== "not_evaluated";
}

/** Nobody else may speak for what its controls do not see. */
const waitsForControls = (requirement: Requirement): boolean =>
  decidedBy(requirement) === "controls" ||
  (decidedBy(requirement) === "controls-and-person" && requirement.manual?.unseen !== true);

/** Requirements that nobody decides on a cluster, with the controls that wait for a fact which its cloud never tells. */
const stuck = (managed: ManagedCluster): string[] =>
  loadBenchmarks()
    .filter((benchmark) => concerns(benchmark, managed.distribution))
    .flatMap(({ id, sections }) =>
      sections
        .flatMap(({ requirements }) => requirements)
        .filter((requirement) => waitsForControls(requirement))
        .flatMap((requirement) => {
          const waiting = (requirement.controls ?? []).filter((name) => {
            const control = controls.get(name);
            return control !== undefined && !isToldOf(control, managed);
          });
          return waiting.length === 0 ? [] : [`${id} ${requirement.id}: ${waiting.join(", ")}`];
        }),
    );

it.each(Object.entries(CLUSTERS))(
  "%s: no requirement rests on controls alone that are told nothing, by the cloud or without an optional right",
  (_, managed) => {
    expect(stuck(managed)).toEqual([]);
  },
);
