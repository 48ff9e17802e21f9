import "server-only";
import type pg from "pg";
import { z } from "zod";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, ForbiddenError, requireRole } from "@/domain/access/scope";
import type { KeyRing } from "@/lib/crypto";
import { seal } from "@/lib/crypto";
import { inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { enqueue } from "@/lib/jobs";
import { sender } from "@/lib/sender";
import type { ParsedConnection } from "./connection-form";

import type { Connectable } from "./schema";

/** A change that cannot be made; the message says why and what to do. */
export class AccountError extends Error {
  override name = "AccountError";
  readonly code = "account";
}

/** Locks one account that the scope sees and may administer. Throws AccountError when there is none, ForbiddenError without the role. */
async function lockAccount(
  tx: pg.PoolClient,
  scope: AccountScope,
  id: string,
): Promise<{ id: string; name: string; enabled: boolean }> {
  const { rows } = await tx.query<{ id: string; name: string; enabled: boolean }>(
    `SELECT id, name, enabled FROM "Account" WHERE id = $2 AND ($1::uuid[] IS NULL OR id = ANY($1)) FOR UPDATE`,
    [scope.accountIds, id],
  );
  if (rows[0] === undefined) throw new AccountError("This account is gone.");
  requireRole(scope, "Security Admin", id);
  return rows[0];
}

/** Stores a connection with its secrets sealed, tests it and looks for clusters. Returns the account's id. Idempotent by the cloud's own id. */
export async function connectAccount(
  scope: AccountScope,
  cloud: Connectable,
  name: string,
  intervalMinutes: number,
  connection: ParsedConnection,
  ring: KeyRing,
): Promise<string> {
  requireRole(scope, "Security Admin");
  const boss = await sender();
  return inTransaction(pool(), async (tx) => {
    const id = uuidv7();
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "intervalMinutes", "nextScanAt", "updatedAt")
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(mins => $6), now()) ON CONFLICT (provider, "externalId") DO NOTHING RETURNING id`,
      [id, cloud, name, connection.externalId, JSON.stringify(connection.settings), intervalMinutes],
    );
    if (rows[0] === undefined) throw new AccountError("This account is connected already. Open it under Accounts.");
    for (const [field, plain] of Object.entries(connection.secrets)) {
      const sealed = seal(plain, { accountId: id, field }, ring);
      await tx.query(
        `INSERT INTO "Secret" (id, "accountId", field, kid, sealed, "updatedAt") VALUES ($1, $2, $3, $4, $5, now())`,
        [uuidv7(), id, field, sealed.kid, JSON.stringify(sealed)],
      );
    }
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
    if (!account.enabled) throw new AccountError("This account is switched off. Switch it on first.");
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
      `SELECT "accountId", name FROM "Cluster" WHERE id = $2 AND ($1::uuid[] IS NULL OR "accountId" = ANY($1))`,
      [scope.accountIds, clusterId],
    );
    const cluster = rows[0];
    if (cluster === undefined) throw new AccountError("This cluster is gone.");
    await lockAccount(tx, scope, cluster.accountId);
    const job = await enqueue(boss, tx, "scan-cluster", { clusterId, trigger: "manual" });
    await appendAudit(tx, scope, {
      action: "cluster.scan-requested",
      target: cluster.name,
      accountId: cluster.accountId,
    });
    return job !== null;
  });
}

/** Sets how often an account is looked at, and whether at all. Writing the same again changes nothing. */
export async function setSchedule(
  scope: AccountScope,
  accountId: string,
  intervalMinutes: number,
  enabled: boolean,
): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    const account = await lockAccount(tx, scope, accountId);
    const { rowCount } = await tx.query(
      `UPDATE "Account" SET "intervalMinutes" = $2, enabled = $3, "nextScanAt" = now() + make_interval(mins => $2), "updatedAt" = now()
       WHERE id = $1 AND ("intervalMinutes", enabled) IS DISTINCT FROM ($2, $3)`,
      [accountId, intervalMinutes, enabled],
    );
    if (rowCount === 0) return;
    await appendAudit(tx, scope, {
      action: "account.schedule-changed",
      target: account.name,
      accountId,
      detail: { intervalMinutes, enabled },
    });
    await announce(tx, "account");
  });
}

const letterSchema = z.union([z.object({ clusterId: z.uuid() }), z.object({ accountId: z.uuid() })]);

/** Puts a job that gave up back into its queue and removes the dead letter, together. */
export async function retryLetter(scope: AccountScope, id: string): Promise<void> {
  const boss = await sender();
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ data: unknown }>(
      `DELETE FROM jobs.job WHERE name = 'dead-letter' AND id = $1 RETURNING data`,
      [id],
    );
    if (rows[0] === undefined) return; // somebody else did it
    const data = letterSchema.parse(rows[0].data);
    const found = await tx.query<{ accountId: string }>(
      "clusterId" in data
        ? `SELECT "accountId" FROM "Cluster" WHERE id = $1`
        : `SELECT id AS "accountId" FROM "Account" WHERE id = $1`,
      ["clusterId" in data ? data.clusterId : data.accountId],
    );
    const accountId = found.rows[0]?.accountId;
    if (accountId === undefined) throw new ForbiddenError("What this job was about is gone.");
    const account = await lockAccount(tx, scope, accountId);
    if ("clusterId" in data) await enqueue(boss, tx, "scan-cluster", { clusterId: data.clusterId, trigger: "manual" });
    else await enqueue(boss, tx, "discover-account", { accountId, trigger: "manual" });
    await appendAudit(tx, scope, { action: "job.retried", target: account.name, accountId });
  });
}
