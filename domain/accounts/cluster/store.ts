import type pg from "pg";
import type { Distribution } from "@/domain/inventory/schema";
import { publish } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import type { SqlRunner } from "@/lib/jobs";
import type { Discovered } from "../discovered";

type Discovery = Discovered["discovery"];

/** What other rooms do about clusters that a discovery saw go or come back, in its transaction. */
export interface Comings {
  gone(tx: pg.PoolClient, clusterIds: string[]): Promise<void>;
  /** `goneAt`: when it was last seen to be gone. */
  back(tx: pg.PoolClient, clusters: { id: string; goneAt: Date }[]): Promise<void>;
}

/** Notes until when a cluster's API asked to wait, under the scan's own lease; null: it asks for nothing (any more). */
export async function recordClusterWait(
  tx: SqlRunner,
  clusterId: string,
  fence: bigint,
  until: Date | null,
): Promise<void> {
  await tx.query(
    `UPDATE "Cluster" SET "waitUntil" = $3 WHERE "id" = $1 AND "fence" = $2 AND "waitUntil" IS DISTINCT FROM $3`,
    [clusterId, String(fence), until],
  );
}

/** Notes under the scan's own lease what a cluster's API refuses the account's identity; null: nothing (any more). */
export async function recordScannedRefusal(
  tx: SqlRunner,
  clusterId: string,
  fence: bigint,
  refusal: string | null,
): Promise<void> {
  await tx.query(
    `UPDATE "Cluster" SET "refusal" = $3 WHERE "id" = $1 AND "fence" = $2 AND "refusal" IS DISTINCT FROM $3`,
    [clusterId, String(fence), refusal],
  );
}

/** Notes the same of a cluster that a connection test tried. One that no discovery saw yet is told of by its first scan. */
export async function recordTestedRefusal(
  tx: SqlRunner,
  accountId: string,
  aliases: readonly string[],
  refusal: string | null,
): Promise<void> {
  await tx.query(
    `UPDATE "Cluster" SET "refusal" = $3 WHERE "accountId" = $1 AND "aliases" && $2::text[] AND "refusal" IS DISTINCT FROM $3`,
    [accountId, aliases, refusal],
  );
}

/** Of these clusters, those whose API does not ask to wait. */
export async function withoutWait(tx: SqlRunner, clusterIds: readonly string[], now: Date): Promise<string[]> {
  const { rows } = await tx.query(
    `SELECT "id" FROM "Cluster" WHERE "id" = ANY($1::uuid[]) AND ("waitUntil" IS NULL OR "waitUntil" <= $2)`,
    [clusterIds, now],
  );
  return rows.map((row) => (row as { id: string }).id);
}

/** Claims the clusters whose wait is over: they are scanned then, and not only with the account's next look. */
export async function claimWaited(tx: SqlRunner, now: Date): Promise<string[]> {
  const { rows } = await tx.query(
    `UPDATE "Cluster" c SET "waitUntil" = NULL FROM "Account" a WHERE a."id" = c."accountId" AND a."enabled" AND c."goneAt" IS NULL AND c."waitUntil" <= $1
     RETURNING c."id"`,
    [now],
  );
  return rows.map((row) => (row as { id: string }).id);
}

/** The clusters of an account that one connector saw before and that are not gone; those that are a second name of another are. */
export async function knownClusters(
  tx: SqlRunner,
  accountId: string,
  distribution: Distribution,
): Promise<{ name: string; aliases: string[] }[]> {
  const { rows } = await tx.query(
    `SELECT "name", "aliases" FROM "Cluster" WHERE "accountId" = $1 AND "distribution" = $2 AND "goneAt" IS NULL`,
    [accountId, distribution],
  );
  return rows as { name: string; aliases: string[] }[]; // the columns selected above
}

interface Known {
  id: string;
  goneAt: Date | null;
  /** Whether the cluster of which this row is a second name is there, and its account switched on. */
  isSecondName: boolean;
}

/** Whether the stored version says what the cloud says now, only more of it: `1.33.4-eks-1` of `1.33`, and never `1.33.10` of `1.33.1`. */
const SAYS_MORE = `starts_with("Cluster"."version", excluded."version")
  AND substr("Cluster"."version", length(excluded."version") + 1, 1) !~ '[0-9]'`;

/**
 * Writes one discovered cluster: matched by any alias it is updated, else inserted. Resolves with its id, or null when the row
 * is a second name of a cluster that another account shows. A second name whose cluster went is a cluster again. The version is what the
 * cluster's own API said, as long as that is only more exact than what the cloud says.
 */
async function recordCluster(
  tx: pg.PoolClient,
  accountId: string,
  distribution: Distribution,
  cluster: Discovery["clusters"][number],
  now: Date,
  comings: Comings,
): Promise<string | null> {
  const { rows } = await tx.query<Known>(
    `SELECT c."id", c."goneAt", coalesce(f."goneAt" IS NULL AND a."enabled", false) AS "isSecondName"
     FROM "Cluster" c LEFT JOIN "Cluster" f ON f."id" = c."aliasOf" LEFT JOIN "Account" a ON a."id" = f."accountId"
     WHERE c."accountId" = $1 AND c."aliases" && $2::text[] AND c."distribution" = $3 ORDER BY c."firstSeenAt" LIMIT 1`,
    [accountId, cluster.aliases, distribution],
  );
  const [known] = rows;
  if (known?.isSecondName) return null;
  const id = known?.id ?? uuidv7(now.getTime());
  if (known?.goneAt) await comings.back(tx, [{ id, goneAt: known.goneAt }]);
  await tx.query(
    `INSERT INTO "Cluster" ("id", "accountId", "distribution", "name", "aliases", "region", "version", "status", "managed", "managedAt", "gaps", "firstSeenAt")
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10)
     ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name", "aliases" = (SELECT array_agg(DISTINCT x) FROM unnest("Cluster"."aliases" || excluded."aliases") x),
       "region" = excluded."region", "version" = CASE WHEN ${SAYS_MORE} THEN "Cluster"."version"
         ELSE coalesce(excluded."version", "Cluster"."version") END, "status" = excluded."status",
       "managed" = excluded."managed", "managedAt" = excluded."managedAt", "gaps" = excluded."gaps", "goneAt" = NULL, "aliasOf" = NULL`,
    [
      id,
      accountId,
      distribution,
      cluster.name,
      cluster.aliases,
      cluster.managed.region ?? null,
      cluster.managed.version ?? null,
      cluster.managed.status ?? null,
      JSON.stringify(cluster.managed),
      now,
      JSON.stringify(cluster.gaps),
    ],
  );
  if (known === undefined) {
    const payload = { name: cluster.name, distribution };
    await publish(tx, [{ kind: "cluster.new", accountId, clusterId: id, payload }], now);
  }
  return id;
}

/**
 * Writes the clusters that one connector saw, and marks those gone of which the cloud said so by name: not being listed is no
 * proof. A cluster that went gives its UID free, for whoever comes under it next. Resolves with the ids of the clusters seen.
 */
export async function recordClusters(
  tx: pg.PoolClient,
  accountId: string,
  distribution: Distribution,
  discovery: Discovery,
  now: Date,
  comings: Comings,
): Promise<string[]> {
  const seen: string[] = [];
  for (const cluster of discovery.clusters) {
    const id = await recordCluster(tx, accountId, distribution, cluster, now, comings);
    if (id !== null) seen.push(id);
  }
  if (discovery.gone.length > 0) {
    const gone = await tx.query<{ id: string }>(
      `UPDATE "Cluster" SET "goneAt" = $3, "uid" = NULL, "authority" = NULL
       WHERE "accountId" = $1 AND "distribution" = $2 AND "goneAt" IS NULL AND "aliases" && $4::text[] AND NOT ("id" = ANY($5::uuid[])) RETURNING "id"`,
      [accountId, distribution, now, discovery.gone, seen],
    );
    const ids = gone.rows.map((row) => row.id);
    if (ids.length > 0) await comings.gone(tx, ids);
  }
  return seen;
}
