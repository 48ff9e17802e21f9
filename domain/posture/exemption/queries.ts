import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { type KeptRow, readKept } from "./kept";
import { mayChange } from "./reach";
import { DEFAULT_RULE, type ExemptionItem, type ExemptionRule, type ExemptionState } from "./schema";

interface Row {
  id: string;
  type: ExemptionItem["type"];
  state: ExemptionState;
  targets: unknown;
  everywhere: boolean;
  accountIds: string[];
  reason: string;
  evidence: string;
  expiresAt: Date | null;
  requestedBy: string;
  requestedById: string | null;
  requestedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  note: string | null;
  endedAt: Date | null;
  endedBy: string | null;
  findings: number;
}
const MOST = 1000;
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** An exemption with whether the reader asked for it, and whether their roles reach as far as it does, seen or not. */
export type OwnedExemption = ExemptionItem & { own: boolean; mayChange: boolean };

interface Chosen {
  states?: readonly ExemptionState[];
  id?: string;
  /** Accounts one of which it must concern. It is shown whole all the same, as far as the scope sees it. */
  within?: readonly string[] | null;
}

/**
 * Exemptions that concern what the scope may see, newest first, at most 1,000. Targets in other accounts are left out; of one that
 * cannot be read there are none.
 */
export async function listExemptions(
  scope: AccountScope,
  { states = [], id, within = null }: Chosen = {},
): Promise<OwnedExemption[]> {
  const { rows } = await pool().query<Row>(
    `SELECT e.*, (SELECT count(*)::int FROM "Finding" f WHERE f."exemptionId" = e.id AND f.state = 'open' AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1))) AS findings
     FROM "Exemption" e WHERE ($1::uuid[] IS NULL OR (e.everywhere AND cardinality($1) > 0) OR e."accountIds" && $1)
       AND (cardinality($2::text[]) = 0 OR e.state = ANY($2)) AND ($3::uuid IS NULL OR e.id = $3)
       AND ($4::uuid[] IS NULL OR (e.everywhere AND cardinality($4) > 0) OR e."accountIds" && $4)
     ORDER BY e."requestedAt" DESC, e.id DESC LIMIT ${MOST}`,
    [scope.accountIds, states, id ?? null, within],
  );
  const sees = (account: string | undefined) =>
    account === undefined || scope.accountIds === null || scope.accountIds.includes(account);
  const targetsOf = (row: Row) => {
    const kept = readKept(row);
    return kept.readable
      ? { readable: true, targets: kept.targets.filter(({ account }) => sees(account)) }
      : { readable: false, targets: [] };
  };
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    state: row.state,
    ...targetsOf(row),
    reason: row.reason,
    evidence: row.evidence,
    expiresAt: iso(row.expiresAt),
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: iso(row.decidedAt),
    note: row.note,
    endedAt: iso(row.endedAt),
    endedBy: row.endedBy,
    findings: row.findings,
    own: scope.userId !== null && row.requestedById === scope.userId,
    mayChange: mayChange(scope, row),
  }));
}

/** Why each of these was asked for, by its id, as far as the scope sees it: what a filter by exemptions is told by. */
export async function exemptionReasons(scope: AccountScope, ids: readonly string[]): Promise<Record<string, string>> {
  if (ids.length === 0) return {};
  const { rows } = await pool().query<{ id: string; reason: string }>(
    `SELECT id, reason FROM "Exemption" WHERE id = ANY($2::uuid[])
       AND ($1::uuid[] IS NULL OR (everywhere AND cardinality($1) > 0) OR "accountIds" && $1)`,
    [scope.accountIds, ids],
  );
  return Object.fromEntries(rows.map(({ id, reason }) => [id, reason]));
}

/** An exemption, or a request for one, that cannot be read and so holds for nothing. */
export interface UnreadableExemption {
  id: string;
  state: "requested" | "active";
  reason: string;
  requestedBy: string;
  /** Why it cannot be read. */
  problem: string;
}

/** Those of the exemptions in force, and of the requests, within the scope that cannot be read, by their id. */
export async function listUnreadable(scope: AccountScope): Promise<UnreadableExemption[]> {
  const { rows } = await pool().query<KeptRow & Omit<UnreadableExemption, "problem">>(
    `SELECT id, state, type, targets, reason, "requestedBy" FROM "Exemption" WHERE state IN ('requested', 'active')
       AND ($1::uuid[] IS NULL OR (everywhere AND cardinality($1) > 0) OR "accountIds" && $1) ORDER BY id`,
    [scope.accountIds],
  );
  return rows.flatMap((row) => {
    const kept = readKept(row);
    const { id, state, reason, requestedBy } = row;
    return kept.readable ? [] : [{ id, state, reason, requestedBy, problem: kept.problem }];
  });
}

/** What the accounts and clusters are called that targets name, as far as the scope sees them. */
export async function placeNames(
  scope: AccountScope,
  items: readonly Pick<ExemptionItem, "targets">[],
): Promise<Map<string, string>> {
  const ids = [
    ...new Set(items.flatMap(({ targets }) => targets.flatMap(({ account, cluster }) => cluster ?? account ?? []))),
  ];
  const { rows } = await pool().query<{ id: string; name: string }>(
    `SELECT id, name FROM "Account" WHERE id = ANY($2::uuid[]) AND ($1::uuid[] IS NULL OR id = ANY($1))
     UNION ALL SELECT id, name FROM "Cluster" WHERE id = ANY($2::uuid[]) AND ($1::uuid[] IS NULL OR "accountId" = ANY($1))`,
    [scope.accountIds, ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The organisation's rule for exemptions. Everybody may know it. */
export async function exemptionRuleInForce(_scope: AccountScope): Promise<ExemptionRule> {
  const { rows } = await pool().query<ExemptionRule>(
    `SELECT "approval", "longestDays" FROM "ExemptionRule" WHERE id = 1`,
  );
  return rows[0] ?? DEFAULT_RULE;
}
