import "server-only";
import { pool } from "@/lib/db";
import { type AccountScope, accountsWith, ForbiddenError } from "../scope";
import type { AuditFilter, AuditRow } from "./schema";

const BATCH = 1000;

/**
 * Accounts whose entries the scope may read: those it administers; null is all, with what concerns no account. Throws
 * ForbiddenError when there is none.
 */
function readableAccounts(scope: AccountScope): string[] | null {
  const ids = accountsWith(scope, "Security Admin");
  if (ids?.length === 0) throw new ForbiddenError("The audit log needs the role Security Admin.");
  return ids;
}

/** Throws ForbiddenError for a scope that may read no entry. */
export const requireAuditReader = (scope: AccountScope): void => void readableAccounts(scope);

const contains = (text: string | undefined): string | null =>
  text === undefined ? null : `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;

const CONDITIONS = `
  ($1::uuid[] IS NULL OR e."accountId" = ANY($1))
  AND ($2::text IS NULL OR e.actor ILIKE $2)
  AND ($3::text IS NULL OR e.action = $3 OR starts_with(e.action, $3 || '.'))
  AND ($4::text IS NULL OR e.target ILIKE $4)
  AND ($5::uuid IS NULL OR e."accountId" = $5)
  AND ($6::date IS NULL OR e.at >= ($6::date::timestamp AT TIME ZONE $8))
  AND ($7::date IS NULL OR e.at < (($7::date + 1)::timestamp AT TIME ZONE $8))`;

const parametersOf = (scope: AccountScope, filter: AuditFilter, timeZone: string): unknown[] => [
  readableAccounts(scope),
  contains(filter.who),
  filter.action ?? null,
  contains(filter.target),
  filter.account ?? null,
  filter.from ?? null,
  filter.to ?? null,
  timeZone,
];

/** Entries that the scope may read, newest first, at most `limit`, before the place `before`. Throws ForbiddenError. */
export async function readAudit(
  scope: AccountScope,
  filter: AuditFilter,
  timeZone: string,
  before: bigint | null,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await pool().query<Omit<AuditRow, "seq"> & { seq: string }>(
    `SELECT e.seq, e.at, e."actorId", e.actor, e.action, e.target, e."accountId", a.name AS account, e.address, e."userAgent",
            e.before, e.after, e.detail, encode(e.hash, 'hex') AS hash
     FROM "AuditEntry" e LEFT JOIN "Account" a ON a.id = e."accountId"
     WHERE ${CONDITIONS} AND ($9::bigint IS NULL OR e.seq < $9) ORDER BY e.seq DESC LIMIT $10`,
    [...parametersOf(scope, filter, timeZone), before, limit],
  );
  return rows.map((row) => ({ ...row, seq: BigInt(row.seq) }));
}

/** Every entry that the filter admits, newest first, in batches: memory stays flat whatever their number. Throws ForbiddenError. */
export async function* walkAudit(
  scope: AccountScope,
  filter: AuditFilter,
  timeZone: string,
): AsyncGenerator<AuditRow[]> {
  let before: bigint | null = null;
  for (;;) {
    const rows: AuditRow[] = await readAudit(scope, filter, timeZone, before, BATCH);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    before = last.seq;
  }
}

/** Actions that the log knows, for the filter's list. Throws ForbiddenError. */
export async function auditActions(scope: AccountScope): Promise<string[]> {
  readableAccounts(scope);
  // A loose index scan: one probe per distinct action, however long the log is.
  const { rows } = await pool().query<{ action: string }>(
    `WITH RECURSIVE known AS (
       (SELECT action FROM "AuditEntry" ORDER BY action LIMIT 1)
       UNION ALL
       SELECT (SELECT e.action FROM "AuditEntry" e WHERE e.action > k.action ORDER BY e.action LIMIT 1) FROM known k WHERE k.action IS NOT NULL
     ) SELECT action FROM known WHERE action IS NOT NULL LIMIT 500`,
  );
  return rows.map((row) => row.action);
}
