import type pg from "pg";
import { rescoreAccount } from "@/domain/posture/point-store";
import { resolveFindingsOfGoneClusters } from "@/domain/posture/store";
import { publish } from "@/lib/events";
import { uuidv7 } from "@/lib/id";

const MOVED = [
  { table: "Finding", key: ["controlId", "apiGroup", "kind", "namespace", "name"] },
  { table: "Resource", key: ["apiGroup", "kind", "namespace", "name"] },
  {
    table: "RunningImage",
    key: ["namespace", "ownerKind", "ownerName", "container", "image", "digest"],
  },
  { table: "ControlRollup", key: ["controlId"] },
  { table: "GroupRollup", key: ["scoreGroup"] },
] as const;

/** The cloud's facts are judged as one subject that bears the cluster's name: under the name that stays. */
async function renameManaged(tx: pg.PoolClient, id: string): Promise<void> {
  for (const { table, same } of [
    { table: "Finding", same: `s."controlId" = g."controlId"` },
    { table: "Resource", same: "true" },
  ]) {
    await tx.query(
      `UPDATE "${table}" g SET "name" = c."name" FROM "Cluster" c WHERE c."id" = $1 AND g."clusterId" = c."id"
         AND g."kind" = 'ManagedCluster' AND g."name" <> c."name" AND NOT EXISTS (
           SELECT 1 FROM "${table}" s WHERE s."clusterId" = c."id" AND s."kind" = g."kind" AND s."name" = c."name" AND ${same})`,
      [id],
    );
  }
}

async function accountOf(tx: pg.PoolClient, id: string): Promise<string> {
  const { rows } = await tx.query<{ accountId: string }>(`SELECT "accountId" FROM "Cluster" WHERE "id" = $1`, [id]);
  return rows[0]?.accountId ?? "";
}

/**
 * Makes `goes` a second name of `stays`, in the caller's transaction. What was found under the second name moves, with its
 * history: a finding stays open until it is seen to be healthy, whatever name its cluster is read by.
 */
export async function mergeClusters(tx: pg.PoolClient, stays: string, goes: string, now: Date): Promise<void> {
  const [accountId, leaving] = [await accountOf(tx, stays), await accountOf(tx, goes)];
  // Open under one of the two names is open.
  await tx.query(
    `UPDATE "Finding" s SET "state" = 'open', "resolvedAt" = NULL, "resolution" = NULL, "notRechecked" = 'stale'
     FROM "Finding" g WHERE s."clusterId" = $1 AND g."clusterId" = $2 AND s."state" <> 'open' AND g."state" = 'open'
       AND (s."controlId", s."apiGroup", s."kind", s."namespace", s."name") = (g."controlId", g."apiGroup", g."kind", g."namespace", g."name")`,
    [stays, goes],
  );
  for (const { table, key } of MOVED) {
    const same = key.map((column) => `s."${column}" = g."${column}"`).join(" AND ");
    const account = table === "Finding" ? `, "accountId" = $3` : "";
    await tx.query(
      `UPDATE "${table}" g SET "clusterId" = $1${account} WHERE g."clusterId" = $2
         AND NOT EXISTS (SELECT 1 FROM "${table}" s WHERE s."clusterId" = $1 AND ${same})`,
      table === "Finding" ? [stays, goes, accountId] : [stays, goes],
    );
    await tx.query(`DELETE FROM "${table}" WHERE "clusterId" = $1`, [goes]);
  }
  await renameManaged(tx, stays);
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
  await publish(tx, [{ kind: "cluster.merged", accountId, clusterId: stays, payload: { secondName: goes } }], now);
  for (const id of new Set([leaving, accountId])) await rescoreAccount(tx, { accountId: id, scanId: null, now });
}

/**
 * Another cluster was made under this one's name: the old row is gone with what was found in it, and gives up its names to a
 * new row, whose id this resolves with.
 */
export async function replaceCluster(tx: pg.PoolClient, old: string, scan: { id: string; now: Date }): Promise<string> {
  const { now } = scan;
  const id = uuidv7(now.getTime());
  const accountId = await accountOf(tx, old);
  await tx.query(
    `INSERT INTO "Cluster" ("id", "accountId", "distribution", "name", "aliases", "region", "version", "status", "managed", "managedAt", "gaps", "firstSeenAt")
     SELECT $2, "accountId", "distribution", "name", "aliases", "region", "version", "status", "managed", "managedAt", "gaps", $3 FROM "Cluster" WHERE "id" = $1`,
    [old, id, now],
  );
  await tx.query(
    `UPDATE "Cluster" SET "goneAt" = $2, "uid" = NULL, "authority" = NULL, "aliases" = '{}' WHERE "id" = $1`,
    [old, now],
  );
  await resolveFindingsOfGoneClusters(tx, [old], scan.id, now);
  await publish(tx, [{ kind: "cluster.replaced", accountId, clusterId: id, payload: { before: old } }], now);
  await rescoreAccount(tx, { accountId, scanId: scan.id, now });
  return id;
}
