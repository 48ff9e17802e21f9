import { knownId, resourceId } from "@/connectors/azure/answer";
import { mapLimited } from "@/connectors/concurrency";
import type { DiscoveredCluster, Discovery, KnownCluster } from "@/connectors/connector";
import { settleMissing } from "@/connectors/missing";
import type { Gap } from "@/domain/inventory/schema";
import type { ArcClient, ConnectedAnswer } from "./client";
import { describeArc } from "./describe";
import { LIST_CONNECTED } from "./permissions";

const CONCURRENCY = 4;

/** One connected cluster with its extensions. Half a list of them would make "it has no Defender" a lie, so it counts as none read. */
async function discoverOne(
  client: ArcClient,
  answer: ConnectedAnswer,
  ref: NonNullable<ReturnType<typeof resourceId>>,
): Promise<DiscoveredCluster> {
  const { items, gap } = await client.extensions(ref.id);
  const managed = describeArc({ ...answer, ...(gap ? {} : { extensions: items }) });
  return {
    distribution: "arc",
    name: ref.name,
    aliases: [ref.id],
    managed: { ...managed, name: ref.name },
    gaps: gap ? [gap] : [],
  };
}

/** All Arc-enabled clusters of the subscription. Never rejects: failures are gaps. */
export async function discoverArc(client: ArcClient, known: readonly KnownCluster[] = []): Promise<Discovery> {
  const listing = await client.clusters();
  const gaps: Gap[] = listing.gap ? [listing.gap] : [];
  const seen = new Map<string, Parameters<typeof discoverOne>[2] & { answer: ConnectedAnswer }>();
  for (const answer of listing.items) {
    const ref = resourceId(answer.cluster.id);
    if (ref) seen.set(ref.id, { ...ref, answer });
    else {
      const message = "An entry of the list has no resource id, so the cluster can't be told apart.";
      gaps.push({ code: "malformed", what: LIST_CONNECTED, message });
    }
  }
  const clusters = await mapLimited([...seen.values()], CONCURRENCY, ({ answer, ...ref }) =>
    discoverOne(client, answer, ref),
  );
  return settleMissing({ clusters, gaps }, known, async ({ aliases }) => {
    const answer = await client.cluster(knownId(aliases, LIST_CONNECTED));
    return discoverOne(client, answer, knownId(aliases, LIST_CONNECTED, { id: answer.cluster.id }));
  });
}
