import "server-only";
import type pg from "pg";
import { z } from "zod";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, hasRole, requireRole } from "@/domain/access/scope";
import type { KeyRing } from "@/lib/crypto";
import { seal } from "@/lib/crypto";
import { inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { enqueue } from "@/lib/jobs";
import { sender } from "@/lib/sender";
import { AccountError } from "./account-error";
import type { ParsedConnection } from "./connection";
import type { Connectable } from "./schema";

export interface LockedAccount {
  id: string;
  name: string;
  provider: string;
  enabled: boolean;
  removedAt: Date | null;
}

/**
 * Locks one account that the scope sees and may administer, one that is being removed included. Throws AccountError when there
 * is none, ForbiddenError without the role.
 */
export async function lockAnyAccount(tx: pg.PoolClient, scope: AccountScope, id: string): Promise<LockedAccount> {
  const { rows } = await tx.query<LockedAccount>(
    `SELECT id, name, provider, enabled, "removedAt" FROM "Account" WHERE id = $2 AND ($1::uuid[] IS NULL OR id = ANY($1)) FOR UPDATE`,
    [scope.accountIds, id],
  );
  if (rows[0] === undefined) throw new AccountError("This account is gone.");
  requireRole(scope, "Security Admin", id);
  return rows[0];
}

/** As `lockAnyAccount`, but an account that is being removed is gone. */
export async function lockAccount(tx: pg.PoolClient, scope: AccountScope, id: string): Promise<LockedAccount> {
  const account = await lockAnyAccount(tx, scope, id);
  if (account.removedAt !== null) throw new AccountError("This account is gone: it is being removed.");
  return account;
}

/** Writes credentials of an account sealed, in place of those of the same fields. */
export async function storeSecrets(
  tx: pg.PoolClient,
  accountId: string,
  sealed: readonly { field: string; kid: string; sealed: unknown }[],
): Promise<void> {
  for (const { field, kid, sealed: box } of sealed)
    await tx.query(
      `INSERT INTO "Secret" (id, "accountId", field, kid, sealed, "updatedAt") VALUES ($1, $2, $3, $4, $5, now())
       ON CONFLICT ("accountId", field) DO UPDATE SET kid = excluded.kid, sealed = excluded.sealed, "updatedAt" = now()`,
      [uuidv7(), accountId, field, kid, JSON.stringify(box)],
    );
}

/** Seals credentials for their places in one account. */
export const sealAll = (accountId: string, secrets: Readonly<Record<string, string>>, ring: KeyRing) =>
  Object.entries(secrets).map(([field, plain]) => {
    const sealed = seal(plain, { accountId, field }, ring);
    return { field, kid: sealed.kid, sealed };
  });

/** Stores a connection with its secrets sealed, tests it and looks for clusters. Returns the account's id. Idempotent by the cloud's own id. `at`: since when it is connected. */
export async function connectAccount(
  scope: AccountScope,
  cloud: Connectable,
  name: string,
  intervalMinutes: number,
  connection: ParsedConnection,
  ring: KeyRing,
  at: Date = new Date(),
): Promise<string> {
  requireRole(scope, "Security Admin");
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const id = uuidv7();
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "intervalMinutes", "nextScanAt", "createdAt", "updatedAt")
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(mins => $6), $7, now()) ON CONFLICT (provider, "externalId") DO NOTHING RETURNING id`,
      [id, cloud, name, connection.externalId, JSON.stringify(connection.settings), intervalMinutes, at],
    );
    if (rows[0] === undefined)
      throw new AccountError(
        "This account is connected already, or is just being removed. Open it under Accounts, or try again in a minute.",
      );
    await storeSecrets(tx, id, sealAll(id, connection.secrets, ring));
    await appendAudit(tx, scope, {
      action: "account.connected",
      target: name,
      accountId: id,
      detail: { cloud, externalId: connection.externalId, secrets: Object.keys(connection.secrets) },
    });
    await enqueue(boss, tx, "test-connection", { accountId: id });
    await enqueue(boss, tx, "discover-account", { accountId: id, trigger: "connect" });
    await announce(tx, "account");
    return id;
  });
}

/** Queues a look at an account and its clusters; false when one is queued or running already. */
export async function requestDiscovery(scope: AccountScope, accountId: string): Promise<boolean> {
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const account = await lockAccount(tx, scope, accountId);
    if (!account.enabled) throw new AccountError("This account is paused. Resume it first.");
    const job = await enqueue(boss, tx, "discover-account", { accountId, trigger: "manual" });
    await appendAudit(tx, scope, { action: "account.scan-requested", target: account.name, accountId });
    return job !== null;
  });
}

/** Queues a connection test; false when one is queued or running already. */
export async function requestTest(scope: AccountScope, accountId: string): Promise<boolean> {
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const account = await lockAccount(tx, scope, accountId);
    const job = await enqueue(boss, tx, "test-connection", { accountId });
    await appendAudit(tx, scope, { action: "account.test-requested", target: account.name, accountId });
    return job !== null;
  });
}

/** Queues a scan of one cluster; false when one is queued or running already. */
export async function requestScan(scope: AccountScope, clusterId: string): Promise<boolean> {
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ accountId: string; name: string }>(
      `SELECT "accountId", name FROM "Cluster" WHERE id = $2 AND "goneAt" IS NULL AND ($1::uuid[] IS NULL OR "accountId" = ANY($1))`,
      [scope.accountIds, clusterId],
    );
    const cluster = rows[0];
    if (cluster === undefined) throw new AccountError("This cluster is gone.");
    const account = await lockAccount(tx, scope, cluster.accountId);
    if (!account.enabled) throw new AccountError("The account of this cluster is paused. Resume it first.");
    const job = await enqueue(boss, tx, "scan-cluster", { clusterId, trigger: "manual" });
    await appendAudit(tx, scope, {
      action: "cluster.scan-requested",
      target: cluster.name,
      accountId: cluster.accountId,
    });
    return job !== null;
  });
}

/**
 * Sets how often an account is looked at, and whether at all. Resumed, it is due at once, unless its cloud asked to wait. Writing
 * the same again changes nothing.
 */
export async function setSchedule(
  scope: AccountScope,
  accountId: string,
  intervalMinutes: number | null,
  enabled: boolean,
): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    const account = await lockAccount(tx, scope, accountId);
    const { rows } = await tx.query<{ was: number; interval: number }>(
      `UPDATE "Account" a SET "intervalMinutes" = coalesce($2, a."intervalMinutes"), enabled = $3, "updatedAt" = now(),
         "nextScanAt" = greatest(a."waitUntil", CASE WHEN a.enabled THEN now() + make_interval(mins => coalesce($2, a."intervalMinutes")) ELSE now() END)
       FROM "Account" old WHERE a.id = $1 AND old.id = a.id AND (coalesce($2, a."intervalMinutes"), $3) IS DISTINCT FROM (a."intervalMinutes", a.enabled)
       RETURNING old."intervalMinutes" AS was, a."intervalMinutes" AS interval`,
      [accountId, intervalMinutes, enabled],
    );
    const [changed] = rows;
    if (changed === undefined) return;
    await appendAudit(tx, scope, {
      action: "account.schedule-changed",
      target: account.name,
      accountId,
      before: { intervalMinutes: changed.was, enabled: account.enabled },
      after: { intervalMinutes: changed.interval, enabled },
    });
    await announce(tx, "account");
  });
}

const sees = ({ accountIds }: AccountScope, accountId: string): boolean => accountIds?.includes(accountId) ?? true;

const letterSchema = z.union([z.object({ clusterId: z.uuid() }), z.object({ accountId: z.uuid() })]);

/**
 * Puts a job that gave up back into its queue and removes the dead letter, together. What it was about may be gone by now: then the
 * letter is dropped, by somebody whose role reaches everything, since nobody else can be told whose it was.
 */
export async function retryLetter(scope: AccountScope, id: string): Promise<void> {
  const boss = await sender();
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ data: unknown }>(
      `SELECT data FROM jobs.job WHERE name = 'dead-letter' AND id = $1 FOR UPDATE`,
      [id],
    );
    if (rows[0] === undefined) return; // somebody else did it
    const data = letterSchema.parse(rows[0].data);
    const found = await tx.query<{ accountId: string }>(
      "clusterId" in data
        ? `SELECT "accountId" FROM "Cluster" WHERE id = $1 AND "goneAt" IS NULL`
        : `SELECT id AS "accountId" FROM "Account" WHERE id = $1 AND "removedAt" IS NULL`,
      ["clusterId" in data ? data.clusterId : data.accountId],
    );
    const accountId = found.rows[0]?.accountId;
    // One that this scope may not know of is answered as one that is not there.
    if (accountId === undefined ? !hasRole(scope, "Security Admin") : !sees(scope, accountId)) return;
    await tx.query(`DELETE FROM jobs.job WHERE name = 'dead-letter' AND id = $1`, [id]);
    if (accountId === undefined) {
      await appendAudit(tx, scope, {
        action: "job.dropped",
        target: "clusterId" in data ? data.clusterId : data.accountId,
      });
      return;
    }
    const account = await lockAccount(tx, scope, accountId);
    if (!account.enabled) throw new AccountError("This account is paused. Resume it first.");
    if ("clusterId" in data) await enqueue(boss, tx, "scan-cluster", { clusterId: data.clusterId, trigger: "manual" });
    else await enqueue(boss, tx, "discover-account", { accountId, trigger: "manual" });
    await appendAudit(tx, scope, { action: "job.retried", target: account.name, accountId });
  });
}
