import type { SimCluster, SimControlPlane, SimDistribution, SimNodePool } from "./model";
import { AWS_ACCOUNTS, GCP_PROJECTS, SUBSCRIPTIONS } from "./scenario-accounts";

/** How well a cluster's platform team looks after it. */
export type Care = "good" | "middling" | "bad";

export interface ClusterPlan {
  base: Omit<SimCluster, "createdAt" | "uid" | "server" | "caCertificate">;
  care: Care;
  /** Day (relative to the anchor) on which the cluster is created; absent: long before. */
  appears?: number;
  ageDays: number;
  /** Workloads at scale 1, system workloads included, as they stand at the anchor. */
  workloads: number;
  /** Resources (`networkpolicies`) that the reader's role may not list there. */
  denied: string[];
  /** The control plane runs as static pods of the first node. */
  staticPods?: true;
  /** The reader was given the right to ask kubelets for their settings. */
  kubelets?: true;
  /** Dated changes of the managed cluster itself, in order. */
  changes: { day: number; apply(cluster: SimCluster): void /** The nodes change with it. */; nodes?: true }[];
}

const planes: Record<Care, SimControlPlane> = {
  good: {
    care: "good",
    publicEndpoint: false,
    authorizedRanges: [],
    rbac: true,
    localAccounts: false,
    cloudDirectory: true,
    workloadIdentity: true,
    policyEngine: "cilium",
    auditLog: true,
    secretsCustomerKey: true,
    upgradeChannel: "stable",
    threatDetection: true,
    policyAddon: true,
    binaryAuthorization: true,
  },
  middling: {
    care: "middling",
    publicEndpoint: true,
    authorizedRanges: ["203.0.113.0/24", "198.51.100.16/28"],
    rbac: true,
    localAccounts: true,
    cloudDirectory: true,
    workloadIdentity: true,
    policyEngine: "calico",
    auditLog: true,
    secretsCustomerKey: false,
    upgradeChannel: "patch",
    threatDetection: false,
    policyAddon: true,
    binaryAuthorization: false,
  },
  bad: {
    care: "bad",
    publicEndpoint: true,
    authorizedRanges: [],
    rbac: true,
    localAccounts: true,
    cloudDirectory: false,
    workloadIdentity: false,
    policyEngine: "none",
    auditLog: false,
    secretsCustomerKey: false,
    upgradeChannel: "none",
    threatDetection: false,
    policyAddon: false,
    binaryAuthorization: false,
  },
};

const machines: Record<SimDistribution, { small: [string, number]; large: [string, number]; os: string }> = {
  aks: { small: ["Standard_D2ds_v5", 2], large: ["Standard_D8ds_v5", 8], os: "Ubuntu 22.04.5 LTS" },
  eks: { small: ["m6i.large", 2], large: ["m6i.2xlarge", 8], os: "Amazon Linux 2023.9.20251105" },
  gke: { small: ["e2-standard-2", 2], large: ["n2-standard-8", 8], os: "Container-Optimized OS from Google" },
  arc: { small: ["bare-metal", 4], large: ["bare-metal", 16], os: "Ubuntu 24.04.2 LTS" },
};

const pool = (
  distribution: SimDistribution,
  care: Care,
  mode: "system" | "user",
  count: number,
  version: string,
): SimNodePool => {
  const machine = machines[distribution];
  const [machineType, vcpu] = mode === "system" ? machine.small : machine.large;
  const good = care === "good";
  return {
    name: mode === "system" ? "system" : "apps",
    mode,
    machineType,
    vcpu,
    count,
    version,
    osImage: machine.os,
    autoUpgrade: care !== "bad",
    autoRepair: care !== "bad",
    publicNodes: care === "bad",
    secureBoot: good,
    hostEncryption: good,
    metadataProtected: good,
  };
};

const plan = (
  id: string,
  distribution: SimDistribution,
  accountId: string,
  region: string,
  care: Care,
  workloads: number,
  version: string,
  nodes: [system: number, user: number],
  rest: Partial<Omit<ClusterPlan, "base">> & { alsoArcIn?: string } = {},
): ClusterPlan => {
  const { alsoArcIn, ...more } = rest;
  const patch = distribution === "gke" ? "-gke.1304000" : distribution === "eks" ? "-eks-3cfe0ce" : "";
  const nodeVersion = `${version}${patch}`;
  return {
    base: {
      id,
      distribution,
      accountId,
      region,
      ...(distribution === "aks" || distribution === "arc" ? { resourceGroup: `rg-${id.replace(/-\d+$/, "")}` } : {}),
      ...(alsoArcIn === undefined ? {} : { alsoArcIn }),
      version: nodeVersion,
      controlPlane: { ...planes[care] },
      nodePools: [
        pool(distribution, care, "system", nodes[0], nodeVersion),
        pool(distribution, care, "user", nodes[1], nodeVersion),
      ],
    },
    care,
    workloads,
    ageDays: 200 + workloads,
    denied: [],
    changes: [],
    ...more,
  };
};

const upgrade = (day: number, version: string) => ({
  day,
  nodes: true as const,
  apply(cluster: SimCluster) {
    cluster.version = version;
    for (const each of cluster.nodePools) each.version = version;
  },
});

/** The 14 clusters of the estate; two of them appear within the 30 days before the anchor. */
export function clusterPlans(): ClusterPlan[] {
  const { platform, payments, lab } = SUBSCRIPTIONS;
  return [
    plan("aks-prod-weu-1", "aks", platform, "westeurope", "good", 220, "1.33.5", [3, 9], {
      changes: [upgrade(-13.9, "1.33.6")],
    }),
    plan("aks-shop-neu-1", "aks", platform, "northeurope", "middling", 165, "1.32.9", [3, 6], {
      changes: [
        {
          day: -17.4,
          apply: (c) => {
            c.controlPlane.localAccounts = false;
            c.controlPlane.threatDetection = true;
          },
        },
      ],
    }),
    plan("aks-payments-weu-1", "aks", payments, "westeurope", "good", 150, "1.33.5", [3, 6]),
    plan("aks-dev-weu-1", "aks", lab, "westeurope", "bad", 125, "1.31.11", [2, 4], {
      kubelets: true,
      changes: [
        {
          day: -10.6,
          apply: (c) => {
            c.controlPlane.auditLog = true;
          },
        },
        {
          day: 4.5,
          apply: (c) => {
            c.controlPlane.policyEngine = "calico";
          },
        },
      ],
    }),
    plan("aks-lab-eus-1", "aks", lab, "eastus", "bad", 60, "1.32.9", [1, 3], { appears: -8.35 }),
    plan("arc-store-fra-1", "arc", payments, "westeurope", "middling", 75, "1.32.5+k3s1", [1, 3]),
    plan("arc-plant-gdn-1", "arc", lab, "westeurope", "bad", 55, "1.30.8+rke2r1", [1, 2], {
      staticPods: true,
      kubelets: true,
    }),
    plan("eks-prod-euc1-1", "eks", AWS_ACCOUNTS.production, "eu-central-1", "good", 250, "1.33.5", [3, 10], {
      alsoArcIn: platform,
      kubelets: true,
      changes: [
        {
          day: -23.2,
          apply: (c) => {
            c.controlPlane.publicEndpoint = true;
          },
        },
        {
          day: -20.1,
          apply: (c) => {
            c.controlPlane.publicEndpoint = false;
          },
        },
      ],
    }),
    plan("eks-prod-use1-1", "eks", AWS_ACCOUNTS.production, "us-east-1", "middling", 195, "1.32.9", [3, 7], {
      denied: ["networkpolicies"],
    }),
    plan("eks-data-euw1-1", "eks", AWS_ACCOUNTS.data, "eu-west-1", "middling", 185, "1.32.9", [2, 8], {
      changes: [
        {
          day: -12.7,
          apply: (c) => {
            c.controlPlane.secretsCustomerKey = true;
          },
        },
      ],
    }),
    plan("eks-ml-usw2-1", "eks", AWS_ACCOUNTS.data, "us-west-2", "bad", 130, "1.31.13", [2, 6], {
      changes: [
        {
          day: -5.3,
          apply: (c) => {
            c.controlPlane.authorizedRanges = ["203.0.113.0/24"];
          },
        },
      ],
    }),
    plan("gke-prod-ew1-1", "gke", GCP_PROJECTS.production, "europe-west1", "good", 180, "1.33.5", [3, 6]),
    plan("gke-web-ew4-1", "gke", GCP_PROJECTS.production, "europe-west4", "middling", 110, "1.33.5", [2, 4], {
      appears: -19.4,
    }),
    plan("gke-analytics-ew1-1", "gke", GCP_PROJECTS.analytics, "europe-west1", "bad", 100, "1.31.13", [2, 4], {
      denied: ["roles", "rolebindings"],
      changes: [
        {
          day: -15.8,
          apply: (c) => {
            c.controlPlane.workloadIdentity = true;
          },
        },
      ],
    }),
  ];
}
