import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Place } from "../place";
import { complianceCoverage, complianceScore, type Tally } from "../rollup";

/** Where a benchmark stood at the end of a day (or stands, on the last one). */
export interface DayPoint {
  /** `2026-11-21`, in the organisation's time zone. */
  day: string;
  score: number | null;
  coverage: number | null;
  clusters: number;
  tally: Tally;
}

/**
 * History of one benchmark, or of all of them, oldest first. For who does not see everything the fleet is the sum of the accounts
 * that they see.
 */
export async function complianceHistory(
  scope: AccountScope,
  place: Place,
  days: number,
  benchmarkId: string | null = null,
): Promise<Map<string, DayPoint[]>> {
  const whole = place.scope === "fleet" && scope.accountIds === null;
  const stored = place.scope === "fleet" ? (whole ? "fleet" : "account") : place.scope;
  const ids = place.scope === "fleet" ? (whole ? [""] : [...(scope.accountIds ?? [])]) : [place.id];
  const { rows } = await pool().query<{
    benchmarkId: string;
    day: string;
    clusters: number;
    passed: number;
    failed: number;
    not_evaluated: number;
    manual: number;
    exempted: number;
    not_applicable: number;
    attested: number;
  }>(
    `SELECT "benchmarkId", to_char(day, 'YYYY-MM-DD') AS day, sum(clusters)::int AS clusters, sum(passed)::int AS passed, sum(failed)::int AS failed, sum("notEvaluated")::int AS not_evaluated,
       sum(manual)::int AS manual, sum(exempted)::int AS exempted, sum("notApplicable")::int AS not_applicable, sum(attested)::int AS attested
     FROM "CompliancePoint" p WHERE scope = $1 AND "scopeId" = ANY($2::text[]) AND day > current_date - $3::int AND ($4::text IS NULL OR "benchmarkId" = $4)
       AND ($5::text[] IS NULL OR scope <> 'account' OR "scopeId" = ANY($5))
       AND ($5::text[] IS NULL OR scope <> 'cluster' OR "scopeId" IN (SELECT id::text FROM "Cluster" WHERE "accountId"::text = ANY($5)))
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [stored, ids, days, benchmarkId, scope.accountIds],
  );
  const byBenchmark = new Map<string, DayPoint[]>();
  for (const { benchmarkId: id, day, clusters, ...tally } of rows) {
    const points = byBenchmark.get(id) ?? [];
    points.push({ day, clusters, tally, score: complianceScore(tally), coverage: complianceCoverage(tally) });
    byBenchmark.set(id, points);
  }
  return byBenchmark;
}
