import type pg from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { listAccounts, navigationCounts } from "@/domain/accounts/queries";
import { complianceHistory } from "@/domain/benchmark/history/queries";
import { FLEET } from "@/domain/benchmark/place";
import { listBenchmarks, listPlaces, readBenchmark } from "@/domain/benchmark/report/queries";
import { listBindings } from "@/domain/inventory/access/queries";
import { readCluster } from "@/domain/inventory/cluster/detail/queries";
import { clusterCounts, clusterPage, unreadClusters } from "@/domain/inventory/cluster/queries";
import { CLUSTER_FACETS, CLUSTER_SORTS, clusterQuery } from "@/domain/inventory/cluster/schema";
import { itemCounts } from "@/domain/inventory/item/count/counts";
import { itemPage } from "@/domain/inventory/item/queries";
import { ITEM_FACETS, ITEM_SORTS, itemQuery } from "@/domain/inventory/item/schema";
import { findCluster, listClusters, listScans, listWorkloads } from "@/domain/inventory/queries";
import { scanCounts, scanPage } from "@/domain/inventory/scan/queries";
import { SCAN_FACETS, scanQuery } from "@/domain/inventory/scan/schema";
import { findingCounts } from "@/domain/posture/finding/count/counts";
import { findingPage, readFinding } from "@/domain/posture/finding/page/queries";
import { affectedBy, affectedClusters, affectedExamples, findingMatrix } from "@/domain/posture/finding/queries";
import { FINDING_FACETS, FINDING_SORTS, findingQuery } from "@/domain/posture/finding/schema";
import {
  accountStandings,
  clusterStanding,
  findingsBySeverity,
  listRecommendations,
  totalsOf,
} from "@/domain/posture/queries";
import { controlHistory } from "@/domain/posture/recommendation/history/queries";
import { readRecommendation, recommendationCounts, recommendationPage } from "@/domain/posture/recommendation/list";
import { RECOMMENDATION_FACETS, recommendationQuery } from "@/domain/posture/recommendation/schema";
import { readScorePoint } from "@/domain/posture/score/detail/queries";
import { scoreCounts, scorePage } from "@/domain/posture/score/queries";
import { SCORE_FACETS, scoreQuery } from "@/domain/posture/score/schema";
import { happenings } from "@/domain/posture/since/queries";
import { readTrend, scoreAt } from "@/domain/posture/trend/queries";
import { listViews } from "@/domain/views/queries";

const DAY = 86_400_000;

/** A question that a page or an address of the API asks the database. */
export interface Asked {
  name: string;
  run(scope: AccountScope): Promise<unknown>;
}

/** Things of the fleet to ask for, chosen from its middle. */
interface Chosen {
  account: string;
  cluster: string;
  finding: string;
  point: string;
  control: string;
  namespace: string;
  workload: string;
}

export async function choose(pool: pg.Pool): Promise<Chosen> {
  const { rows } = await pool.query<Chosen>(
    `SELECT f."accountId" AS account, f."clusterId" AS cluster, f.id AS finding, f."controlId" AS control, f.namespace, f.kind || '/' || f.name AS workload,
       (SELECT id FROM "ScorePoint" p WHERE p.scope = 'fleet' ORDER BY at DESC LIMIT 1) AS point
     FROM "Finding" f WHERE f.id > (SELECT id FROM "Finding" ORDER BY id OFFSET 1000 LIMIT 1) AND f.state = 'open' ORDER BY f.id LIMIT 1`,
  );
  const [chosen] = rows;
  if (chosen === undefined) throw new Error("The made fleet has no finding.");
  return chosen;
}

type Words = Record<string, string>;
/** First page, every sort, a page further down, and the counts beside it. */
function list<Q extends { cursor: string | null }>(
  name: string,
  sorts: readonly string[],
  filters: Record<string, Words>,
  parse: (words: Words) => Q,
  page: (scope: AccountScope, query: Q) => Promise<{ next: string | null }>,
  counts: (scope: AccountScope, query: Q) => Promise<unknown>,
): Asked[] {
  const sorted = sorts.flatMap((sort) => [sort, `-${sort}`]);
  return [
    ...sorted.map((sort) => ({
      name: `${name} by ${sort}`,
      run: (scope: AccountScope) => page(scope, parse({ sort })),
    })),
    {
      name: `${name}, second page`,
      run: async (scope) => {
        const { next } = await page(scope, parse({}));
        if (next !== null) await page(scope, parse({ cursor: next }));
      },
    },
    { name: `${name} counts`, run: (scope) => counts(scope, parse({})) },
    ...Object.entries(filters).flatMap(([what, words]) => [
      { name: `${name}: ${what}`, run: (scope: AccountScope) => page(scope, parse(words)) },
      { name: `${name} counts: ${what}`, run: (scope: AccountScope) => counts(scope, parse(words)) },
    ]),
  ];
}

/** Every list of the console and the API with the filters people use. */
function lists({ account, cluster, control, namespace, workload }: Chosen): Asked[] {
  const shared = { account: { account }, cluster: { cluster }, namespace: { namespace } };
  return [
    ...list(
      "findings",
      FINDING_SORTS,
      {
        ...shared,
        critical: { severity: "critical" },
        control: { control },
        resolved: { state: "resolved" },
        "not rechecked": { state: "not-rechecked" },
        owner: { owner: "team-3" },
        distribution: { distribution: "aks" },
        reopened: { reopened: "true" },
        "text, often": { q: "checkout" },
        "text, seldom": { q: "checkout-7 team-7-prod-10" },
        "text, nowhere": { q: "zzzzzz" },
        "text, everywhere": { q: "container" },
        "text, two letters": { q: "ch" },
        "text, two letters, nowhere": { q: "zz" },
        "text, one letter": { q: "k" },
        "text, one letter, nowhere": { q: "z" },
        "critical in a namespace": { severity: "critical", namespace },
        "last seen": { lastSeenAfter: new Date(Date.now() - DAY).toISOString() },
      },
      (words) => findingQuery.parse(words),
      findingPage,
      (scope, query) => findingCounts(scope, { ...query, facets: FINDING_FACETS }),
    ),
    ...list(
      "inventory",
      ITEM_SORTS,
      {
        ...shared,
        images: { type: "image" },
        "people's workloads": { type: "workload", part: "own" },
        "text, often": { q: "checkout" },
        "text, seldom": { q: "checkout-7-" },
        "text, nowhere": { q: "zzzzzz" },
        "of a workload": { cluster, workload },
      },
      (words) => itemQuery.parse(words),
      itemPage,
      (scope, query) => itemCounts(scope, { ...query, facets: ITEM_FACETS }),
    ),
    ...list(
      "clusters",
      CLUSTER_SORTS,
      {
        account: { account },
        text: { q: "prod" },
        "without exemptions": { exemptions: "without", sort: "-score" },
      },
      (words) => clusterQuery.parse(words),
      clusterPage,
      (scope, query) => clusterCounts(scope, { ...query, facets: CLUSTER_FACETS }),
    ),
    ...list(
      "scans",
      [],
      { account: { account }, cluster: { cluster }, failed: { status: "failed" } },
      (words) => scanQuery.parse(words),
      scanPage,
      (scope, query) => scanCounts(scope, { ...query, facets: SCAN_FACETS }),
    ),
    ...list(
      "recommendations",
      [],
      { account: { account }, cluster: { cluster } },
      (words) => recommendationQuery.parse(words),
      recommendationPage,
      (scope, query) => recommendationCounts(scope, { ...query, facets: RECOMMENDATION_FACETS }),
    ),
    ...list(
      "score history",
      [],
      { account: { scope: "account", account }, "without exemptions": { exemptions: "without" } },
      (words) => scoreQuery.parse(words),
      scorePage,
      (scope, query) => scoreCounts(scope, { ...query, facets: SCORE_FACETS }),
    ),
  ];
}

/** All that pages and API ask, but what needs the job tables: a worker makes those. */
export function asked(chosen: Chosen): Asked[] {
  const { cluster, finding, point, control } = chosen;
  const ago = (days: number): Date => new Date(Date.now() - days * DAY);
  const one = (name: string, run: Asked["run"]): Asked => ({ name, run });
  return [
    one("navigation", navigationCounts),
    one("overview: accounts", listAccounts),
    one("overview: clusters", listClusters),
    one("overview: totals", accountStandings),
    one("overview: severities", (scope) => findingsBySeverity(scope, ago(1))),
    one("overview: trend of 30 days", (scope) => readTrend(scope, ago(30), "UTC")),
    one("overview: trend of a year", (scope) => readTrend(scope, ago(365), "UTC")),
    one("overview: score yesterday", (scope) => scoreAt(scope, ago(1))),
    one("overview: what happened", (scope) => happenings(scope, ago(1), 7)),
    one("overview: recommendations", (scope) => listRecommendations(scope, accountStandings(scope).then(totalsOf))),
    ...lists(chosen),
    one("finding", (scope) => readFinding(scope, finding)),
    one("findings by control and namespace", (scope) => findingMatrix(scope, cluster)),
    one("recommendation", (scope) =>
      readRecommendation(scope, control, { account: [], distribution: [], cluster: [] }),
    ),
    one("recommendation: affected", (scope) => affectedBy(scope, control, 50)),
    one("recommendation: one affected of each distribution", (scope) => affectedExamples(scope, control)),
    one("recommendation: affected clusters", (scope) => affectedClusters(scope, control)),
    one("recommendation: history", (scope) => controlHistory(scope, control, ago(30), "UTC")),
    one("cluster", (scope) => findCluster(scope, cluster)),
    one("cluster of the API", (scope) => readCluster(scope, cluster)),
    one("cluster: totals", (scope) => clusterStanding(scope, cluster)),
    one("cluster: workloads", (scope) => listWorkloads(scope, cluster, 500)),
    one("cluster: scans", (scope) => listScans(scope, 50, cluster)),
    one("cluster: access", (scope) => listBindings(scope, cluster, 500)),
    one("score point", (scope) => readScorePoint(scope, point)),
    one("compliance", (scope) => listBenchmarks(scope, FLEET)),
    one("compliance: places", listPlaces),
    one("compliance: history", (scope) => complianceHistory(scope, FLEET, 30)),
    one("benchmark", (scope) => readBenchmark(scope, "cis-aks-1.8", FLEET)),
    one("benchmark of a cluster", (scope) => readBenchmark(scope, "cis-aks-1.8", { scope: "cluster", id: cluster })),
    one("clusters not read", (scope) => unreadClusters(scope, { account: [], distribution: [], cluster: [] })),
    one("saved views", (scope) => listViews(scope, "/findings")),
  ];
}
