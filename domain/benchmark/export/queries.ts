import "server-only";
import type pg from "pg";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { LAST_SEEN } from "@/domain/posture/finding/row";
import { controlCatalogue } from "@/domain/posture/queries";
import { pool } from "@/lib/db";
import type { ExportRows } from "@/lib/http/export";
import { openSnapshot } from "@/lib/http/snapshot";
import { findBenchmark } from "../catalogue";
import { readEvidence } from "../evidence/queries";
import type { Place } from "../place";
import { concerns, verdictOn } from "../rollup";
import type { Benchmark } from "../schema";
import { type AssessmentRecord, type AuditRow, assessmentRow, type Pair, requirementRow, type Said } from "./row";

const evidenceList = z.array(z.object({ path: z.string(), message: z.string() })).catch([]);

/** What is attested now of one benchmark, by requirement and place. */
async function readSaid(db: pg.PoolClient, benchmarkId: string): Promise<ReadonlyMap<string, Said>> {
  const { rows } = await db.query<Said & { key: string }>(
    `SELECT "requirementId" || ' ' || coalesce("scopeId"::text, '') AS key, state, evidence, link, by, until FROM "Attestation"
     WHERE "benchmarkId" = $1 AND "endedAt" IS NULL AND until > now() ORDER BY at, id`,
    [benchmarkId],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

async function readExternal(db: pg.PoolClient, ids: readonly string[]) {
  const { rows } = await db.query<{ id: string; externalId: string; provider: string }>(
    `SELECT id, "externalId", provider FROM "Account" WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Every requirement on every cluster that the benchmark is meant for, by requirement and then by cluster. */
async function readPairs(
  db: pg.PoolClient,
  scope: AccountScope,
  benchmark: Benchmark,
  place: Place,
): Promise<Pair[][]> {
  const evidence = await readEvidence(scope, place, db);
  const said = await readSaid(db, benchmark.id);
  const clusters = evidence.filter(({ distribution }) => concerns(benchmark, distribution));
  const accounts = await readExternal(db, [...new Set(clusters.map(({ accountId }) => accountId))]);
  return benchmark.sections.flatMap((section) =>
    section.requirements.map((requirement) =>
      clusters.map((cluster) => {
        const attested =
          said.get(`${requirement.id} ${cluster.id}`) ??
          said.get(`${requirement.id} ${cluster.accountId}`) ??
          said.get(`${requirement.id} `) ??
          null;
        const verdict = verdictOn(requirement, cluster.stateOf, attested?.state ?? null);
        const account = accounts.get(cluster.accountId);
        return {
          ...{ section, requirement, state: verdict.state },
          said: verdict.attested ? attested : null,
          cluster: { ...cluster, externalId: account?.externalId ?? "", provider: account?.provider ?? "" },
        };
      }),
    ),
  );
}

// Assessments of the resources as the last scans left them; and findings that are still open though their resource says nothing any more.
const SOURCE = `(SELECT k.at AS "requirementAt", p.at::int AS "clusterAt", k.control AS "controlId", r."clusterId", r."apiGroup", r.namespace, r.kind, r.name, o.code
    FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, at) JOIN "Resource" r ON r."clusterId" = p.id CROSS JOIN LATERAL jsonb_each_text(CASE jsonb_typeof(r.outcomes) WHEN 'object' THEN r.outcomes END) AS o(control, code)
    JOIN jsonb_to_recordset($2::jsonb) AS k(at int, control text) ON k.control = o.control
    WHERE o.code <> 'n'
  UNION ALL
  SELECT k.at, p.at::int, k.control, f."clusterId", f."apiGroup", f.namespace, f.kind, f.name, 'e:not_listed'
    FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, at) JOIN "Finding" f ON f."clusterId" = p.id JOIN jsonb_to_recordset($2::jsonb) AS k(at int, control text) ON k.control = f."controlId"
    WHERE f.state = 'open' AND NOT EXISTS (SELECT 1 FROM "Resource" r WHERE r."clusterId" = f."clusterId" AND r."apiGroup" = f."apiGroup" AND r.kind = f.kind
      AND r.namespace = f.namespace AND r.name = f.name AND r.outcomes ? f."controlId" AND r.outcomes ->> f."controlId" <> 'n'))`;

/**
 * Everything that a benchmark's state at a place was made from, without a limit: for each requirement and cluster one line, and behind
 * it one for each assessment. Null when there is no such benchmark.
 */
export async function exportCompliance(
  scope: AccountScope,
  benchmarkId: string,
  place: Place,
): Promise<ExportRows<AuditRow> | null> {
  const benchmark = findBenchmark(benchmarkId);
  if (benchmark === null) return null;
  const controls = await controlCatalogue();
  let pairs: Pair[][] = [];
  let clusterIds: string[] = [];
  const named = benchmark.sections
    .flatMap(({ requirements }) => requirements)
    .flatMap((requirement, at) => (requirement.controls ?? []).map((control) => ({ at: at + 1, control })));
  const rows = await openSnapshot<AssessmentRecord>(
    pool(),
    `SELECT x."requirementAt", x."clusterAt", x."controlId", x.namespace, x.kind, x.name, x.code, f.id IS NOT NULL AS open, f.message, f.evidence, f.owner,
       f."notRechecked", f.exemption, f."firstSeenAt", ${LAST_SEEN} AS "lastSeenAt", f."exemptionId", e.reason AS "exemptionReason",
       e.evidence AS "exemptionEvidence", e."requestedBy" AS "exemptionRequestedBy", e."decidedBy" AS "exemptionApprovedBy", e."expiresAt" AS "exemptionUntil"
     FROM ${SOURCE} x LEFT JOIN "Finding" f ON f."clusterId" = x."clusterId" AND f.namespace = x.namespace AND f.kind = x.kind AND f.name = x.name
       AND f."apiGroup" = x."apiGroup" AND f."controlId" = x."controlId" AND f.state = 'open'
       LEFT JOIN "Cluster" c ON c.id = f."clusterId" LEFT JOIN "Exemption" e ON e.id = f."exemptionId"
     ORDER BY 1, 2, x.namespace, x.kind, x.name, x."controlId"`,
    `SELECT count(*)::int AS total, now() AS at FROM ${SOURCE} x`,
    // States and assessments are of one moment: a scan that commits meanwhile is in both or in neither.
    async (client) => {
      pairs = await readPairs(client, scope, benchmark, place);
      clusterIds = pairs[0]?.map(({ cluster }) => cluster.id) ?? [];
      return [clusterIds, JSON.stringify(named)];
    },
  );
  const subject = { id: benchmarkId, version: benchmark.version, exemptions: place.exemptions ?? ("with" as const) };
  const total = rows.total + pairs.length * clusterIds.length;
  async function* lines(): AsyncGenerator<AuditRow[]> {
    const all = pairs.flat();
    const width = Math.max(1, clusterIds.length);
    let next = 0;
    const upTo = (end: number): AuditRow[] => {
      const made = all.slice(next, end).map((pair) => requirementRow(subject, pair));
      next = Math.max(next, end);
      return made;
    };
    for await (const batch of rows.batches) {
      const out: AuditRow[] = [];
      for (const record of batch) {
        const at = (record.requirementAt - 1) * width + record.clusterAt - 1;
        const pair = all[at];
        if (pair === undefined) continue; // the query asks for these pairs only
        out.push(...upTo(at + 1));
        const parsed = { ...record, evidence: record.evidence === null ? null : evidenceList.parse(record.evidence) };
        out.push(assessmentRow(subject, pair, parsed, controls.get(record.controlId)));
      }
      yield out;
    }
    for (;;) {
      const made = upTo(Math.min(all.length, next + 1000));
      if (made.length === 0) return;
      yield made;
    }
  }
  return { total, asOf: rows.asOf, batches: lines(), close: rows.close };
}
