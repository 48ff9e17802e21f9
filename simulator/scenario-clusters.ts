import type { SimCluster, SimDistribution } from "./model";
import { AWS_ACCOUNTS, GCP_PROJECTS, SUBSCRIPTIONS } from "./scenario-accounts";
import { planes, pool } from "./scenario-planes";

/** How well a cluster's platform team looks after it. */
export type Care = "good" | "middling" | "bad";

/** A dated change of a managed cluster itself. `nodes`: its nodes change with it; `rolls`: its add-ons do. */
interface Change {
  day: number;
  apply(cluster: SimCluster): void;
  nodes?: true;
  rolls?: true;
}

export interface ClusterPlan {
  base: Omit<SimCluster, "createdAt" | "uid" | "server" | "caCertificate">;
  care: Care;
  /** Day (relative to the anchor) on which the cluster is created; absent: long before. */
  appears?: number;
  ageDays: number;
  /** Workloads at scale 1, system workloads included, as they stand at the anchor. */
  workloads: number;
  /** Resources (`networkpolicies`) that the reader's role may not list there, and the day on which that was taken; absent: never given. */
  denied: { resources: string[]; from?: number };
  /** The control plane runs as static pods of the first node. */
  staticPods?: true;
  /** Whoever has signed in may debug every pod. */
  openDebugger?: true;
  /** It guards its pods by a policy that was applied while that API was in beta, and never since. */
  betaPolicy?: true;
  /** The reader was given the right to ask kubelets for their settings. */
  kubelets?: true;
  /** The reader was given the right to judge ConfigMaps. */
  configMaps?: true;
  /** In order of their days. */
  changes: Change[];
}

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
  return {
    base: {
      id,
      distribution,
      accountId,
      region,
      ...(distribution === "aks" || distribution === "arc" ? { resourceGroup: `rg-${id.replace(/-\d+$/, "")}` } : {}),
      ...(alsoArcIn === undefined ? {} : { alsoArcIn }),
      version,
      controlPlane: { ...planes[care] },
      nodePools: [
        pool(distribution, care, "system", nodes[0], version),
        pool(distribution, care, "user", nodes[1], version),
      ],
    },
    care,
    workloads,
    ageDays: 200 + workloads,
    denied: { resources: [] },
    changes: [],
    ...more,
  };
};

/** An upgrade as careful people do it: the control plane, then its nodes. */
const upgrade = (day: number, version: string, nodesAfter = 0.05): Change[] => [
  {
    day,
    rolls: true,
    apply: (cluster) => {
      cluster.version = version;
    },
  },
  {
    day: day + nodesAfter,
    nodes: true,
    apply: (cluster) => {
      for (const each of cluster.nodePools) each.version = version;
    },
  },
];

/**
 * The 14 clusters of the estate; two of them appear within the 30 days before the anchor. Whose version still gets fixes is not about to
 * lose them, so that a demo tells of what its teams do and not of the day on which it was started.
 */
export function clusterPlans(): ClusterPlan[] {
  const { platform, payments, lab } = SUBSCRIPTIONS;
  return [
    plan("aks-prod-weu-1", "aks", platform, "westeurope", "good", 220, "1.35.7", [3, 9], {
      changes: upgrade(-13.9, "1.36.3"),
    }),
    plan("aks-shop-neu-1", "aks", platform, "northeurope", "middling", 165, "1.35.7", [3, 6], {
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
    plan("aks-payments-weu-1", "aks", payments, "westeurope", "good", 150, "1.35.7", [3, 6]),
    plan("aks-dev-weu-1", "aks", lab, "westeurope", "bad", 125, "1.33.8", [2, 4], {
      kubelets: true,
      configMaps: true,
      openDebugger: true,
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
    plan("aks-lab-eus-1", "aks", lab, "eastus", "bad", 60, "1.35.7", [1, 3], { appears: -8.35 }),
    plan("arc-store-fra-1", "arc", payments, "westeurope", "middling", 75, "1.36.3+k3s1", [1, 3]),
    plan("arc-plant-gdn-1", "arc", lab, "westeurope", "bad", 55, "1.32.9+rke2r1", [1, 2], {
      staticPods: true,
      kubelets: true,
    }),
    plan(
      "eks-prod-euc1-1",
      "eks",
      AWS_ACCOUNTS.production,
      "eu-central-1",
      "good",
      250,
      "1.35.7-eks-3cfe0ce",
      [3, 10],
      {
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
      },
    ),
    plan(
      "eks-prod-use1-1",
      "eks",
      AWS_ACCOUNTS.production,
      "us-east-1",
      "middling",
      195,
      "1.33.12-eks-3cfe0ce",
      [3, 7],
      {
        denied: { resources: ["networkpolicies"] },
        betaPolicy: true,
        // The end of standard support is near: the nodes follow a week after the control plane.
        changes: upgrade(-17.3, "1.34.10-eks-3cfe0ce", 7.2),
      },
    ),
    plan("eks-data-euw1-1", "eks", AWS_ACCOUNTS.data, "eu-west-1", "middling", 185, "1.35.7-eks-3cfe0ce", [2, 8], {
      changes: [
        {
          day: -12.7,
          apply: (c) => {
            c.controlPlane.secretsCustomerKey = true;
          },
        },
      ],
    }),
    plan("eks-ml-usw2-1", "eks", AWS_ACCOUNTS.data, "us-west-2", "bad", 130, "1.32.9-eks-3cfe0ce", [2, 6], {
      changes: [
        {
          day: -5.3,
          apply: (c) => {
            c.controlPlane.authorizedRanges = ["203.0.113.0/24"];
          },
        },
      ],
    }),
    plan("gke-prod-ew1-1", "gke", GCP_PROJECTS.production, "europe-west1", "good", 180, "1.35.8-gke.1036000", [3, 6]),
    plan(
      "gke-web-ew4-1",
      "gke",
      GCP_PROJECTS.production,
      "europe-west4",
      "middling",
      110,
      "1.35.8-gke.1225000",
      [2, 4],
      {
        appears: -19.4,
      },
    ),
    plan(
      "gke-analytics-ew1-1",
      "gke",
      GCP_PROJECTS.analytics,
      "europe-west1",
      "bad",
      100,
      "1.35.8-gke.1036000",
      [2, 4],
      {
        // Somebody tidied the reader's role.
        denied: { resources: ["roles", "rolebindings"], from: -11.6 },

        changes: [
          {
            day: -15.8,
            apply: (c) => {
              c.controlPlane.workloadIdentity = true;
            },
          },
        ],
      },
    ),
  ];
}
