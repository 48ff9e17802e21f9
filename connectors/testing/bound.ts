import { type Distribution, type Gap, LISTED_KINDS } from "@/domain/inventory/schema";
import {
  type ConnectorContext,
  ConnectorError,
  type Discovery,
  type KnownCluster,
  type KubernetesReader,
} from "../connector";
import { connectors } from "../registry";
import type { Estate, EstateAccount, EstateCluster } from "./estate";

/** What an estate says of itself: the truth that connectors are held to. */
export interface World {
  accounts: EstateAccount[];
  clusters: EstateCluster[];
}
export async function openWorld(estate: Estate): Promise<World> {
  const [accounts, clusters] = await Promise.all([estate.accounts(), estate.clusters()]);
  return { accounts, clusters };
}

export const context: ConnectorContext = {
  signal: new AbortController().signal,
  log: () => undefined,
  allowPrivateNetworks: true,
};
export const readerOptions = { allowPrivateNetworks: true, signal: context.signal };

/** One attempt that waits so long for an answer, in the words of every connector's own settings. */
const patience = (ms: number) => ({
  azure: { requestTimeoutMs: ms, maxAttempts: 1 },
  aws: { requestTimeoutMs: ms, connectTimeoutMs: ms, maxAttempts: 1 },
  gcp: { requestTimeoutMs: ms, totalTimeoutMs: ms * 1.5, connectTimeoutMs: ms, maxAttempts: 1 },
  self: {},
});

/** The accounts of a distribution's provider with the connector bound to each; `patienceMs`: how long its one attempt waits, instead of what it does by default. */
export function bound({ accounts }: World, distribution: Distribution, patienceMs?: number) {
  const connector = connectors[distribution];
  return accounts
    .filter((account) => account.provider === connector.provider)
    .map((account) => {
      const extra = patienceMs === undefined ? {} : patience(patienceMs)[account.provider];
      const stored = JSON.parse(JSON.stringify({ ...account.settings, ...extra }));
      const settings = connector.schema.parse(stored);
      return {
        account,
        connector,
        discover: (known?: readonly KnownCluster[]) => connector.discover(settings, account.secrets, context, known),
        access: (cluster: Discovery["clusters"][number]) =>
          connector.access(settings, account.secrets, cluster, context),
        test: () => connector.test(settings, account.secrets, context),
      };
    });
}

/** The clusters that a connector must find in an account. */
export const expectedIn = ({ clusters }: World, distribution: Distribution, accountId: string): EstateCluster[] =>
  clusters.filter((cluster) =>
    distribution === "arc"
      ? cluster.alsoArcIn === accountId || (cluster.distribution === "arc" && cluster.accountId === accountId)
      : cluster.distribution === distribution && cluster.accountId === accountId,
  );
export const gapsOf = (discovery: Discovery): Gap[] => [
  ...discovery.gaps,
  ...discovery.clusters.flatMap((cluster) => cluster.gaps),
];
export const namesOf = (discovery: Discovery): string[] => discovery.clusters.map((cluster) => cluster.name).sort();

/** Reads one kind to its end; a rejection becomes its gap. */
export async function count(reader: KubernetesReader, kindName: string) {
  const kind = LISTED_KINDS.find((each) => each.kind === kindName);
  if (!kind) throw new Error(kindName);
  let objects = 0;
  const list = reader.list(kind);
  try {
    for (;;) {
      const step = await list.next();
      if (step.done) return { objects, ...step.value };
      objects += step.value.length;
    }
  } catch (error) {
    if (error instanceof ConnectorError) return { objects, complete: false, gaps: [error.gap] };
    throw error;
  }
}
