import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { DISTRIBUTIONS } from "@/domain/inventory/schema";
import { controlCatalogue } from "@/domain/posture/queries";
import { pool } from "@/lib/db";
import { attestationsOf, liveAttestations } from "../attestation/queries";
import { findRequirement } from "../catalogue";
import { placeWhere, readControlCounts, readEvidence } from "../evidence/queries";
import { readFacts } from "../fact/queries";
import type { Place } from "../place";
import type { RequirementDetail } from "../report/schema";
import { addVerdict, concerns, emptyTally, overall, verdictOn } from "../rollup";
import { decidedBy } from "../schema";

const distributionSchema = z.enum(DISTRIBUTIONS);

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
