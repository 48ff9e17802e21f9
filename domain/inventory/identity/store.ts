import type { PoolClient } from "pg";

/**
 * Makes whoever settles the same kube-system UID wait until this transaction ends, and whoever would commit a scan of `clusterId` or of
 * the row that holds the UID, or take its lease. Rows are locked in the order of their ids, as by all who lock several.
 */
export async function lockUid(tx: PoolClient, uid: string, clusterId: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", [uid]);
  await tx.query(`SELECT 1 FROM "Cluster" WHERE "id" = $2 OR "uid" = $1 ORDER BY "id" FOR UPDATE`, [uid, clusterId]);
}

/** Another row that holds a UID. `authority`: behind which certificate authority; `enabled`: whether its account is. */
export interface Holder {
  id: string;
  name: string;
  authority: string | null;
  enabled: boolean;
}

/** The row besides `clusterId` that holds a UID; null when there is none. */
export async function otherHolder(tx: PoolClient, uid: string, clusterId: string): Promise<Holder | null> {
  const { rows } = await tx.query<Holder>(
    `SELECT c."id", c."name", c."authority", a."enabled" FROM "Cluster" c JOIN "Account" a ON a."id" = c."accountId"
     WHERE c."uid" = $1 AND c."id" <> $2`,
    [uid, clusterId],
  );
  return rows[0] ?? null;
}

/** Takes a row's UID away. */
export async function clearUid(tx: PoolClient, clusterId: string): Promise<void> {
  await tx.query(`UPDATE "Cluster" SET "uid" = NULL WHERE "id" = $1`, [clusterId]);
}

/** Gives a row its UID and the authority behind which it was read; an equal row is not written. */
export async function writeUid(
  tx: PoolClient,
  clusterId: string,
  { uid, authority }: { uid: string; authority: string | null },
): Promise<void> {
  await tx.query(
    `UPDATE "Cluster" SET "uid" = $2, "authority" = $3 WHERE "id" = $1 AND ("uid", "authority") IS DISTINCT FROM ($2, $3)`,
    [clusterId, uid, authority],
  );
}

/** A cluster's account and distribution; null when it does not exist. */
export async function placeOf(
  tx: PoolClient,
  clusterId: string,
): Promise<{ accountId: string; distribution: string } | null> {
  const { rows } = await tx.query<{ accountId: string; distribution: string }>(
    `SELECT "accountId", "distribution" FROM "Cluster" WHERE "id" = $1`,
    [clusterId],
  );
  return rows[0] ?? null;
}

/** When the cloud says that it made a cluster, when we first saw it, and how many rows of its name gave up their names since `since`. */
export async function readUidChanges(
  tx: PoolClient,
  clusterId: string,
  since: Date,
): Promise<{ createdAt: string | null; firstSeenAt: Date; unproven: number } | null> {
  const { rows } = await tx.query<{ createdAt: string | null; firstSeenAt: Date; unproven: number }>(
    `SELECT c."managed" ->> 'createdAt' AS "createdAt", c."firstSeenAt",
       (SELECT count(*)::int FROM "Cluster" o WHERE o."accountId" = c."accountId" AND o."distribution" = c."distribution" AND o."name" = c."name"
          AND o."goneAt" > $2 AND o."aliases" = '{}') AS unproven
     FROM "Cluster" c WHERE c."id" = $1`,
    [clusterId, since],
  );
  return rows[0] ?? null;
}

/**
 * Moves a table's rows of the cluster `goes` to `stays`, but for those whose `key` is there already; these are deleted.
 * `accountId`: written to the moved rows of a table that has it.
 */
export async function moveRows(
  tx: PoolClient,
  { table, key, accountId }: { table: string; key: readonly string[]; accountId?: string },
  stays: string,
  goes: string,
): Promise<void> {
  const same = key.map((column) => `s."${column}" = g."${column}"`).join(" AND ");
  await tx.query(
    `UPDATE "${table}" g SET "clusterId" = $1${accountId === undefined ? "" : `, "accountId" = $3`} WHERE g."clusterId" = $2
       AND NOT EXISTS (SELECT 1 FROM "${table}" s WHERE s."clusterId" = $1 AND ${same})`,
    accountId === undefined ? [stays, goes] : [stays, goes, accountId],
  );
  await tx.query(`DELETE FROM "${table}" WHERE "clusterId" = $1`, [goes]);
}

/**
 * The cloud's facts are judged as one subject that bears the cluster's name: renames its rows, unless one with the same `key` is there. Of
 * several with other names, as when three rows became one, the first is renamed; the next scan does not see the others.
 */
export async function renameManaged(
  tx: PoolClient,
  { table, key }: { table: string; key: readonly string[] },
  clusterId: string,
): Promise<void> {
  const same = key.map((column) => ` AND s."${column}" = g."${column}"`).join("");
  const first = `(s."name" = c."name" OR s."name" < g."name")`;
  await tx.query(
    `UPDATE "${table}" g SET "name" = c."name" FROM "Cluster" c WHERE c."id" = $1 AND g."clusterId" = c."id"
       AND g."kind" = 'ManagedCluster' AND g."name" <> c."name" AND NOT EXISTS (
         SELECT 1 FROM "${table}" s WHERE s."clusterId" = c."id" AND s."kind" = g."kind" AND ${first}${same})`,
    [clusterId],
  );
}

/** Moves the inventory of `goes` to `stays`: objects with what changed in them, and running images. */
export async function moveInventory(tx: PoolClient, stays: string, goes: string): Promise<void> {
  await moveRows(tx, { table: "Resource", key: ["apiGroup", "kind", "namespace", "name"] }, stays, goes);
  const image = ["namespace", "ownerKind", "ownerName", "container", "image", "digest"];
  await moveRows(tx, { table: "RunningImage", key: image }, stays, goes);
  await renameManaged(tx, { table: "Resource", key: [] }, stays);
  await tx.query(`UPDATE "ResourceChange" SET "clusterId" = $1 WHERE "clusterId" = $2`, [stays, goes]);
}

/** Makes the row `goes` a second name of `stays`, which takes its provider's ids over; what is found under it moves separately. */
export async function makeSecondName(tx: PoolClient, stays: string, goes: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE "Cluster" s SET "aliases" = (SELECT array_agg(DISTINCT x) FROM unnest(s."aliases" || g."aliases") x),
       "expected" = greatest(s."expected", g."expected"), "evaluated" = CASE WHEN s."lastScanId" IS NULL THEN g."evaluated" ELSE s."evaluated" END
     FROM "Cluster" g WHERE s."id" = $1 AND g."id" = $2`,
    [stays, goes],
  );
  await tx.query(
    `UPDATE "Cluster" SET "uid" = NULL, "authority" = NULL, "goneAt" = $2, "aliasOf" = $3, "status" = 'alias' WHERE "id" = $1`,
    [goes, now, stays],
  );
}

/** Gives the names and facts of the row `old` to a new row `id`; `old` is gone. */
export async function passNamesOn(tx: PoolClient, old: string, id: string, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO "Cluster" ("id", "accountId", "distribution", "name", "aliases", "region", "version", "status", "managed", "managedAt", "gaps", "firstSeenAt")
     SELECT $2, "accountId", "distribution", "name", "aliases", "region", "version", "status", "managed", "managedAt", "gaps", $3 FROM "Cluster" WHERE "id" = $1`,
    [old, id, now],
  );
  await tx.query(
    `UPDATE "Cluster" SET "goneAt" = $2, "uid" = NULL, "authority" = NULL, "aliases" = '{}' WHERE "id" = $1`,
    [old, now],
  );
}
