import type { Gap } from "@/domain/inventory/schema";
import { mapLimited } from "./concurrency";
import { ConnectorError, type DiscoveredCluster, type Discovery, type KnownCluster } from "./connector";

const CONCURRENCY = 4;

type Found = { cluster: DiscoveredCluster } | { gone: KnownCluster } | { gap: Gap };

async function settle(known: KnownCluster, ask: (known: KnownCluster) => Promise<DiscoveredCluster>): Promise<Found> {
  try {
    return { cluster: await ask(known) };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const { gap } = error;
    if (gap.code === "not_found") return { gone: known };
    const message = `${known.name} is not in the list any more, and asking for it failed, so it is kept as last seen. ${gap.message}`;
    return { gap: { ...gap, what: `${gap.what} ${known.name}`, message } };
  }
}

/**
 * The discovery that a list makes. A cloud may leave out silently what the identity has no right to see, so each known cluster
 * that a whole list does not hold is asked for by its id (`ask`, which rejects with ConnectorError): only "not found" makes it
 * gone, any other failure is a gap. A list with gaps says nothing of what it does not hold, and nothing is asked then.
 */
export async function settleMissing(
  listed: Pick<Discovery, "clusters" | "gaps">,
  known: readonly KnownCluster[],
  ask: (known: KnownCluster) => Promise<DiscoveredCluster>,
): Promise<Discovery> {
  if (listed.gaps.length > 0) return { ...listed, complete: false, gone: [] };
  const seen = new Set(listed.clusters.flatMap(({ aliases }) => aliases));
  const missing = known.filter(({ aliases }) => !aliases.some((alias) => seen.has(alias)));
  const found = await mapLimited(missing, CONCURRENCY, (one) => settle(one, ask));
  const gaps = found.flatMap((one) => ("gap" in one ? one.gap : []));
  return {
    clusters: [...listed.clusters, ...found.flatMap((one) => ("cluster" in one ? one.cluster : []))],
    complete: gaps.length === 0,
    gaps,
    gone: found.flatMap((one) => ("gone" in one ? one.gone.aliases : [])),
  };
}
