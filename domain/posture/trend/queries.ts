import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { LEDGER_STEPS, type LedgerStep } from "../ledger";
import { type MainMover, readMovers } from "../mover/queries";
import { LEAST_DELTA } from "../point/moved";

export interface TrendPoint {
  at: Date;
  score: number | null;
  /** Null where nothing could be scored, and where it was not kept. */
  scoreWithoutExemptions: number | null;
  coverage: number | null;
}
/** One reason of a day's move, with the cluster that did most of it. */
export interface MovePart extends MainMover {
  step: LedgerStep;
  delta: number;
  resources: number;
  /** With `coverage`: how many of the resources were lost sight of; null when that was not told apart. */
  lost: number | null;
}
/** What a day moved the score by. */
export interface Move {
  day: Date;
  /** Net points: all its reasons together, those too small to be told included. */
  delta: number;
  /** The largest reasons, largest first. */
  parts: MovePart[];
}
export interface Trend {
  points: TrendPoint[];
  /** Deltas by step over the period, in the ledger's order; they sum to the change since `from`. */
  ledger: { step: LedgerStep; delta: number }[];
  /** The score just before the period's first change; null when there was none. */
  from: number | null;
  /** The days that moved it most. */
  moves: Move[];
}

const stepSchema = z.enum(LEDGER_STEPS);
const MOST_DAYS = 5;
const MOST_PARTS = 2;
/** Net points of a day that are worth a pin. */
const LEAST_DAY = 0.05;

interface StepOfDay {
  /** The day as the database spells it, and the moment of its last point. */
  name: string;
  day: Date;
  step: LedgerStep;
  delta: number;
  resources: number;
  lost: number | null;
}
const bySize = (a: { delta: number }, b: { delta: number }): number => Math.abs(b.delta) - Math.abs(a.delta);

/** The days whose reasons together moved the score most, with the largest of those reasons. */
function largestDays(
  steps: readonly StepOfDay[],
): (Pick<StepOfDay, "name" | "day" | "delta"> & { parts: StepOfDay[] })[] {
  const days = new Map<string, StepOfDay[]>();
  for (const step of steps) days.set(step.name, [...(days.get(step.name) ?? []), step]);
  return [...days]
    .map(([name, all]) => ({
      name,
      day: new Date(Math.max(...all.map(({ day }) => day.getTime()))),
      delta: all.reduce((sum, { delta }) => sum + delta, 0),
      parts: all
        .filter(({ delta }) => Math.abs(delta) >= LEAST_DELTA)
        .sort(bySize)
        .slice(0, MOST_PARTS),
    }))
    .filter(({ delta }) => Math.abs(delta) >= LEAST_DAY)
    .sort(bySize)
    .slice(0, MOST_DAYS);
}

/**
 * The point a period begins with: the last one before it, or, for a fleet that is younger than the period, where its first hour
 * ended. While accounts are being connected a score comes from nothing, which is no movement to explain.
 */
async function startOf(where: string, key: (string | null)[], since: Date): Promise<TrendPoint> {
  const { rows } = await pool().query<TrendPoint>(
    `(SELECT $3::timestamptz AS at, score, "scoreWithoutExemptions", coverage, 0 AS rank FROM "ScorePoint" WHERE ${where} AND at < $3 ORDER BY "ScorePoint".at DESC, id DESC LIMIT 1)
     UNION ALL
     (SELECT at, score, "scoreWithoutExemptions", coverage, 1 FROM "ScorePoint" WHERE ${where} AND at <= (SELECT min(at) FROM "ScorePoint" WHERE ${where}) + interval '1 hour' ORDER BY at DESC, id DESC LIMIT 1)
     ORDER BY rank LIMIT 1`,
    [...key, since],
  );
  return rows[0] ?? { at: since, score: null, scoreWithoutExemptions: null, coverage: null };
}

/** A point is stored when something moved: the score stands from the period's start, and holds until the last scan. */
function held(start: TrendPoint, points: readonly TrendPoint[], until: Date | null): TrendPoint[] {
  const { at, score, scoreWithoutExemptions, coverage } = start;
  const first = points[0]?.at ?? until;
  const all =
    score !== null && first !== null && at < first
      ? [{ at, score, scoreWithoutExemptions, coverage }, ...points]
      : [...points];
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
      `SELECT at, score, "scoreWithoutExemptions", coverage FROM (SELECT DISTINCT ON (floor(extract(epoch FROM at) / $4)) at, score, "scoreWithoutExemptions", coverage FROM "ScorePoint"
       WHERE ${where} AND at >= $3 ORDER BY floor(extract(epoch FROM at) / $4), at DESC, id DESC) p ORDER BY at`,
      [...key, start.at, bucket],
    ),
    pool().query<{ until: Date | null }>(
      `SELECT max("lastScanAt") AS until FROM "Cluster" WHERE "goneAt" IS NULL AND CASE $1 WHEN 'cluster' THEN "id" = $2::uuid
         WHEN 'account' THEN "accountId" = $2::uuid ELSE true END`,
      key,
    ),
    pool().query<{ day: Date; name: string; step: string; delta: number; resources: number; lost: number | null }>(
      `SELECT max(p.at) AS day, date_trunc('day', p.at AT TIME ZONE $4)::text AS name, e->>'step' AS step, sum((e->>'delta')::float8) AS delta, sum(coalesce((e->>'resources')::int, 0))::int AS resources,
         CASE WHEN bool_and(e ? 'lost') THEN sum((e->>'lost')::int)::int END AS lost
       FROM "ScorePoint" p, jsonb_array_elements(p.ledger) e WHERE ${where} AND p.at > $3 GROUP BY 2, 3`,
      [...key, start.at, zone],
    ),
  ]);
  const parsed = moves.rows.flatMap((row) => {
    const step = stepSchema.safeParse(row.step);
    return step.success ? [{ ...row, step: step.data }] : [];
  });
  const days = largestDays(parsed);
  const moverOf = await readMovers(
    { scope: subject?.scope ?? "fleet", id: subject?.id ?? null },
    start.at,
    zone,
    days.flatMap(({ name, parts }) => parts.map(({ step }) => ({ day: name, step }))),
  );
  return {
    points: held(start, points.rows, scanned.rows[0]?.until ?? null),
    ledger: LEDGER_STEPS.map((step) => ({
      step,
      delta: parsed.reduce((sum, move) => sum + (move.step === step ? move.delta : 0), 0),
    })),
    from: start.score,
    moves: days.map(({ name, day, delta, parts }) => ({
      day,
      delta,
      parts: parts.map(({ step, delta: points, resources, lost }) => ({
        ...{ step, delta: points, resources, lost },
        ...moverOf(name, step),
      })),
    })),
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
