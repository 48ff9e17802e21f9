import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import type { Distribution } from "@/domain/inventory/schema";
import { pool } from "@/lib/db";
import { type Evidence, SEVERITY_RANK } from "../schema";
import type { FindingFilter } from "./filter";

export interface FindingRow {
  id: string;
  controlId: string;
  severity: number;
  kind: string;
  namespace: string;
  name: string;
  state: string;
  message: string;
  evidence: Evidence[];
  firstSeenAt: Date;
  lastSeenAt: Date;
  resolvedAt: Date | null;
  resolution: string | null;
  reopened: number;
  notRechecked: string | null;
  clusterId: string;
  clusterName: string;
  distribution: Distribution;
}

const evidenceSchema = z.array(z.object({ path: z.string(), message: z.string() })).catch([]);
const COLUMNS = `f.id, f."controlId", f.severity, f.kind, f.namespace, f.name, f.state, f.message, f.evidence, f."firstSeenAt",
  f."lastSeenAt", f."resolvedAt", f.resolution, f.reopened, f."notRechecked", f."clusterId", c.name AS "clusterName", c.distribution`;
const FROM = `FROM "Finding" f JOIN "Cluster" c ON c.id = f."clusterId"`;

const parse = (row: FindingRow): FindingRow => ({ ...row, evidence: evidenceSchema.parse(row.evidence) });

/** The one translation of a filter to SQL: list and counts share it, so they cannot disagree. */
function conditions(scope: AccountScope, filter: FindingFilter): { where: string; values: unknown[] } {
  const states = filter.state.length === 0 ? ["open"] : filter.state;
  return {
    where: `c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1))
      AND ($2::int[] IS NULL OR f.severity = ANY($2)) AND ($3::text[] IS NULL OR f."scoreGroup" = ANY($3))
      AND ($4::text IS NULL OR f."controlId" = $4) AND ($5::uuid IS NULL OR f."clusterId" = $5)
      AND ($6::text IS NULL OR f.namespace = $6)
      AND ((f.state = 'open' AND ('open' = ANY($7::text[]) OR ('not-rechecked' = ANY($7) AND f."notRechecked" IS NOT NULL))) OR (f.state = 'resolved' AND 'resolved' = ANY($7)))
      AND ($8::text IS NULL OR f.name ILIKE $8 OR f.message ILIKE $8 OR f.namespace ILIKE $8)`,
    values: [
      scope.accountIds,
      filter.severity.length === 0 ? null : filter.severity.map((severity) => SEVERITY_RANK[severity]),
      filter.group.length === 0 ? null : filter.group,
      filter.control,
      filter.cluster,
      filter.namespace,
      states,
      filter.q === null ? null : `%${filter.q.replace(/[\\%_]/g, "\\$&")}%`,
    ],
  };
}

/** One page of findings, newest first, and whether more follow. */
export async function listFindings(
  scope: AccountScope,
  filter: FindingFilter,
  size: number,
): Promise<{ rows: FindingRow[]; more: boolean }> {
  const { where, values } = conditions(scope, filter);
  const { rows } = await pool().query<FindingRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE ${where} AND ($9::timestamptz IS NULL OR (date_trunc('milliseconds', f."firstSeenAt"), f.id) < ($9, $10::uuid))
     ORDER BY date_trunc('milliseconds', f."firstSeenAt") DESC, f.id DESC LIMIT $11`,
    [...values, filter.after?.at ?? null, filter.after?.id ?? null, size + 1],
  );
  return { rows: rows.slice(0, size).map(parse), more: rows.length > size };
}

export interface FindingCounts {
  total: number;
  notRechecked: number;
  severity: Map<number, number>;
  group: Map<string, number>;
  cluster: Map<string, { name: string; amount: number }>;
}

/** How many findings the filter shows, and by facet: one pass. */
export async function countFindings(scope: AccountScope, filter: FindingFilter): Promise<FindingCounts> {
  const { where, values } = conditions(scope, filter);
  const { rows } = await pool().query<{
    severity: number | null;
    scoreGroup: string | null;
    clusterId: string | null;
    name: string | null;
    amount: number;
    unchecked: number;
  }>(
    `SELECT f.severity, f."scoreGroup", f."clusterId", min(c.name) AS name, count(*)::int AS amount, count(f."notRechecked") FILTER (WHERE f.state = 'open')::int AS unchecked
     ${FROM} WHERE ${where} GROUP BY GROUPING SETS ((), (f.severity), (f."scoreGroup"), (f."clusterId"))`,
    values,
  );
  const counts: FindingCounts = {
    total: 0,
    notRechecked: 0,
    severity: new Map(),
    group: new Map(),
    cluster: new Map(),
  };
  for (const row of rows) {
    if (row.severity !== null) counts.severity.set(row.severity, row.amount);
    else if (row.scoreGroup !== null) counts.group.set(row.scoreGroup, row.amount);
    else if (row.clusterId !== null) counts.cluster.set(row.clusterId, { name: row.name ?? "", amount: row.amount });
    else {
      counts.total = row.amount;
      counts.notRechecked = row.unchecked;
    }
  }
  return counts;
}

export interface Transition {
  at: Date;
  change: string;
  reason: string | null;
}

/** One finding with its history, newest change first; null outside the scope. */
export async function findFinding(
  scope: AccountScope,
  id: string,
): Promise<{ finding: FindingRow; history: Transition[] } | null> {
  const [found, history] = await Promise.all([
    pool().query<FindingRow>(
      `SELECT ${COLUMNS} ${FROM} WHERE f.id = $2 AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1))`,
      [scope.accountIds, id],
    ),
    pool().query<Transition>(
      `SELECT t.at, t.change, t.reason FROM "FindingTransition" t JOIN "Finding" f ON f.id = t."findingId"
       WHERE f.id = $2 AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1)) ORDER BY t.at DESC, t.id DESC LIMIT 50`,
      [scope.accountIds, id],
    ),
  ]);
  const row = found.rows[0];
  return row === undefined ? null : { finding: parse(row), history: history.rows };
}

/** Unhealthy resources of one control, oldest first. */
export async function affectedBy(scope: AccountScope, controlId: string, limit: number): Promise<FindingRow[]> {
  const { rows } = await pool().query<FindingRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE f."controlId" = $2 AND f.state = 'open' AND c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1))
     ORDER BY f."firstSeenAt", f.id LIMIT $3`,
    [scope.accountIds, controlId, limit],
  );
  return rows.map(parse);
}

/** Open findings of one cluster by score group and severity rank. */
export async function findingMatrix(
  scope: AccountScope,
  clusterId: string,
): Promise<{ scoreGroup: string; severity: number; amount: number }[]> {
  const { rows } = await pool().query<{ scoreGroup: string; severity: number; amount: number }>(
    `SELECT f."scoreGroup", f.severity, count(*)::int AS amount ${FROM} WHERE f."clusterId" = $2 AND f.state = 'open'
       AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1)) GROUP BY 1, 2`,
    [scope.accountIds, clusterId],
  );
  return rows;
}
