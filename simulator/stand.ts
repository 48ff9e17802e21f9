import { type Core, createCore } from "./core";
import type { SimAccount, SimCluster, SimConnection, SimCore, SimDistribution, SimFault, SimWire } from "./model";

/** What the process of a stand is told over Node's IPC channel, and answers with the same id. */
export type StandCommand =
  | { do: "connection"; accountId: string }
  | { do: "fault"; fault: Omit<SimFault, "id"> }
  | { do: "calm" }
  | { do: "requests"; since: number }
  | { do: "verify"; token: string; cluster: string };

type Wire = SimWire & { connection(account: SimAccount): SimConnection };

/** A small estate of one cloud in its own process: what a test of a client needs to be wrong in every way. */
export interface Stand<W extends Wire> {
  core: Core;
  accounts: SimAccount[];
  clusters: SimCluster[];
  /** Whose tokens are verified. */
  distribution: SimDistribution;
  start(core: SimCore): Promise<W>;
  /** Commands that only this cloud has. */
  more?: Record<string, (wire: W) => unknown>;
}

/** Starts a stand and serves its parent until the channel closes. */
export async function serveStand<W extends Wire>(stand: Stand<W>): Promise<void> {
  const { core, accounts, clusters, distribution, more = {} } = stand;
  const wire = await stand.start({ ...core, accounts: () => accounts, clusters: () => clusters });
  const answer = async (command: StandCommand): Promise<unknown> => {
    switch (command.do) {
      case "connection": {
        const account = accounts.find((each) => each.id === command.accountId);
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
        return found ? await core.verifier(distribution)?.(command.token, found) : null;
      }
      default:
        return more[(command as { do: string }).do]?.(wire);
    }
  };
  process.on("message", (message: { id: number; command: StandCommand }) => {
    answer(message.command).then(
      (result) => process.send?.({ id: message.id, result: result ?? null }),
      (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
    );
  });
  process.on("disconnect", () => void wire.stop());
  process.send?.({ id: 0, result: wire.endpoints });
}

/** The core of a stand, and clusters after those of the scenario. */
export function standCore() {
  const core = createCore({ scenario: "tiny" });
  const known = core.clusters();
  const template = (distribution: SimDistribution): SimCluster => {
    const found = known.find((cluster) => cluster.distribution === distribution);
    if (!found) throw new Error(`the scenario holds no ${distribution} cluster`);
    return { ...found, server: "https://127.0.0.1:6443" };
  };
  return { core, template };
}

/** As many node pools, each one machine larger than the one before. */
export const standPools = (
  count: number,
  pool: (index: number) => Partial<SimCluster["nodePools"][number]> & { name: string; machineType: string },
): SimCluster["nodePools"] =>
  Array.from({ length: count }, (_, index) => ({
    mode: "user",
    vcpu: 2,
    count: index + 1,
    version: "1.35",
    os: "standard",
    autoUpgrade: false,
    autoRepair: true,
    publicNodes: false,
    secureBoot: false,
    hostEncryption: false,
    metadataProtected: false,
    ...pool(index),
  }));
