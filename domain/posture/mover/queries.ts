import "server-only";
import { pool } from "@/lib/db";
import type { LedgerStep } from "../ledger";
import { MOVER_COLUMNS, MOVER_TABLES, type MoverRecord, moverOf } from "./row";
import type { Mover } from "./schema";

/** The scan of the cluster that did most of a move, and how many clusters took part in it besides, be it with a resource that hardly counts. */
export interface MainMover {
  mover: Mover | null;
  others: number;
}
const keyOf = (day: string, step: LedgerStep): string => `${day} ${step}`;

/**
 * Who made the moves of some days: by `day step`, a day as it is spelled in `moves`, a day of `zone`. `subject`: the fleet, an account or
 * a cluster. Moves whose scans are not kept any more are left out.
 */
export async function readMovers(
  subject: { scope: string; id: string | null },
  since: Date,
  zone: string,
  moves: readonly { day: string; step: LedgerStep }[],
): Promise<(day: string, step: LedgerStep) => MainMover> {
  const nobody: MainMover = { mover: null, others: 0 };
  if (moves.length === 0) return () => nobody;
  const { rows } = await pool().query<MoverRecord & { day: string; step: LedgerStep; delta: number }>(
    `SELECT p.day, p.step, p.delta, ${MOVER_COLUMNS} FROM (
       SELECT p.*, e->>'step' AS step, (e->>'delta')::float8 AS delta, date_trunc('day', p.at AT TIME ZONE $4)::text AS day
       FROM "ScorePoint" p, jsonb_array_elements(p.ledger) e WHERE p.scope = $1 AND p."scopeId" IS NOT DISTINCT FROM $2::uuid AND p.at > $3
         AND (abs((e->>'delta')::float8) >= 0.005 OR (e->>'resources')::int > 0)
     ) p ${MOVER_TABLES} WHERE (p.day, p.step) IN (SELECT * FROM unnest($5::text[], $6::text[]))`,
    [subject.scope, subject.id, since, zone, moves.map(({ day }) => day), moves.map(({ step }) => step)],
  );
  const byMove = new Map<string, Map<string, { mover: Mover; delta: number }>>();
  for (const { day, step, delta, ...row } of rows) {
    const mover = moverOf(row);
    if (mover === null) continue;
    const key = keyOf(day, step);
    const places = byMove.get(key) ?? new Map<string, { mover: Mover; delta: number }>();
    const place = mover.cluster?.id ?? mover.account.id;
    places.set(place, { mover, delta: (places.get(place)?.delta ?? 0) + delta });
    byMove.set(key, places);
  }
  return (day, step) => {
    const places = [...(byMove.get(keyOf(day, step))?.values() ?? [])];
    const whole = Math.sign(places.reduce((sum, { delta }) => sum + delta, 0));
    places.sort((a, b) => whole * (b.delta - a.delta)); // the one that went the move's own way furthest
    const [first] = places;
    return first === undefined ? nobody : { mover: first.mover, others: places.length - 1 };
  };
}
