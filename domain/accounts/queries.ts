import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { trendSql } from "@/domain/inventory/cluster/queries";
import type { Exemptions } from "@/domain/inventory/exemptions";
import type { Provider } from "@/domain/inventory/schema";
import type { AccountSight } from "@/domain/inventory/sight";
import { pool } from "@/lib/db";
import { orNull, toldScore } from "@/lib/hundredths";
import type { TestState } from "./schema";

export interface NavigationCounts {
  accounts: number;
  clusters: number;
  findings: number;
  recommendations: number;
}

/** The figures beside the navigation's entries, in one query. */
export async function navigationCounts(scope: AccountScope): Promise<NavigationCounts> {
  const { rows } = await pool().query<NavigationCounts>(
    // Controls with findings are stepped through, index entry by index entry: a large fleet has a row for each cluster and control. What is
    // exempted everywhere stays an open finding, and nobody is recommended to mend it.
    `WITH RECURSIVE control AS (
       (SELECT "controlId" AS id FROM "FindingByControl" WHERE open > 0 ORDER BY 1 LIMIT 1)
       UNION ALL
       SELECT (SELECT n."controlId" FROM "FindingByControl" n WHERE n.open > 0 AND n."controlId" > control.id ORDER BY 1 LIMIT 1) FROM control WHERE control.id IS NOT NULL
     ), seen AS (SELECT id FROM "Cluster" WHERE "goneAt" IS NULL AND ($1::uuid[] IS NULL OR "accountId" = ANY($1)))
     SELECT (SELECT count(*)::int FROM "Account" WHERE $1::uuid[] IS NULL OR id = ANY($1)) AS accounts,
       (SELECT count(*)::int FROM seen) AS clusters,
       (SELECT coalesce(sum(f.open), 0)::int FROM "FindingBySeverity" f WHERE f."clusterId" IN (SELECT id FROM seen)) AS findings,
       (SELECT count(*)::int FROM control WHERE (SELECT true FROM "FindingByControl" f JOIN seen ON seen.id = f."clusterId"
           JOIN "ControlRollup" r ON r."clusterId" = f."clusterId" AND r."controlId" = f."controlId"
         WHERE f."controlId" = control.id AND f.open > 0 AND r.unhealthy > 0 LIMIT 1)) AS recommendations`,
    [scope.accountIds],
  );
  return rows[0] ?? { accounts: 0, clusters: 0, findings: 0, recommendations: 0 };
}

export interface AccountRow {
  id: string;
  provider: Provider;
  name: string;
  externalId: string;
  intervalMinutes: number;
  enabled: boolean;
  health: string;
  healthReason: string | null;
  checkedAt: Date | null;
  nextScanAt: Date | null;
  /** Until when the cloud asked not to be called. */
  waitUntil: Date | null;
  /** Set while a removed account is being deleted. */
  removedAt: Date | null;
  createdAt: Date;
  clusters: number;
  workloads: number;
  /** By its last point, with exemptions and as if there were none; null where nothing could be scored, or that was not kept. */
  score: number | null;
  scoreWithoutExemptions: number | null;
  /** Clusters whose last scan was partial or failed, or that had none. */
  unread: number;
}

/** The cloud's own word, and where that is good, what its clusters refuse: docs/accounts.md, Health. */
const ACCOUNT = `SELECT a.id, a.provider, a.name, a."externalId", a."intervalMinutes", a.enabled,
  CASE WHEN a.health = 'healthy' AND count(c.refusal) > 0 THEN 'degraded' ELSE a.health END AS health,
  CASE WHEN a.health IN ('healthy', 'degraded') THEN coalesce(a."healthReason", min(c.name || ': ' || c.refusal)) ELSE a."healthReason" END AS "healthReason", a."checkedAt",
  a."nextScanAt", a."waitUntil", a."removedAt", a."createdAt", count(c.id)::int AS clusters, coalesce(sum(c.workloads), 0)::int AS workloads,
  count(c.id) FILTER (WHERE c."lastScanStatus" IS NULL OR c."lastScanStatus" IN ('partial', 'failed'))::int AS unread,
  max(p.score) AS score, max(p."scoreWithoutExemptions") AS "scoreWithoutExemptions"
  FROM "Account" a LEFT JOIN LATERAL (SELECT o.score, o."scoreWithoutExemptions" FROM "ScorePoint" o
    WHERE o.scope = 'account' AND o."scopeId" = a.id ORDER BY o.at DESC, o.id DESC LIMIT 1) p ON true LEFT JOIN "Cluster" c ON c."accountId" = a.id AND c."goneAt" IS NULL`;

export async function listAccounts(scope: AccountScope): Promise<AccountRow[]> {
  const { rows } = await pool().query<AccountRow>(
    `${ACCOUNT} WHERE $1::uuid[] IS NULL OR a.id = ANY($1) GROUP BY a.id ORDER BY a.provider, a.name, a.id`,
    [scope.accountIds],
  );
  return rows;
}

/** The accounts of the scope by name, each with how much of it the last look told: one whose connection test missed something in a cluster
 * was looked at whole all the same. Nothing more is asked of one that is being removed. */
export async function accountSights(scope: AccountScope): Promise<AccountSight[]> {
  const { rows } = await pool().query<AccountSight>(
    `SELECT a.id, a.name, a.provider, CASE WHEN a."removedAt" IS NOT NULL OR a.health = 'healthy' THEN 'all'
       WHEN a.health = 'degraded' AND (SELECT s.status FROM "Scan" s WHERE s."accountId" = a.id AND s.kind = 'account' AND s.status <> 'running'
         ORDER BY s."queuedAt" DESC LIMIT 1) = 'complete' THEN 'all'
       WHEN a.health = 'degraded' THEN 'part' WHEN a.health = 'failing' THEN 'nothing' ELSE 'unasked' END AS told
     FROM "Account" a WHERE $1::uuid[] IS NULL OR a.id = ANY($1) ORDER BY a.name, a.id`,
    [scope.accountIds],
  );
  return rows;
}

/** The score of each account on every third of the last 30 days up to now, oldest first, by the account's id; null before it was kept. */
export async function accountTrends(
  scope: AccountScope,
  exemptions: Exemptions,
): Promise<Map<string, (number | null)[]>> {
  const { rows } = await pool().query<{ id: string; trend: (number | null)[] }>(
    `SELECT a.id, ${trendSql("account", "a.id", exemptions)} AS trend FROM "Account" a WHERE $1::uuid[] IS NULL OR a.id = ANY($1)`,
    [scope.accountIds],
  );
  return new Map(rows.map(({ id, trend }) => [id, trend.map((score) => orNull(score, toldScore))]));
}

/** One account; null when there is none or it lies outside the scope. Never its secrets. */
export async function findAccount(scope: AccountScope, id: string): Promise<AccountRow | null> {
  const { rows } = await pool().query<AccountRow>(
    `${ACCOUNT} WHERE a.id = $2 AND ($1::uuid[] IS NULL OR a.id = ANY($1)) GROUP BY a.id`,
    [scope.accountIds, id],
  );
  return rows[0] ?? null;
}

const checksSchema = z
  .object({
    checks: z.array(
      z.object({ name: z.string(), outcome: z.enum(["ok", "failed", "not_tested"]), message: z.string() }),
    ),
  })
  .catch({ checks: [] });
/** What a finished test says; no checks when it said nothing. */
export const checksOf = (output: unknown): { checks: TestState["checks"] } => checksSchema.parse(output);
export const TEST_STATES: Readonly<Record<string, TestState["state"]>> = {
  created: "waiting",
  retry: "waiting",
  active: "running",
  completed: "done",
  failed: "failed",
  cancelled: "failed",
};

/** The newest connection test of an account; `none` when there was none lately or the account lies outside the scope. */
export async function readTest(scope: AccountScope, accountId: string): Promise<TestState> {
  const { rows } = await pool().query<{ state: string; output: unknown }>(
    `SELECT j.state::text AS state, j.output FROM jobs.job j JOIN "Account" a ON a.id = $2 AND ($1::uuid[] IS NULL OR a.id = ANY($1))
     WHERE j.name = 'test-connection' AND j.singleton_key = $2::text ORDER BY j.created_on DESC LIMIT 1`,
    [scope.accountIds, accountId],
  );
  const row = rows[0];
  if (row === undefined) return { state: "none", checks: [] };
  return { state: TEST_STATES[row.state] ?? "none", ...checksOf(row.output) };
}

export interface DeadLetter {
  id: string;
  job: string;
  subject: string;
  accountId: string;
  reason: string;
  at: Date;
}

/** Jobs that gave up after all their retries, newest first, at most 100. What they were about must be there still, and lie in the scope. */
export async function listDeadLetters(scope: AccountScope): Promise<DeadLetter[]> {
  const { rows } = await pool().query<DeadLetter>(
    `SELECT j.id, CASE WHEN j.data ? 'clusterId' THEN 'Scan' ELSE 'Discovery' END AS job, coalesce(c.name, a.name) AS subject, a.id AS "accountId",
       left(coalesce(j.source_output->>'message', j.source_output->'value'->>'message', 'No reason was recorded.'), 300) AS reason, j.created_on AS at
     FROM jobs.job j LEFT JOIN "Cluster" c ON c.id::text = j.data->>'clusterId'
     JOIN "Account" a ON a.id::text = coalesce(c."accountId"::text, j.data->>'accountId')
     WHERE j.name = 'dead-letter' AND j.state < 'active' AND c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR a.id = ANY($1)) ORDER BY j.created_on DESC LIMIT 100`,
    [scope.accountIds],
  );
  return rows;
}
