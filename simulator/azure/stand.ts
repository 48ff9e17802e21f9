import { createCore } from "../core";
import type { SimAccount, SimCluster, SimFault } from "../model";
import { type AzureWire, start } from "./index";

/**
 * A small Azure estate in its own process, steered over Node's IPC channel: what a test of a client needs to be wrong in
 * every way. Two subscriptions; the first has five AKS and four connected clusters, one of them an EKS cluster.
 */
export type StandCommand =
  | { do: "connection"; accountId: string }
  | { do: "fault"; fault: Omit<SimFault, "id"> }
  | { do: "calm" }
  | { do: "requests"; since: number }
  | { do: "federated" }
  | { do: "verify"; token: string; cluster: string };

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

const core = createCore({ scenario: "tiny" });
const known = core.clusters();
const template = (distribution: SimCluster["distribution"]): SimCluster => {
  const found = known.find((cluster) => cluster.distribution === distribution);
  if (!found) throw new Error(`the scenario holds no ${distribution} cluster`);
  return found;
};

const pools = (count: number): SimCluster["nodePools"] =>
  Array.from({ length: count }, (_, index) => ({
    name: `pool${index}`,
    mode: index === 0 ? "system" : "user",
    machineType: "Standard_D4ds_v5",
    vcpu: 4,
    count: index + 1,
    version: "1.33.5",
    osImage: "",
    autoUpgrade: false,
    autoRepair: true,
    publicNodes: index === 1,
    secureBoot: index === 0,
    hostEncryption: index === 0,
    metadataProtected: false,
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
    server: "https://127.0.0.1:6443",
    nodePools: pools(id === "closed" ? 5 : 1),
    controlPlane: { ...base.controlPlane, ...change },
    ...more,
  };
};

const good: Partial<SimCluster["controlPlane"]> = {
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
};
const bad: Partial<SimCluster["controlPlane"]> = {
  publicEndpoint: true,
  authorizedRanges: [],
  rbac: false,
  localAccounts: true,
  cloudDirectory: false,
  workloadIdentity: false,
  policyEngine: "none",
  auditLog: false,
  secretsCustomerKey: false,
  upgradeChannel: "none",
  threatDetection: false,
  policyAddon: false,
};
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

const stand = { ...core, accounts: () => ACCOUNTS, clusters: () => clusters };

async function answer(wire: AzureWire, command: StandCommand): Promise<unknown> {
  switch (command.do) {
    case "connection": {
      const account = ACCOUNTS.find((each) => each.id === command.accountId);
      return account && wire.connection(account);
    }
    case "fault":
      return core.addFault(command.fault);
    case "calm":
      return core.removeFault();
    case "requests":
      return core.requests(command.since);
    case "federated":
      return wire.federatedToken();
    case "verify": {
      const found = clusters.find((each) => each.id === command.cluster);
      return found ? await core.verifier("aks")?.(command.token, found) : null;
    }
  }
}

const wire = await start(stand);
process.on("message", (message: { id: number; command: StandCommand }) => {
  answer(wire, message.command).then(
    (result) => process.send?.({ id: message.id, result: result ?? null }),
    (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
  );
});
process.on("disconnect", () => void wire.stop());
process.send?.({ id: 0, result: wire.endpoints });
