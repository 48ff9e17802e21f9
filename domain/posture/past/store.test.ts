import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { LEDGER_STEPS, type LedgerEntry } from "../ledger";
import { quantise } from "../score";
import { forgetPoints, mergeDays } from "./store";

const ZONE = "Asia/Kathmandu"; // 5:45 ahead of UTC: a day of its own
const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const BEFORE = new Date(START + 20 * 24 * HOUR);

let db: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.drop());
beforeEach(() => db.pool.query(`TRUNCATE "ScorePoint"`));

interface Point {
  id: string;
  at: Date;
  score: number | null;
  scanId: string | null;
  ledger: LedgerEntry[];
  /** That of the score, in these tests, or null where it was not kept. */
  changeWithoutExemptions: number | null;
}
const dayOf = (at: Date) => at.toLocaleDateString("en-CA", { timeZone: ZONE });
const merge = (most = 1000) => inTransaction(db.pool, (tx) => mergeDays(tx, BEFORE, ZONE, most));
const read = async (scopeId: string | null) =>
  (
    await db.pool.query<Point>(
      `SELECT id, at, score, "scanId", ledger, "changeWithoutExemptions" FROM "ScorePoint" WHERE "scopeId" IS NOT DISTINCT FROM $1 ORDER BY at, id`,
      [scopeId],
    )
  ).rows;

/** Stores points `hours` after the start, each with a ledger that sums to its change. */
async function store(
  scopeId: string | null,
  moves: { hours: number; entries: LedgerEntry[]; kept?: boolean }[],
): Promise<Point[]> {
  let score = 0;
  const points = [...moves]
    .sort((a, b) => a.hours - b.hours)
    .map(({ hours, entries, kept = true }, at): Point => {
      const change = entries.reduce((sum, { delta }) => sum + delta, 0);
      score += change;
      const when = new Date(START + hours * HOUR + at);
      const changeWithoutExemptions = kept ? change : null;
      return { id: uuidv7(), at: when, score, scanId: uuidv7(), ledger: entries, changeWithoutExemptions };
    });
  for (const { id, at, score: stored, scanId, ledger, changeWithoutExemptions } of points)
    await db.pool.query(
      `INSERT INTO "ScorePoint" (id, scope, "scopeId", at, "scanId", score, coverage, "coverageBefore", expected, evaluated, groups, ledger, "changeWithoutExemptions")
       VALUES ($1, $2, $3, $4, $5, $6, 1, $8, 1, 1, '{}', $7, $9)`,
      [
        id,
        scopeId === null ? "fleet" : "cluster",
        scopeId,
        at,
        scanId,
        stored,
        JSON.stringify(ledger),
        at.getUTCHours() / 24,
        changeWithoutExemptions,
      ],
    );
  return points;
}

const entries = fc.uniqueArray(fc.constantFrom(...LEDGER_STEPS), { maxLength: 5 }).chain((steps) =>
  fc.tuple(
    ...[...steps]
      .sort((a, b) => LEDGER_STEPS.indexOf(a) - LEDGER_STEPS.indexOf(b))
      .map((step) =>
        fc.record({
          step: fc.constant(step),
          delta: fc.double({ min: -100, max: 100, noNaN: true }).map(quantise),
          resources: fc.integer({ min: 0, max: 50_000 }),
        }),
      ),
  ),
);
const history = fc.array(
  fc.record({ hours: fc.integer({ min: 0, max: 24 * 24 }), entries, kept: fc.nat(9).map(Boolean) }),
  {
    minLength: 1,
    maxLength: 60,
  },
);

describe("days that are long over", () => {
  test("become their last point, and every ledger still sums to its change, exactly", async () => {
    await fc.assert(
      fc.asyncProperty(history, history, async (one, other) => {
        await db.pool.query(`TRUNCATE "ScorePoint"`);
        const cluster = uuidv7();
        for (const [id, moves] of [
          [cluster, one],
          [null, other],
        ] as const) {
          const before = await store(id, moves);
          await merge();
          const after = await read(id);
          const first = dayOf(before[0]?.at ?? BEFORE);
          const isMerged = ({ at }: Point) => dayOf(at) < dayOf(BEFORE) && dayOf(at) !== first;
          // One of each merged day, which is that day's last; all else as it was.
          const last = new Map(before.map((point) => [dayOf(point.at), point.id]));
          expect(after.map(({ id: kept }) => kept)).toEqual(
            before
              .filter((point) => !isMerged(point) || last.get(dayOf(point.at)) === point.id)
              .map(({ id: kept }) => kept),
          );
          let score = 0;
          for (const point of after) {
            expect(point.ledger.reduce((sum, { delta }) => sum + delta, score)).toBe(point.score);
            score = point.score ?? 0;
            const order = point.ledger.map(({ step }) => LEDGER_STEPS.indexOf(step));
            expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
          }
          for (const point of after) {
            const day = before.filter(({ at }) => dayOf(at) === dayOf(point.at));
            const isKnown = (isMerged(point) ? day : [point]).every(
              ({ id: each }) => before.find((was) => was.id === each)?.changeWithoutExemptions !== null,
            );
            const change = point.ledger.reduce((sum, { delta }) => sum + delta, 0);
            expect(point.changeWithoutExemptions).toBe(isKnown ? change : null);
          }
          const moved = (points: Point[]) =>
            points.flatMap(({ ledger }) => ledger).reduce((sum, { resources }) => sum + resources, 0);
          expect(moved(after)).toBe(moved(before));
        }
        expect(await merge()).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  const broke = (delta: number): LedgerEntry[] => [{ step: "broken", delta, resources: 1 }];
  test("a merged point names no scan and no step that came to nothing; so many days at a time", async () => {
    const quiet: LedgerEntry[] = [{ step: "weights", delta: 0.5, resources: 0 }];
    const undone: LedgerEntry[] = [{ step: "weights", delta: -0.5, resources: 0 }];
    await store(null, [
      { hours: 0, entries: broke(50) },
      ...[100, 101, 200, 201].map((hours) => ({ hours, entries: broke(-1) })),
      { hours: 102, entries: quiet },
      { hours: 103, entries: undone },
    ]);
    expect([await merge(1), await merge(1), await merge(1)]).toEqual([1, 1, 0]);
    // Coverage moved since the last point of the day before, too: the day's first says from where.
    const before = await db.pool.query(`SELECT "coverageBefore" AS was FROM "ScorePoint" ORDER BY at`);
    expect(before.rows).toEqual([0, 100, 200].map((hours) => ({ was: (hours % 24) / 24 })));
    const [start, ...merged] = await read(null);
    expect(start?.scanId).not.toBeNull();
    expect(merged.map(({ scanId, ledger }) => ({ scanId, ledger }))).toEqual(
      [0, 1].map(() => ({ scanId: null, ledger: [{ step: "broken", delta: -2, resources: 2 }] })),
    );
  });

  test("of what is not kept at all, each score's last point stays", async () => {
    const cluster = uuidv7();
    await store(
      null,
      [1, 2, 3].map((hours) => ({ hours, entries: broke(1) })),
    );
    await store(
      cluster,
      [1, 24 * 30].map((hours) => ({ hours, entries: broke(1) })),
    );
    const forget = (most: number) => inTransaction(db.pool, (tx) => forgetPoints(tx, BEFORE, most));
    expect([await forget(1), await forget(5), await forget(5)]).toEqual([1, 1, 0]);
    expect((await read(null)).map(({ score }) => score)).toEqual([3]);
    expect((await read(cluster)).map(({ score }) => score)).toEqual([1, 2]);
  });
});
