import type { SimAccount, SimCluster } from "../model";
import { planes } from "../scenario-planes";
import { serveStand, standCore, standPools } from "../stand";
import { start } from "./index";

/** Two subscriptions; the first has five AKS and four connected clusters, one of them an EKS cluster. */
const TENANT = "7c1a5c1e-52d4-4f0a-9d55-6f0e2a1b9c30";
const [OWN, OTHER] = ["3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101", "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1102"] as const;
const ACCOUNTS: SimAccount[] = [OWN, OTHER].map((id, index) => ({
  provider: "azure",
  id,
  name: `stand-${index}`,
  tenantId: TENANT,
  clientId: `c0000000-0000-4000-8000-00000000000${index}`,
  clientSecret: `secret-${index}`,
  regions: ["westeurope"],
}));

const { core, template } = standCore();
const pools = (count: number) =>
  standPools(count, (index) => ({
    name: `pool${index}`,
    mode: index === 0 ? "system" : "user",
    machineType: "Standard_D4ds_v5",
    vcpu: 4,
    version: "1.33.5",
    publicNodes: index === 1,
    secureBoot: index === 0,
    hostEncryption: index === 0,
  }));

const cluster = (
  id: string,
  distribution: SimCluster["distribution"],
  accountId: string,
  change: Partial<SimCluster["controlPlane"]> = {},
  more: Partial<SimCluster> = {},
): SimCluster => {
  const base = template(distribution);
  return {
    ...base,
    id,
    accountId,
    resourceGroup: "RG-Stand",
    nodePools: pools(id === "closed" ? 5 : 1),
    controlPlane: { ...base.controlPlane, ...change },
    ...more,
  };
};

const { care: _good, ...good } = planes.good;
const { care: _bad, ...bad } = { ...planes.bad, rbac: false };
const clusters: SimCluster[] = [
  cluster("closed", "aks", OWN, good),
  cluster("open", "aks", OWN, bad),
  cluster("ranged", "aks", OWN, { ...good, publicEndpoint: true, authorizedRanges: ["203.0.113.0/24"] }),
  cluster("plain-1", "aks", OWN, good),
  cluster("plain-2", "aks", OWN, good),
  ...[1, 2, 3].map((index) => cluster(`store-${index}`, "arc", OWN)),
  cluster("behind-arc", "eks", "111122223333", {}, { alsoArcIn: OWN }),
  cluster("other", "aks", OTHER),
];

const more = { federated: (wire: Awaited<ReturnType<typeof start>>) => wire.federatedToken() };
await serveStand({ core, accounts: ACCOUNTS, clusters, distribution: "aks", start, more });
