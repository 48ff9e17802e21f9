import type pg from "pg";
import type { Gap, Provider } from "@/domain/inventory/schema";
import { inTransaction } from "@/lib/db";
import { announce, publish } from "@/lib/events";
import type { SqlRunner } from "@/lib/jobs";
import { type Comings, recordClusters } from "./cluster/store";
import type { Discovered } from "./discovered";
import { waitUntilOf } from "./wait";

/** An account as the worker needs it; secrets are still sealed. */
export interface StoredAccount {
  id: string;
  provider: Provider;
  name: string;
  externalId: string;
  settings: unknown;
  intervalMinutes: number;
  sealed: { field: string; kid: string; sealed: unknown }[];
}

/** Reads an enabled account with its sealed secrets, or null when it is gone or switched off. */
export async function readAccount(tx: SqlRunner, id: string): Promise<StoredAccount | null> {
  const { rows } = await tx.query(
    `SELECT a."id", a."provider", a."name", a."externalId", a."settings", a."intervalMinutes",
       coalesce((SELECT json_agg(json_build_object('field', s."field", 'kid', s."kid", 'sealed', s."sealed")) FROM "Secret" s WHERE s."accountId" = a."id"), '[]') AS sealed
     FROM "Account" a WHERE a."id" = $1 AND a."enabled"`,
    [id],
  );
  return (rows[0] as StoredAccount | undefined) ?? null; // the columns selected above
}

/**
 * Claims the accounts whose scan is due, and sets when each is due next: its interval, moved by up to ±10 % so that
 * a thousand accounts connected in one minute do not scan in one minute for ever. Two workers never claim the same one.
 */
export async function claimDueAccounts(tx: SqlRunner, now: Date): Promise<string[]> {
  const { rows } = await tx.query(
    `UPDATE "Account" SET "nextScanAt" = $1::timestamptz + make_interval(secs => "intervalMinutes" * 60 * (0.9 + random() * 0.2))
     WHERE "id" IN (SELECT "id" FROM "Account" WHERE "enabled" AND ("nextScanAt" IS NULL OR "nextScanAt" <= $1) ORDER BY "nextScanAt" NULLS FIRST LIMIT 200 FOR UPDATE SKIP LOCKED)
     RETURNING "id"`,
    [now],
  );
  return rows.map((row) => (row as { id: string }).id);
}

export type Health = "healthy" | "degraded" | "failing";

/** Records what the last look at the account's cloud said, by a discovery or a connection test, and an event when that changed. */
export async function recordHealth(
  tx: SqlRunner,
  accountId: string,
  health: Health,
  reason: string | null,
  now: Date,
): Promise<void> {
  const { rows } = await tx.query(
    `UPDATE "Account" a SET "health" = $2, "healthReason" = $3, "checkedAt" = $4
     FROM (SELECT "id", "health" AS was FROM "Account" WHERE "id" = $1 AND "removedAt" IS NULL FOR UPDATE) old WHERE a."id" = old."id" RETURNING old.was`,
    [accountId, health, reason, now],
  );
  const was = (rows[0] as { was: string } | undefined)?.was;
  if (was === undefined || was === health || (health !== "failing" && was !== "failing")) return;
  const kind = health === "failing" ? "account.unhealthy" : "account.recovered";
  await publish(tx, [{ kind, accountId, payload: { was, health, reason } }], now);
}

/** All that one connector could not read, of the account and of its clusters. */
const gapsIn = ({ discovery }: Discovered): Gap[] => [
  ...discovery.gaps,
  ...discovery.clusters.flatMap((cluster) => cluster.gaps),
];

/** Notes until when the cloud asked to wait, and puts the next look off until then; null: it asks for nothing (any more). */
async function recordWait(tx: SqlRunner, accountId: string, until: Date | null): Promise<void> {
  await tx.query(
    `UPDATE "Account" SET "waitUntil" = $2::timestamptz, "nextScanAt" = greatest("nextScanAt", $2::timestamptz) WHERE "id" = $1 AND "waitUntil" IS DISTINCT FROM $2::timestamptz`,
    [accountId, until],
  );
}

/** Locks an account for what a look at it saw; false when it was removed meanwhile: nothing may be written of it any more. */
async function lockForWriting(tx: SqlRunner, accountId: string): Promise<boolean> {
  const { rows } = await tx.query(`SELECT 1 FROM "Account" WHERE "id" = $1 AND "removedAt" IS NULL FOR UPDATE`, [
    accountId,
  ]);
  return rows.length > 0;
}

/**
 * Writes what a discovery saw, in one transaction, and how the account itself is. `comings` tells the other rooms, in the same
 * transaction, which clusters went and which came back. Resolves with the ids of the clusters seen; none when the account was
 * removed meanwhile.
 */
export async function recordDiscovery(
  pool: pg.Pool,
  account: Pick<StoredAccount, "id">,
  found: readonly Discovered[],
  now: Date,
  scan: { id: string; trigger: string; queuedAt: Date },
  comings: Comings,
): Promise<string[]> {
  return inTransaction(pool, async (tx) => {
    if (!(await lockForWriting(tx, account.id))) return []; // one discovery of an account at a time
    const seen: string[] = [];
    for (const { distribution, discovery } of found) {
      seen.push(...(await recordClusters(tx, account.id, distribution, discovery, now, comings)));
    }
    const gaps = found.flatMap(({ discovery }) => discovery.gaps);
    const complete = found.every(({ discovery }) => discovery.complete);
    const all = found.flatMap(gapsIn);
    // What single clusters' settings lack counts as it does in a connection test.
    const reason = [...gaps, ...all][0]?.message ?? (complete ? null : "Not every cluster could be listed.");
    await recordHealth(tx, account.id, reason === null ? "healthy" : "degraded", reason, now);
    await recordWait(tx, account.id, waitUntilOf(all, now));
    await tx.query(
      `INSERT INTO "Scan" ("id", "accountId", "kind", "trigger", "status", "reasons", "stats", "queuedAt", "startedAt", "finishedAt") VALUES ($1, $2, 'account', $3, $4, $5, $6, $7, $7, $8)
       ON CONFLICT ("id") DO UPDATE SET "status" = excluded."status", "reasons" = excluded."reasons", "stats" = excluded."stats", "finishedAt" = excluded."finishedAt"`,
      [
        scan.id,
        account.id,
        scan.trigger,
        complete && gaps.length === 0 ? "complete" : "partial",
        JSON.stringify(gaps),
        JSON.stringify({ clusters: seen.length }),
        scan.queuedAt,
        now,
      ],
    );
    await announce(tx, "account");
    return seen;
  });
}

/** Records a discovery that failed as a whole: the account is failing, nothing else is touched. */
export async function recordFailedDiscovery(
  pool: pg.Pool,
  accountId: string,
  gap: Gap,
  now: Date,
  scan: { id: string; trigger: string; queuedAt: Date },
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    if (!(await lockForWriting(tx, accountId))) return;
    await recordHealth(tx, accountId, "failing", gap.message, now);
    await recordWait(tx, accountId, waitUntilOf([gap], now));
    await tx.query(
      `INSERT INTO "Scan" ("id", "accountId", "kind", "trigger", "status", "reasons", "queuedAt", "startedAt", "finishedAt") VALUES ($1, $2, 'account', $3, 'failed', $4, $5, $5, $6)
       ON CONFLICT ("id") DO UPDATE SET "status" = 'failed', "reasons" = excluded."reasons", "finishedAt" = excluded."finishedAt"`,
      [scan.id, accountId, scan.trigger, JSON.stringify([gap]), scan.queuedAt, now],
    );
    await announce(tx, "account");
  });
}
