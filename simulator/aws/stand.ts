import type { SimAccount, SimCluster } from "../model";
import { serveStand, standCore, standPools } from "../stand";
import { start } from "./index";

/** Two AWS accounts; the first has seven clusters in one region, one in the next and none in the third. */
const REGIONS = ["ap-south-1", "eu-central-1", "us-east-1"];
const ACCOUNTS: SimAccount[] = ["111122223333", "444455556666"].map((id) => ({
  provider: "aws",
  id,
  name: `stand-${id}`,
  regions: REGIONS,
}));

const { core, template } = standCore();
const pools = (count: number) =>
  standPools(count, (index) => ({ name: `pool-${index}`, machineType: "m6i.large", autoRepair: index % 2 === 0 }));

const cluster = (id: string, accountId: string, region: string, change: Partial<SimCluster["controlPlane"]> = {}) => {
  const base = template("eks");
  const nodePools = pools(id === "many-pools" ? 5 : 1);
  return { ...base, id, accountId, region, nodePools, controlPlane: { ...base.controlPlane, ...change } };
};

const open: Partial<SimCluster["controlPlane"]> = {
  publicEndpoint: true,
  authorizedRanges: [],
  auditLog: false,
  secretsCustomerKey: false,
  policyEngine: "none",
  threatDetection: false,
  localAccounts: true,
  cloudDirectory: false,
};
const clusters: SimCluster[] = [
  cluster("closed", "111122223333", "eu-central-1", {
    publicEndpoint: false,
    auditLog: true,
    secretsCustomerKey: true,
    policyEngine: "cilium",
    threatDetection: true,
    workloadIdentity: true,
    localAccounts: false,
    cloudDirectory: true,
    upgradeChannel: "stable",
  }),
  cluster("many-pools", "111122223333", "us-east-1"),
  cluster("open", "111122223333", "eu-central-1", {
    ...open,
    workloadIdentity: false,
    upgradeChannel: "none",
  }),
  cluster("ranged", "111122223333", "eu-central-1", {
    publicEndpoint: true,
    authorizedRanges: ["203.0.113.0/24"],
    localAccounts: true,
    cloudDirectory: true,
  }),
  ...[1, 2, 3, 4].map((index) => cluster(`plain-${index}`, "111122223333", "eu-central-1")),
  cluster("other", "444455556666", "us-east-1"),
];

await serveStand({ core, accounts: ACCOUNTS, clusters, distribution: "eks", start });
