import type { Pool, PoolClient } from "pg";
import { inTransaction } from "@/lib/db";
import { liveAttestations } from "../attestation/queries";
import { readEvidence } from "../evidence/queries";
import { loadBenchmarks } from "../load";
import { FLEET } from "../place";
import { addTally, emptyTally, rollUp, type Tally } from "../rollup";
import { dayIn } from "./now";

const BATCH = 2000;

interface Point {
  scope: string;
  scopeId: string;
  benchmarkId: string;
  clusters: number;
  passed: number;
  failed: number;
  notEvaluated: number;
  manual: number;
  exempted: number;
  notApplicable: number;
  attested: number;
}
const pointOf = (scope: string, scopeId: string, benchmarkId: string, clusters: number, tally: Tally): Point => ({
  ...{ scope, scopeId, benchmarkId, clusters },
  passed: tally.passed,
  failed: tally.failed,
  notEvaluated: tally.not_evaluated,
  manual: tally.manual,
  exempted: tally.exempted,
  notApplicable: tally.not_applicable,
  attested: tally.attested,
});

/**
 * Writes where each benchmark stands today, for the fleet, every account and every cluster: one row a day, rewritten while it is
 * that day; a row that would say the same is left alone. `zone` is the organisation's time zone. Returns how many were written.
 */
export async function recordCompliance(pool: Pool, now: Date, zone: string): Promise<number> {
  const [clusters, attestations] = await Promise.all([
    readEvidence({ accountIds: null }, FLEET, pool),
    liveAttestations(now, pool),
  ]);
  const points: Point[] = [];
  for (const benchmark of loadBenchmarks()) {
    const [accounts, fleet] = [new Map<string, { clusters: number; tally: Tally }>(), emptyTally()];
    let all = 0;
    for (const cluster of clusters) {
      const { clusters: meant, total } = rollUp(benchmark, [cluster], attestations);
      if (meant === 0) continue;
      points.push(pointOf("cluster", cluster.id, benchmark.id, 1, total));
      const account = accounts.get(cluster.accountId) ?? { clusters: 0, tally: emptyTally() };
      account.clusters++;
      addTally(account.tally, total);
      accounts.set(cluster.accountId, account);
      addTally(fleet, total);
      all++;
    }
    for (const [id, account] of accounts)
      points.push(pointOf("account", id, benchmark.id, account.clusters, account.tally));
    if (all > 0) points.push(pointOf("fleet", "", benchmark.id, all, fleet));
  }
  const day = dayIn(now, zone);
  return inTransaction(pool, async (tx) => {
    let written = 0;
    for (let at = 0; at < points.length; at += BATCH) {
      const { rowCount } = await tx.query(
        `INSERT INTO "CompliancePoint" AS p (scope, "scopeId", "benchmarkId", day, at, clusters, passed, failed, "notEvaluated", manual, exempted, "notApplicable", attested)
         SELECT x.scope, x."scopeId", x."benchmarkId", $2::date, $3, x.clusters, x.passed, x.failed, x."notEvaluated", x.manual, x.exempted, x."notApplicable", x.attested
         FROM jsonb_to_recordset($1::jsonb) AS x(scope text, "scopeId" text, "benchmarkId" text, clusters int, passed int, failed int, "notEvaluated" int, manual int, exempted int, "notApplicable" int, attested int)
         ON CONFLICT (scope, "scopeId", "benchmarkId", day) DO UPDATE SET at = excluded.at, clusters = excluded.clusters, passed = excluded.passed, failed = excluded.failed,
           "notEvaluated" = excluded."notEvaluated", manual = excluded.manual, exempted = excluded.exempted, "notApplicable" = excluded."notApplicable", attested = excluded.attested
         WHERE (p.clusters, p.passed, p.failed, p."notEvaluated", p.manual, p.exempted, p."notApplicable", p.attested)
           IS DISTINCT FROM (excluded.clusters, excluded.passed, excluded.failed, excluded."notEvaluated", excluded.manual, excluded.exempted, excluded."notApplicable", excluded.attested)`,
        [JSON.stringify(points.slice(at, at + BATCH)), day, now],
      );
      written += rowCount ?? 0;
    }
    return written;
  });
}

/** Deletes points of days before `before`. At most `most`; returns how many. */
export async function forgetCompliance(tx: PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "CompliancePoint" WHERE ctid = ANY(ARRAY(SELECT ctid FROM "CompliancePoint" WHERE at < $1 LIMIT $2))`,
    [before, most],
  );
  return rowCount ?? 0;
}
