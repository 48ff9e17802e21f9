import "server-only";
import type pg from "pg";
import { type AccountScope, requireRole } from "@/domain/access/scope";
import { seal } from "@/lib/crypto";
import { loadKeyRing } from "@/lib/crypto-key";
import { inTransaction, pool } from "@/lib/db";
import { dataDir, env } from "@/lib/env";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { jobSender } from "@/lib/job-sender";
import { enqueue } from "@/lib/jobs";
import { type ConnectInput, connectSchema, intervalSchema, SETTINGS_SCHEMA } from "./schema";

/** What a person entered cannot be used; `field` names it. */
export class AccountInputError extends Error {
  override name = "AccountInputError";
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

async function audit(
  tx: pg.PoolClient,
  scope: AccountScope,
  action: string,
  target: string,
  accountId: string,
  detail: object,
): Promise<void> {
  await tx.query(
    `INSERT INTO "AuditEntry" ("id", "actorId", "actor", "action", "target", "accountId", "detail") VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [uuidv7(), scope.userId, scope.actor, action, target, accountId, JSON.stringify(detail)],
  );
}

/**
 * Connects an account, or updates the one with the same provider and id: settings parsed by the provider's schema, secrets
 * sealed to account and field (an empty one keeps what is stored), first discovery enqueued, all in one transaction.
 * Needs Security Admin. Returns the account's id. Errors: ForbiddenError, AccountInputError.
 */
export async function connectAccount(scope: AccountScope, input: ConnectInput): Promise<string> {
  const parsed = connectSchema.safeParse(input);
  if (!parsed.success) throw inputError(parsed.error.issues[0]);
  const { provider, name, externalId, secrets, intervalMinutes } = parsed.data;
  const settings = SETTINGS_SCHEMA[provider].safeParse(parsed.data.settings);
  if (!settings.success) throw inputError(settings.error.issues[0]);
  const boss = await jobSender();
  const ring = loadKeyRing({ key: env().SEAWALL_KEY, dataDir: dataDir() });
  return inTransaction(pool(), async (tx) => {
    const known = await tx.query<{ id: string }>(
      `SELECT "id" FROM "Account" WHERE "provider" = $1 AND "externalId" = $2 FOR UPDATE`,
      [provider, externalId],
    );
    const id = known.rows[0]?.id ?? uuidv7();
    requireRole(scope, "Security Admin", known.rows[0]?.id); // a new account needs the role on everything
    await tx.query(
      `INSERT INTO "Account" ("id", "provider", "name", "externalId", "settings", "intervalMinutes", "nextScanAt", "updatedAt")
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(mins => $6), now())
       ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name", "settings" = excluded."settings", "intervalMinutes" = excluded."intervalMinutes", "enabled" = true, "updatedAt" = now()`,
      [id, provider, name, externalId, JSON.stringify(settings.data), intervalMinutes],
    );
    for (const [field, plain] of Object.entries(secrets)) {
      if (plain === "") continue;
      const sealed = seal(plain, { accountId: id, field }, ring);
      await tx.query(
        `INSERT INTO "Secret" ("id", "accountId", "field", "kid", "sealed", "updatedAt") VALUES ($1, $2, $3, $4, $5, now())
         ON CONFLICT ("accountId", "field") DO UPDATE SET "kid" = excluded."kid", "sealed" = excluded."sealed", "updatedAt" = now()`,
        [uuidv7(), id, field, sealed.kid, JSON.stringify(sealed)],
      );
    }
    await audit(tx, scope, known.rows.length === 0 ? "account.connected" : "account.updated", name, id, {
      provider,
      externalId,
      secrets: Object.keys(secrets), // which were written, never what
    });
    await enqueue(boss, tx, "discover-account", { accountId: id, trigger: "connect" });
    await announce(tx, "account");
    return id;
  });
}

function inputError(issue: { path: PropertyKey[]; message: string } | undefined): AccountInputError {
  return new AccountInputError(issue?.path.map(String).join(".") ?? "", issue?.message ?? "This cannot be used.");
}

/** Enqueues a discovery and the scans that follow it. Joins one that is queued or running. Needs Security Admin on the account. */
export async function scanNow(scope: AccountScope, accountId: string): Promise<void> {
  requireRole(scope, "Security Admin", accountId);
  const boss = await jobSender();
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ name: string }>(`SELECT "name" FROM "Account" WHERE "id" = $1`, [accountId]);
    const name = rows[0]?.name;
    if (name === undefined) throw new AccountInputError("account", "This account is gone.");
    await enqueue(boss, tx, "discover-account", { accountId, trigger: "manual" });
    await audit(tx, scope, "account.scan-requested", name, accountId, {});
  });
}

/** Enqueues a connection test; resolves with the job's id, or null while one runs. Needs Security Admin on the account. */
export async function testAccount(scope: AccountScope, accountId: string): Promise<string | null> {
  requireRole(scope, "Security Admin", accountId);
  const boss = await jobSender();
  return inTransaction(pool(), async (tx) => {
    await audit(tx, scope, "account.test-requested", accountId, accountId, {});
    return enqueue(boss, tx, "test-connection", { accountId });
  });
}

/** Sets how often an account is scanned, in minutes. Needs Security Admin on the account. */
export async function setInterval(scope: AccountScope, accountId: string, minutes: number): Promise<void> {
  requireRole(scope, "Security Admin", accountId);
  const interval = intervalSchema.safeParse(minutes);
  if (!interval.success) throw inputError(interval.error.issues[0]);
  await inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<{ name: string; was: number }>(
      `UPDATE "Account" a SET "intervalMinutes" = $2, "nextScanAt" = least(a."nextScanAt", now() + make_interval(mins => $2)), "updatedAt" = now()
       FROM (SELECT "id", "intervalMinutes" AS was FROM "Account" WHERE "id" = $1 FOR UPDATE) old WHERE a."id" = old."id" RETURNING a."name", old.was`,
      [accountId, interval.data],
    );
    const row = rows[0];
    if (row === undefined) throw new AccountInputError("account", "This account is gone.");
    await audit(tx, scope, "account.interval-set", row.name, accountId, { from: row.was, to: interval.data });
  });
}
