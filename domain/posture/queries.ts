import "server-only";
import type { Pool, PoolClient } from "pg";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { LEDGER_STEPS, type LedgerStep } from "./ledger";
import { loadControls } from "./load";
import { type MainMover, readMovers } from "./mover/queries";
import { byIncrease } from "./order";
import { rollupWhere } from "./recommendation/queries";
import { type Control, SCORE_GROUP_IDS, type ScoreGroup } from "./schema";
import { fleetScore, potentialIncrease, scoreOf, sumTotals, type Totals, weightOf } from "./score";

let catalogue: Promise<ReadonlyMap<string, Control>> | undefined;
/** All controls by id, read from their files once per process. */
export function controlCatalogue(): Promise<ReadonlyMap<string, Control>> {
  catalogue ??= Promise.resolve(loadControls()).then(
    (controls) => new Map(controls.map((control) => [control.id, control])),
  );
  return catalogue;
}

const isGroup = (id: string): id is ScoreGroup => (SCORE_GROUP_IDS as readonly string[]).includes(id);

/** Resources by account, score group and state: the sums that every score is made of; as they would be without `exemptions`. */
export async function accountTotals(
  scope: AccountScope,
  { exemptions = true, db = pool() }: { exemptions?: boolean; db?: Pool | PoolClient } = {},
): Promise<Map<string, Totals>> {
  const sum = (column: string, lift: string) =>
    `sum(g."${column}"${exemptions ? "" : ` - g."${lift}"`})::int AS "${column}"`;
  const { rows } = await db.query<{
    accountId: string;
    scoreGroup: string;
    healthy: number;
    unhealthy: number;
    out: number;
  }>(
    `SELECT c."accountId", g."scoreGroup", ${sum("healthy", "liftHealthy")}, ${sum("unhealthy", "liftUnhealthy")}, ${sum("out", "liftOut")}
     FROM "GroupRollup" g JOIN "Cluster" c ON c.id = g."clusterId"
     WHERE c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) GROUP BY 1, 2`,
    [scope.accountIds],
  );
  const byAccount = new Map<string, Totals>();
  for (const { accountId, scoreGroup, ...counts } of rows) {
    if (!isGroup(scoreGroup)) continue;
    const totals = byAccount.get(accountId) ?? {};
    totals[scoreGroup] = counts;
    byAccount.set(accountId, totals);
  }
  return byAccount;
}

/** The fleet's score with the score of each account; null without any assessment. */
export function scoreAll(byAccount: ReadonlyMap<string, Totals>): {
  score: number | null;
  totals: Totals;
  accounts: Map<string, number | null>;
} {
  const accounts = new Map([...byAccount].map(([id, totals]) => [id, scoreOf(totals)]));
  const weighted = [...byAccount].map(([id, totals]) => ({
    score: accounts.get(id) ?? null,
    weight: weightOf(totals),
  }));
  return { score: fleetScore(weighted), totals: sumTotals(byAccount.values()), accounts };
}

export interface Recommendation {
  control: Control;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
  /** Points that the fleet's score gains when all its resources are healthy. */
  increase: number;
}

/** Resources per account and control that only this stable control keeps unhealthy in its group, as the last scans left them. */
async function soleFailures(
  scope: AccountScope,
  stable: readonly string[],
): Promise<{ accountId: string; controlId: string; resources: number }[]> {
  const { rows } = await pool().query<{ accountId: string; controlId: string; resources: number }>(
    `SELECT c."accountId", s."controlId", sum(s.resources)::int AS resources FROM "SoleFailure" s JOIN "Cluster" c ON c.id = s."clusterId"
     WHERE c."goneAt" IS NULL AND s."controlId" = ANY($2) AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) GROUP BY 1, 2`,
    [scope.accountIds, stable],
  );
  return rows;
}

/** Controls with unhealthy resources, by falling potential increase as it is printed (0.1), then severity. Increases need not add up. `totals` are of `accountTotals`. */
export async function listRecommendations(
  scope: AccountScope,
  totals: ReadonlyMap<string, Totals> | Promise<ReadonlyMap<string, Totals>>,
): Promise<Recommendation[]> {
  const controls = await controlCatalogue();
  const stable = [...controls.values()].filter((control) => control.maturity === "stable").map((control) => control.id);
  const [byAccount, rollups, sole] = await Promise.all([totals, controlRollups(scope), soleFailures(scope, stable)]);
  const weights = new Map([...byAccount].map(([id, totals]) => [id, scoreOf(totals) === null ? 0 : weightOf(totals)]));
  const allWeights = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const gains = new Map<string, number>();
  for (const { accountId, controlId, resources } of sole) {
    const control = controls.get(controlId);
    const totals = byAccount.get(accountId);
    if (control === undefined || totals === undefined || allWeights === 0) continue;
    const gain =
      (potentialIncrease(totals, control.scoreGroup, resources) * (weights.get(accountId) ?? 0)) / allWeights;
    gains.set(controlId, (gains.get(controlId) ?? 0) + gain);
  }
  return rollups
    .flatMap(({ controlId, ...counts }) => {
      const control = controls.get(controlId);
      return control === undefined || counts.unhealthy === 0
        ? []
        : [{ control, ...counts, increase: gains.get(controlId) ?? 0 }];
    })
    .sort(byIncrease);
}

export interface ControlCounts {
  controlId: string;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
}

/** Assessments by control over all clusters that the scope sees, or over one. */
export async function controlRollups(scope: AccountScope, clusterId: string | null = null): Promise<ControlCounts[]> {
  const where = rollupWhere(scope, { account: [], distribution: [], cluster: clusterId === null ? [] : [clusterId] });
  const { rows } = await pool().query<ControlCounts>(
    `SELECT r."controlId", sum(r.healthy)::int AS healthy, sum(r.unhealthy)::int AS unhealthy, sum(r."notEvaluated")::int AS "notEvaluated"
     FROM "ControlRollup" r WHERE ${where.sql} GROUP BY 1`,
    where.values,
  );
  return rows;
}

/** Resources by score group of one cluster; as they would be without `exemptions`. */
export async function clusterTotals(scope: AccountScope, clusterId: string, exemptions = true): Promise<Totals> {
  const less = (lift: string) => (exemptions ? "" : ` - g."${lift}"`);
  const { rows } = await pool().query<{ scoreGroup: string; healthy: number; unhealthy: number; out: number }>(
    `SELECT g."scoreGroup", g.healthy${less("liftHealthy")} AS healthy, g.unhealthy${less("liftUnhealthy")} AS unhealthy, g.out${less("liftOut")} AS out FROM "GroupRollup" g JOIN "Cluster" c ON c.id = g."clusterId"
     WHERE g."clusterId" = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1))`,
    [scope.accountIds, clusterId],
  );
  const totals: Totals = {};
  for (const { scoreGroup, ...counts } of rows) if (isGroup(scoreGroup)) totals[scoreGroup] = counts;
  return totals;
}

export interface SeverityRow {
  severity: number;
  open: number;
  opened: number;
  resolved: number;
}

/** Open findings by severity, with those opened (or reopened) and resolved since `since`. Four rows, critical first. */
export async function findingsBySeverity(scope: AccountScope, since: Date): Promise<SeverityRow[]> {
  const { rows } = await pool().query<SeverityRow>(
    `WITH seen AS (SELECT f.severity, sum(f.open)::int AS open FROM "FindingBySeverity" f JOIN "Cluster" c ON c.id = f."clusterId"
       WHERE c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) GROUP BY 1),
     moved AS (SELECT t.severity, count(*) FILTER (WHERE t.change <> 'resolved')::int AS opened, count(*) FILTER (WHERE t.change = 'resolved')::int AS resolved
       FROM "FindingTransition" t WHERE t.at >= $2 AND t."accountId" IN (SELECT id FROM "Account" WHERE $1::uuid[] IS NULL OR id = ANY($1)) GROUP BY 1)
     SELECT s.severity, coalesce(seen.open, 0) AS open, coalesce(moved.opened, 0) AS opened, coalesce(moved.resolved, 0) AS resolved
     FROM generate_series(3, 0, -1) AS s(severity) LEFT JOIN seen ON seen.severity = s.severity LEFT JOIN moved ON moved.severity = s.severity ORDER BY s.severity DESC`,
    [scope.accountIds, since],
  );
  return rows;
}

export interface TrendPoint {
  at: Date;
  score: number | null;
  coverage: number | null;
}
export interface Move extends MainMover {
  day: Date;
  step: LedgerStep;
  delta: number;
  resources: number;
}
export interface Trend {
  points: TrendPoint[];
  /** Deltas by step over the period, in the ledger's order; they sum to the change since `from`. */
  ledger: { step: LedgerStep; delta: number }[];
  /** The score just before the period's first change; null when there was none. */
  from: number | null;
  /** The largest moves by day and step, with the cluster that did most of each. */
  moves: Move[];
}

const stepSchema = z.enum(LEDGER_STEPS);

/**
 * The point a period begins with: the last one before it, or, for a fleet that is younger than the period, where its first hour
 * ended. While accounts are being connected a score comes from nothing, which is no movement to explain.
 */
async function startOf(where: string, key: (string | null)[], since: Date): Promise<TrendPoint> {
  const { rows } = await pool().query<TrendPoint>(
    `(SELECT $3::timestamptz AS at, score, coverage, 0 AS rank FROM "ScorePoint" WHERE ${where} AND at < $3 ORDER BY "ScorePoint".at DESC, id DESC LIMIT 1)
     UNION ALL
     (SELECT at, score, coverage, 1 FROM "ScorePoint" WHERE ${where} AND at <= (SELECT min(at) FROM "ScorePoint" WHERE ${where}) + interval '1 hour' ORDER BY at DESC, id DESC LIMIT 1)
     ORDER BY rank LIMIT 1`,
    [...key, since],
  );
  return rows[0] ?? { at: since, score: null, coverage: null };
}

/** A point is stored when something moved: the score stands from the period's start, and holds until the last scan. */
function held(start: TrendPoint, points: readonly TrendPoint[], until: Date | null): TrendPoint[] {
  const { at, score, coverage } = start;
  const first = points[0]?.at ?? until;
  const all = score !== null && first !== null && at < first ? [{ at, score, coverage }, ...points] : [...points];
  const last = all.at(-1);
  return last === undefined || until === null || until <= last.at ? all : [...all, { ...last, at: until }];
}

/**
 * Score and coverage since `since`, at most about 200 points (the last of each bucket), with why the score moved.
 * `subject` null is the fleet, which only a scope on everything may see: for others the trend is empty.
 */
export async function readTrend(
  scope: AccountScope,
  since: Date,
  zone: string,
  subject: { scope: "cluster" | "account"; id: string } | null = null,
): Promise<Trend> {
  if (subject === null && scope.accountIds !== null) return { points: [], ledger: [], from: null, moves: [] };
  const where = `scope = $1 AND "scopeId" IS NOT DISTINCT FROM $2::uuid`;
  const key = [subject?.scope ?? "fleet", subject?.id ?? null];
  const bucket = Math.max(60, Math.ceil((Date.now() - since.getTime()) / 1000 / 200));
  const start = await startOf(where, key, since);
  const [points, scanned, moves] = await Promise.all([
    pool().query<TrendPoint>(
      `SELECT at, score, coverage FROM (SELECT DISTINCT ON (floor(extract(epoch FROM at) / $4)) at, score, coverage FROM "ScorePoint"
       WHERE ${where} AND at >= $3 ORDER BY floor(extract(epoch FROM at) / $4), at DESC, id DESC) p ORDER BY at`,
      [...key, start.at, bucket],
    ),
    pool().query<{ until: Date | null }>(
      `SELECT max("lastScanAt") AS until FROM "Cluster" WHERE "goneAt" IS NULL AND CASE $1 WHEN 'cluster' THEN "id" = $2::uuid
         WHEN 'account' THEN "accountId" = $2::uuid ELSE true END`,
      key,
    ),
    pool().query<{ day: Date; name: string; step: string; delta: number; resources: number }>(
      `SELECT max(p.at) AS day, date_trunc('day', p.at AT TIME ZONE $4)::text AS name, e->>'step' AS step, sum((e->>'delta')::float8) AS delta, sum(coalesce((e->>'resources')::int, 0))::int AS resources
       FROM "ScorePoint" p, jsonb_array_elements(p.ledger) e WHERE ${where} AND p.at > $3 GROUP BY 2, 3`,
      [...key, start.at, zone],
    ),
  ]);
  const parsed = moves.rows.flatMap((row) => {
    const step = stepSchema.safeParse(row.step);
    return step.success ? [{ ...row, step: step.data }] : [];
  });
  const largest = parsed
    .filter((move) => Math.abs(move.delta) >= 0.05)
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta))
    .slice(0, 5);
  const moverOf = await readMovers(
    { scope: subject?.scope ?? "fleet", id: subject?.id ?? null },
    start.at,
    zone,
    largest.map(({ name, step }) => ({ day: name, step })),
  );
  return {
    points: held(start, points.rows, scanned.rows[0]?.until ?? null),
    ledger: LEDGER_STEPS.map((step) => ({
      step,
      delta: parsed.reduce((sum, move) => sum + (move.step === step ? move.delta : 0), 0),
    })),
    from: start.score,
    moves: largest.map(({ name, ...move }) => ({ ...move, ...moverOf(name, move.step) })),
  };
}

/** The score as it stood at `at`; null when there was none, or when the fleet's is not this scope's to see. */
export async function scoreAt(
  scope: AccountScope,
  at: Date,
  subject: { scope: "cluster" | "account"; id: string } | null = null,
): Promise<number | null> {
  if (subject === null && scope.accountIds !== null) return null;
  const { rows } = await pool().query<{ score: number | null }>(
    `SELECT score FROM "ScorePoint" WHERE scope = $1 AND "scopeId" IS NOT DISTINCT FROM $2::uuid AND at <= $3 ORDER BY at DESC, id DESC LIMIT 1`,
    [subject?.scope ?? "fleet", subject?.id ?? null, at],
  );
  return rows[0]?.score ?? null;
}
