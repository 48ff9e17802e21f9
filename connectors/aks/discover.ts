import { resourceId } from "@/connectors/azure/answer";
import { toConnectorError } from "@/connectors/azure/error";
import { eachOf } from "@/connectors/azure/pool";
import type { DiscoveredCluster, Discovery } from "@/connectors/connector";
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
  const [pools, diagnostics] = await Promise.all([
    client.pools(ref),
    client.diagnostics(ref).catch((error: unknown) => {
      gaps.push(toConnectorError(error, { what: DIAGNOSTICS }).gap);
      return undefined;
    }),
  ]);
  if (pools.gap) gaps.push(pools.gap);
  const managed = describeAks({
    cluster,
    // Half a list would look like a cluster without the other pools: absent is honest.
    ...(pools.gap ? {} : { pools: pools.items }),
    ...(diagnostics ? { diagnostics } : {}),
  });
  return { distribution: "aks", name: ref.name, aliases: [ref.id], managed: { ...managed, name: ref.name }, gaps };
}

/** All AKS clusters of the subscription, each with its node pools and logging. Never rejects: failures are gaps. */
export async function discoverAks(client: AksClient): Promise<Discovery> {
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
  const clusters = await eachOf([...seen.values()], CONCURRENCY, ({ cluster, ref }) =>
    discoverOne(client, cluster, ref),
  );
  return { clusters, complete: gaps.length === 0, gaps };
}
