import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { liveAttestations } from "../attestation/queries";
import { findBenchmark } from "../catalogue";
import { type PlacedCluster, readEvidence } from "../evidence/queries";
import { loadBenchmarks } from "../load";
import type { Place } from "../place";
import {
  type Attestations,
  addTally,
  complianceCoverage,
  complianceScore,
  concerns,
  emptyTally,
  overall,
  rollUp,
  type Tally,
} from "../rollup";
import { type Benchmark, decidedBy, REQUIREMENT_STATES, type RequirementState } from "../schema";
import { outsideOf } from "../version";
import type { BenchmarkItem, BenchmarkReport } from "./schema";

/** A place with the name that people know it by. */
export interface NamedPlace {
  place: Place;
  /** `Everything`, or the account's or cluster's name. */
  name: string;
  /** The account it lies in; null for everything. */
  accountId: string | null;
}

/** A place by name; null when the scope does not see it, or it is gone. */
export async function readPlace(scope: AccountScope, place: Place): Promise<NamedPlace | null> {
  if (place.scope === "fleet")
    return { place, name: scope.accountIds === null ? "Everything" : "Your accounts", accountId: null };
  const { rows } = await pool().query<{ name: string; accountId: string }>(
    place.scope === "account"
      ? `SELECT name, id AS "accountId" FROM "Account" WHERE id = $2 AND ($1::uuid[] IS NULL OR id = ANY($1))`
      : `SELECT name, "accountId" FROM "Cluster" WHERE id = $2 AND "goneAt" IS NULL AND ($1::uuid[] IS NULL OR "accountId" = ANY($1))`,
    [scope.accountIds, place.id],
  );
  return rows[0] === undefined ? null : { place, ...rows[0] };
}

export interface KnownPlace {
  scope: "account" | "cluster";
  id: string;
  name: string;
  /** Of a cluster: its account's name. */
  accountName: string | null;
}
/** Clusters of some distributions, of all where none are named, that one may look at, and their accounts, by name; at most 3,000. */
export async function listPlaces(scope: AccountScope, distributions: readonly string[] = []): Promise<KnownPlace[]> {
  const { rows } = await pool().query<KnownPlace>(
    `WITH meant AS (SELECT id, name, "accountId" FROM "Cluster" WHERE "goneAt" IS NULL AND (cardinality($2::text[]) = 0 OR distribution = ANY($2)))
     SELECT 'account' AS scope, id, name, NULL AS "accountName" FROM "Account" a WHERE ($1::uuid[] IS NULL OR id = ANY($1))
       AND (cardinality($2::text[]) = 0 OR EXISTS (SELECT FROM meant WHERE "accountId" = a.id))
     UNION ALL SELECT 'cluster', c.id, c.name, a.name FROM meant c JOIN "Account" a ON a.id = c."accountId"
     WHERE $1::uuid[] IS NULL OR c."accountId" = ANY($1) ORDER BY 1, 3, 2 LIMIT 3000`,
    [scope.accountIds, distributions],
  );
  return rows;
}

type States = Record<RequirementState, number>;
function statesOf(tallies: Iterable<Tally>): States {
  const states = Object.fromEntries(REQUIREMENT_STATES.map((state) => [state, 0])) as States; // every state is there
  for (const tally of tallies) states[overall(tally)]++;
  return states;
}

function itemOf(
  benchmark: Benchmark,
  clusters: readonly PlacedCluster[],
  attestations: Attestations,
): { item: BenchmarkItem; byRequirement: Map<string, Tally> } {
  const { clusters: meant, byRequirement, total } = rollUp(benchmark, clusters, attestations);
  const { id, title, version, publisher, url, about, distributions, previous } = benchmark;
  const item = {
    ...{ id, title, version, publisher, url, about },
    distributions: distributions ?? [],
    previous: previous ?? null,
    clusters: meant,
    requirements: byRequirement.size,
    score: complianceScore(total),
    coverage: complianceCoverage(total),
    tally: total,
    states: statesOf(byRequirement.values()),
  };
  return { item, byRequirement };
}

/** Every benchmark as it stands at a place, those that concern no cluster there too. */
export async function listBenchmarks(scope: AccountScope, place: Place): Promise<BenchmarkItem[]> {
  const [clusters, attestations] = await Promise.all([readEvidence(scope, place), liveAttestations()]);
  return loadBenchmarks().map((benchmark) => itemOf(benchmark, clusters, attestations).item);
}

/** One benchmark with its sections and requirements; null when there is none by that id. */
export async function readBenchmark(scope: AccountScope, id: string, place: Place): Promise<BenchmarkReport | null> {
  const benchmark = findBenchmark(id);
  if (benchmark === null) return null;
  const [clusters, attestations] = await Promise.all([readEvidence(scope, place), liveAttestations()]);
  const { item, byRequirement } = itemOf(benchmark, clusters, attestations);
  const sections = benchmark.sections.map((section) => {
    const tally = emptyTally();
    const requirements = section.requirements.map((requirement) => {
      const own = byRequirement.get(requirement.id) ?? emptyTally();
      addTally(tally, own);
      return {
        id: requirement.id,
        title: requirement.title,
        level: requirement.level ?? null,
        decidedBy: decidedBy(requirement),
        controls: requirement.controls ?? [],
        state: overall(own),
        tally: own,
      };
    });
    return { id: section.id, title: section.title, tally, requirements };
  });
  const bare = clusters.map((cluster) => ({ ...cluster, stateOf: cluster.bareStateOf }));
  const scoreWithoutExemptions = complianceScore(rollUp(benchmark, bare, attestations).total);
  const judged = clusters.filter(({ distribution }) => concerns(benchmark, distribution));
  const versions = { kubernetes: benchmark.kubernetes ?? null, outside: outsideOf(benchmark.kubernetes, judged) };
  return { ...item, ...versions, scoreWithoutExemptions, sections, asOf: new Date().toISOString() };
}
