import { knownId, resourceId } from "@/connectors/azure/answer";
import { toConnectorError } from "@/connectors/azure/error";
import { mapLimited } from "@/connectors/concurrency";
import type { DiscoveredCluster, Discovery, KnownCluster } from "@/connectors/connector";
import { settleMissing } from "@/connectors/missing";
import type { Gap } from "@/domain/inventory/schema";
import type { AksClient } from "./client";
import { describeAks } from "./describe";
import { DIAGNOSTICS, LIST_CLUSTERS } from "./permissions";

const CONCURRENCY = 4;

async function discoverOne(
  client: AksClient,
  cluster: unknown,
  ref: NonNullable<ReturnType<typeof resourceId>>,
): Promise<DiscoveredCluster> {
  const gaps: Gap[] = [];
  const [pools, maintenance, diagnostics] = await Promise.all([
    client.pools(ref),
    client.maintenance(ref),
    client.diagnostics(ref).catch((error: unknown) => {
      gaps.push(toConnectorError(error, { what: DIAGNOSTICS }).gap);
      return undefined;
    }),
  ]);
  for (const { gap } of [pools, maintenance]) if (gap) gaps.push(gap);
  const managed = describeAks({
    cluster,
    // Half a list would look like a cluster without the other pools: absent is honest.
    ...(pools.gap ? {} : { pools: pools.items }),
    ...(maintenance.gap ? {} : { maintenance: { configurations: maintenance.items, readAt: new Date() } }),
    ...(diagnostics ? { diagnostics } : {}),
  });
  return { distribution: "aks", name: ref.name, aliases: [ref.id], managed: { ...managed, name: ref.name }, gaps };
}

/** All AKS clusters of the subscription, each with its node pools and logging. Never rejects: failures are gaps. */
export async function discoverAks(client: AksClient, known: readonly KnownCluster[] = []): Promise<Discovery> {
  const listing = await client.clusters();
  const gaps: Gap[] = listing.gap ? [listing.gap] : [];
  const seen = new Map<string, { cluster: unknown; ref: NonNullable<ReturnType<typeof resourceId>> }>();
  for (const cluster of listing.items) {
    const ref = resourceId(cluster.id);
    if (ref) seen.set(ref.id, { cluster, ref });
    else
      gaps.push({
        code: "malformed",
        what: LIST_CLUSTERS,
        message: "An entry of the list has no resource id, so the cluster can't be told apart.",
      });
  }
  const clusters = await mapLimited([...seen.values()], CONCURRENCY, ({ cluster, ref }) =>
    discoverOne(client, cluster, ref),
  );
  return settleMissing({ clusters, gaps }, known, async ({ aliases }) => {
    const cluster = await client.cluster(knownId(aliases, LIST_CLUSTERS));
    return discoverOne(client, cluster, knownId(aliases, LIST_CLUSTERS, { id: cluster.id }));
  });
}
