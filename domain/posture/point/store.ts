import type { PoolClient } from "pg";
import { uuidv7 } from "@/lib/id";
import { type Coverage, coverageRatio } from "../coverage";
import { addUpParts } from "../finding/count/store";
import {
  entriesOf,
  fleetLedger,
  type LedgerEntry,
  type Movements,
  replay,
  replayedScores,
  replayedTotals,
} from "../ledger";
import { SCORE_GROUP_IDS, type ScoreGroup } from "../schema";
import {
  type AccountWeight,
  fleetScore,
  type GroupCounts,
  POINTS,
  type Points,
  scoredGroups,
  sumTotals,
  type Totals,
  weightOf,
} from "../score";
import {
  GROUP_SUMS,
  type GroupRow,
  type Scores,
  type Standing,
  scoresOf,
  standingOf,
  storedLift,
  withoutExemptions,
} from "../standing";

/** Serialises account and fleet points over all workers. */
const POINTS_LOCK = 0x5ea3a11;

type Scope = "cluster" | "account" | "fleet";
interface Point extends Coverage, Scores {
  at?: Date;
  scope: Scope;
  scopeId: string | null;
  groups: Partial<Record<ScoreGroup, GroupCounts & { max: number }>>;
  /** Null where it was not kept. */
  lift: Totals | null;
}
const COLUMNS = `"scope", "scopeId", "at", "score", "scoreWithoutExemptions", "expected", "evaluated", "groups", "lift"`;
export interface PointStamp {
  accountId: string;
  /** Null when the account itself moved, e.g. because discovery saw a cluster go. */
  clusterId: string | null;
  scanId: string | null;
  /** The exemption that began or ended, where that moves it. */
  exemptionId?: string;
  now: Date;
}
export interface ScoreMove {
  before: number | null;
  after: number | null;
  /** `after` as if there were no exemption. */
  afterWithoutExemptions: number | null;
}

async function lastPoint(tx: PoolClient, scope: Scope, scopeId: string | null): Promise<Point | undefined> {
  const { rows } = await tx.query<Point>(
    `SELECT ${COLUMNS} FROM "ScorePoint"
     WHERE "scope" = $1 AND "scopeId" IS NOT DISTINCT FROM $2 ORDER BY "at" DESC, "id" DESC LIMIT 1`,
    [scope, scopeId],
  );
  return rows[0];
}

/** The latest point of each account but this one. */
async function otherAccounts(tx: PoolClient, accountId: string): Promise<Point[]> {
  const { rows } = await tx.query<Point>(
    `SELECT p.* FROM "Account" a CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM "ScorePoint"
       WHERE "scope" = 'account' AND "scopeId" = a."id" ORDER BY "at" DESC, "id" DESC LIMIT 1) p WHERE a."id" <> $1 ORDER BY a."id"`,
    [accountId],
  );
  return withLifts(tx, rows);
}

/** Points that did not keep what exemptions add have it from the roll-ups, which have not changed since: else an account that is not scanned any more would keep the fleet's from being known. */
async function withLifts(tx: PoolClient, points: Point[]): Promise<Point[]> {
  const missing = points.filter(({ lift }) => lift === null).map(({ scopeId }) => scopeId);
  if (missing.length === 0) return points;
  const { rows } = await tx.query<GroupRow & { accountId: string }>(
    `SELECT c."accountId", g."scoreGroup", ${GROUP_SUMS}
     FROM "GroupRollup" g JOIN "Cluster" c ON c."id" = g."clusterId" WHERE c."accountId" = ANY($1::uuid[]) AND c."goneAt" IS NULL GROUP BY 1, 2`,
    [missing],
  );
  return points.map((point) => {
    if (point.lift !== null) return point;
    const { lift } = standingOf(rows.filter(({ accountId }) => accountId === point.scopeId));
    const { scoreWithoutExemptions } = scoresOf({ totals: totalsOf(point), lift }, pointsOf(point));
    return { ...point, lift, scoreWithoutExemptions };
  });
}

/** What the account's clusters that are not gone add up to, from the roll-ups. */
async function accountNow(tx: PoolClient, accountId: string): Promise<Standing & { coverage: Coverage }> {
  const groups = await tx.query<GroupRow>(
    `SELECT g."scoreGroup", ${GROUP_SUMS}
     FROM "GroupRollup" g JOIN "Cluster" c ON c."id" = g."clusterId" WHERE c."accountId" = $1 AND c."goneAt" IS NULL GROUP BY 1`,
    [accountId],
  );
  const coverage = await tx.query<Coverage>(
    `SELECT coalesce(sum("expected"), 0)::int AS "expected", coalesce(sum("evaluated"), 0)::int AS "evaluated" FROM "Cluster"
     WHERE "accountId" = $1 AND "goneAt" IS NULL`,
    [accountId],
  );
  return {
    ...standingOf(groups.rows),
    coverage: coverage.rows[0] ?? { expected: 0, evaluated: 0 },
  };
}

/** In the order of SCORE_GROUP_IDS, whatever order jsonb gave back. */
function totalsOf(point: Point | undefined): Totals {
  const totals: Totals = {};
  for (const id of SCORE_GROUP_IDS) {
    const group = point?.groups[id];
    if (group) totals[id] = { healthy: group.healthy, unhealthy: group.unhealthy, out: group.out };
  }
  return totals;
}
/** The points that a stored score was made with; groups it does not name have today's. */
const pointsOf = (point: Point | undefined): Points => ({
  ...POINTS,
  ...Object.fromEntries(Object.entries(point?.groups ?? {}).map(([id, { max }]) => [id, max])),
});

/** How the score as if there were no exemption changed, no score counting as 0; null when it is not known what it was. */
function changeWithout(before: Point | undefined, point: Point): number | null {
  if (before !== undefined && before.lift === null) return null;
  return (point.scoreWithoutExemptions ?? 0) - (before?.scoreWithoutExemptions ?? 0);
}

async function put(
  tx: PoolClient,
  stamp: PointStamp,
  before: Point | undefined,
  point: Point & { lift: Totals },
  ledger: LedgerEntry[],
) {
  const lift = JSON.stringify(storedLift(point.lift));
  const same =
    before !== undefined &&
    ledger.length === 0 &&
    before.score === point.score &&
    before.scoreWithoutExemptions === point.scoreWithoutExemptions &&
    before.lift !== null &&
    JSON.stringify(storedLift(before.lift)) === lift &&
    before.expected === point.expected &&
    before.evaluated === point.evaluated &&
    JSON.stringify(totalsOf(before)) === JSON.stringify(totalsOf(point));
  if (same) return;
  // A scan that began earlier may commit later: points stay in the order of their commits, or ledgers would not add up.
  const at = new Date(Math.max(stamp.now.getTime(), (before?.at?.getTime() ?? 0) + 1));
  await tx.query(
    `INSERT INTO "ScorePoint" ("id", "scope", "scopeId", "at", "scanId", "score", "coverage", "coverageBefore", "expected", "evaluated", "groups", "ledger",
       "scoreWithoutExemptions", "changeWithoutExemptions", "lift", "exemptionId") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      uuidv7(),
      point.scope,
      point.scopeId,
      at,
      stamp.scanId,
      point.score,
      coverageRatio(point),
      before === undefined ? null : coverageRatio(before),
      point.expected,
      point.evaluated,
      JSON.stringify(point.groups),
      JSON.stringify(ledger),
      point.scoreWithoutExemptions,
      changeWithout(before, point),
      lift,
      stamp.exemptionId ?? null,
    ],
  );
}

const pointOf = (
  whose: Pick<Point, "scope" | "scopeId">,
  { totals, lift }: Standing,
  scores: Scores,
  { expected, evaluated }: Coverage,
): Point & { lift: Totals } => ({
  ...whose,
  ...scores,
  ...{ expected, evaluated, lift },
  groups: scoredGroups(totals) as Point["groups"],
});

/** Writes a cluster's own point. Errors: those of the database. */
export async function writeClusterPoint(
  tx: PoolClient,
  stamp: PointStamp,
  standing: Standing,
  coverage: Coverage,
  movements: Movements,
): Promise<void> {
  const { totals } = standing;
  const before = await lastPoint(tx, "cluster", stamp.clusterId);
  const scores = replayedScores(replayedTotals(totalsOf(before), movements, totals), pointsOf(before));
  const point = pointOf({ scope: "cluster", scopeId: stamp.clusterId }, standing, scoresOf(standing), coverage);
  await put(tx, stamp, before, point, entriesOf([before?.score ?? null, ...scores.slice(1)], movements));
}

const weightWithout = (point: Point): AccountWeight => ({
  score: point.scoreWithoutExemptions,
  weight: weightOf(withoutExemptions({ totals: totalsOf(point), lift: point.lift ?? {} })),
});
const moveOf = (before: Point | undefined, { score, scoreWithoutExemptions }: Point): ScoreMove => ({
  before: before?.score ?? null,
  after: score,
  afterWithoutExemptions: scoreWithoutExemptions,
});

/**
 * Writes the account's and the fleet's points with their ledgers, from the roll-ups and cluster summaries that the
 * transaction already wrote. Takes the lock that all writers of these points share. What `movements` do not explain
 * (a cluster that left or joined) is `gone` and `appeared`.
 */
export async function writeAccountAndFleetPoints(
  tx: PoolClient,
  stamp: PointStamp,
  movements: Movements,
): Promise<{ account: ScoreMove; fleet: ScoreMove }> {
  await tx.query("SELECT pg_advisory_xact_lock($1)", [POINTS_LOCK]);
  await addUpParts(tx, stamp.accountId);
  const before = await lastPoint(tx, "account", stamp.accountId);
  const { coverage, ...standing } = await accountNow(tx, stamp.accountId);
  const { totals } = standing;
  const states = replayedTotals(totalsOf(before), movements, totals);
  const scores = [before?.score ?? null, ...replayedScores(states, pointsOf(before)).slice(1)];
  const now = scoresOf(standing);
  const account = pointOf({ scope: "account", scopeId: stamp.accountId }, standing, now, coverage);
  await put(tx, stamp, before, account, entriesOf(scores, movements));

  const others = await otherAccounts(tx, stamp.accountId);
  const weights: AccountWeight[] = others.map((point) => ({ score: point.score, weight: weightOf(totalsOf(point)) }));
  const fleetBefore = await lastPoint(tx, "fleet", null);
  const moved = { scores, weightBefore: weightOf(totalsOf(before), pointsOf(before)), weightAfter: weightOf(totals) };
  const { score, entries } = fleetLedger(moved, weights, movements, fleetBefore?.score ?? null);
  const scoreWithoutExemptions = fleetScore([...others, account].map(weightWithout));
  const sum = (key: keyof Coverage) => others.reduce((total, point) => total + point[key], coverage[key]);
  const all: Standing = {
    totals: sumTotals([totals, ...others.map(totalsOf)]),
    lift: sumTotals([standing.lift, ...others.map((point) => point.lift ?? {})]),
  };
  const fleetCoverage = { expected: sum("expected"), evaluated: sum("evaluated") };
  const fleet = pointOf({ scope: "fleet", scopeId: null }, all, { score, scoreWithoutExemptions }, fleetCoverage);
  await put(tx, stamp, fleetBefore, fleet, entries);
  return { account: moveOf(before, account), fleet: moveOf(fleetBefore, fleet) };
}

/**
 * Rewrites an account's and the fleet's points after clusters left or joined the account without a scan: discovery set
 * `goneAt`, or two rows became one. Writes nothing when nothing moved.
 */
export const rescoreAccount = (tx: PoolClient, stamp: { accountId: string; scanId: string | null; now: Date }) =>
  writeAccountAndFleetPoints(
    tx,
    { ...stamp, clusterId: null },
    replay([], { before: new Map(), after: new Map(), changed: new Set() }),
  );
