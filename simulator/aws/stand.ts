import { createCore } from "../core";
import type { SimAccount, SimCluster, SimCore, SimFault, TokenVerifier } from "../model";
import { type AwsWire, start } from "./index";

/**
 * A small AWS estate in its own process, steered over Node's IPC channel: what a test of a client needs to be wrong in
 * every way. Two accounts; the first has seven clusters in one region, one in the next and none in the third.
 */
export type StandCommand =
  | { do: "connection"; accountId: string }
  | { do: "fault"; fault: Omit<SimFault, "id"> }
  | { do: "calm" }
  | { do: "requests"; since: number }
  | { do: "verify"; token: string; cluster: string };

const REGIONS = ["ap-south-1", "eu-central-1", "us-east-1"];
const ACCOUNTS: SimAccount[] = ["111122223333", "444455556666"].map((id) => ({
  provider: "aws",
  id,
  name: `stand-${id}`,
  regions: REGIONS,
}));

const core = createCore({ scenario: "tiny" });
const template = core.clusters().find((cluster) => cluster.distribution === "eks");
if (!template) throw new Error("the scenario holds no EKS cluster");

const pools = (count: number): SimCluster["nodePools"] =>
  Array.from({ length: count }, (_, index) => ({
    name: `pool-${index}`,
    mode: "user",
    machineType: "m6i.large",
    vcpu: 2,
    count: index + 1,
    version: "1.33",
    osImage: "",
    autoUpgrade: false,
    autoRepair: index % 2 === 0,
    publicNodes: false,
    secureBoot: false,
    hostEncryption: false,
    metadataProtected: false,
  }));

const cluster = (id: string, accountId: string, region: string, change: Partial<SimCluster["controlPlane"]> = {}) => ({
  ...template,
  id,
  accountId,
  region,
  server: "https://127.0.0.1:6443",
  nodePools: pools(id === "many-pools" ? 5 : 1),
  controlPlane: { ...template.controlPlane, ...change },
});

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

const verifiers: TokenVerifier[] = [];
const stand: SimCore = {
  ...core,
  accounts: () => ACCOUNTS,
  clusters: () => clusters,
  registerTokenVerifier: (_distribution, verify) => void verifiers.push(verify),
};

async function answer(wire: AwsWire, command: StandCommand): Promise<unknown> {
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
    case "verify": {
      const found = clusters.find((each) => each.id === command.cluster);
      return found ? await verifiers[0]?.(command.token, found) : null;
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
