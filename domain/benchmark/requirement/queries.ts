import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { DISTRIBUTIONS } from "@/domain/inventory/schema";
import { controlCatalogue } from "@/domain/posture/queries";
import { pool } from "@/lib/db";
import { attestationsOf, liveAttestations } from "../attestation/queries";
import { findRequirement } from "../catalogue";
import { placeWhere, readControlCounts, readEvidence } from "../evidence/queries";
import { factText } from "../fact";
import type { Place } from "../place";
import type { RequirementDetail } from "../report/schema";
import { addVerdict, concerns, emptyTally, overall, verdictOn } from "../rollup";
import { decidedBy } from "../schema";

const anyRecord = z.record(z.string(), z.unknown()).catch({});
const listedCounts = z.record(z.string(), z.number()).catch({});
const distributionSchema = z.enum(DISTRIBUTIONS);

/** What the clouds and the last scans told of the clusters of a place, for the facts beside a manual requirement. */
async function readFacts(scope: AccountScope, place: Place, facts: readonly string[]) {
  const byCluster = new Map<string, { name: string; value: string | null }[]>();
  if (facts.length === 0) return byCluster;
  const where = placeWhere(scope, place);
  const { rows } = await pool().query<{ id: string; managed: unknown; listed: unknown; unlisted: unknown }>(
    `SELECT c.id, c.managed, s.stats->'listed' AS listed, s.stats->'unlisted' AS unlisted FROM "Cluster" c LEFT JOIN "Scan" s ON s.id = c."lastScanId" WHERE ${where.sql}`,
    where.values,
  );
  for (const row of rows) {
    const managed = anyRecord.parse(row.managed);
    const missing = new Set(Object.keys(anyRecord.parse(row.unlisted)));
    const listed = Object.fromEntries(
      Object.entries(listedCounts.parse(row.listed)).filter(([kind]) => !missing.has(kind)),
    );
    byCluster.set(
      row.id,
      facts.map((name) => ({ name, value: factText(name, managed, listed) })),
    );
  }
  return byCluster;
}

/** One requirement on every cluster of a place, with its controls, the facts that help, and what people said. Null when there is none. */
export async function readRequirement(
  scope: AccountScope,
  benchmarkId: string,
  requirementId: string,
  place: Place,
): Promise<RequirementDetail | null> {
  const found = findRequirement(benchmarkId, requirementId);
  if (found === null) return null;
  const { benchmark, section, requirement } = found;
  const named = requirement.controls ?? [];
  const [catalogue, evidence, attestations, said, counts, facts] = await Promise.all([
    controlCatalogue(),
    readEvidence(scope, place),
    liveAttestations(),
    attestationsOf(scope, benchmarkId, requirementId),
    readControlCounts(scope, place, benchmark.distributions ?? [], named),
    readFacts(scope, place, requirement.manual?.facts ?? []),
  ]);
  const tally = emptyTally();
  const clusters = evidence
    .filter((cluster) => concerns(benchmark, cluster.distribution))
    .map((cluster) => {
      const verdict = verdictOn(requirement, cluster.stateOf, attestations(benchmark.id, requirement.id, cluster));
      addVerdict(tally, verdict);
      return {
        id: cluster.id,
        name: cluster.name,
        account: { id: cluster.accountId, name: cluster.accountName },
        distribution: distributionSchema.parse(cluster.distribution),
        ...verdict,
        collectedAt: cluster.lastScanAt?.toISOString() ?? null,
        facts: facts.get(cluster.id) ?? [],
      };
    });
  const none = { healthy: 0, unhealthy: 0, notEvaluated: 0, notApplicable: 0, exempted: 0 };
  return {
    id: requirement.id,
    title: requirement.title,
    level: requirement.level ?? null,
    section: { id: section.id, title: section.title },
    decidedBy: decidedBy(requirement),
    manual: requirement.manual === undefined ? null : { why: requirement.manual.why, look: requirement.manual.look },
    state: overall(tally),
    tally,
    controls: named.flatMap((id) => {
      const control = catalogue.get(id);
      if (control === undefined) return [];
      const { healthy, unhealthy, notEvaluated, notApplicable, exempted } = counts.get(id) ?? none;
      const { title, severity } = control;
      return [{ id, title, severity, healthy, unhealthy, notEvaluated, notApplicable, exempted }];
    }),
    clusters,
    attestations: said,
    asOf: new Date().toISOString(),
  };
}

/** Findings of these controls opened (or reopened) and resolved by day since `since`, newest day first. */
export async function requirementHistory(
  scope: AccountScope,
  place: Place,
  controls: readonly string[],
  distributions: readonly string[],
  since: Date,
  zone: string,
): Promise<{ day: string; opened: number; resolved: number }[]> {
  if (controls.length === 0) return [];
  const where = placeWhere(scope, place).any("c.distribution", distributions, "text");
  where.and(`f."controlId" = ANY(${where.bind(controls)}::text[])`).and(`t.at >= ${where.bind(since)}`);
  const { rows } = await pool().query<{ day: string; opened: number; resolved: number }>(
    `SELECT to_char(t.at AT TIME ZONE ${where.bind(zone)}, 'YYYY-MM-DD') AS day, count(*) FILTER (WHERE t.change <> 'resolved')::int AS opened,
       count(*) FILTER (WHERE t.change = 'resolved')::int AS resolved
     FROM "Finding" f JOIN "FindingTransition" t ON t."findingId" = f.id JOIN "Cluster" c ON c.id = f."clusterId" WHERE ${where.sql} GROUP BY 1 ORDER BY 1 DESC`,
    where.values,
  );
  return rows;
}
