import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { Where } from "@/lib/http/where";
import { hundredths, orNull, toldScore } from "@/lib/hundredths";
import { SCORE_GROUP_IDS } from "../../schema";
import { groupCurrent, POINTS, type Totals } from "../../score";
import { withoutExemptions } from "../../standing";
import { COLUMNS, notKeptBefore, type ScoreRecord, scoreOfRow, seen, TABLES } from "../queries";
import type { ScoreDetail } from "../schema";

const amount = z.number().int().catch(0);
const countsSchema = z.object({ healthy: amount, unhealthy: amount, out: amount });
const groupsSchema = z
  .record(z.string(), countsSchema.extend({ current: z.number().nullable().catch(null), max: z.number().catch(0) }))
  .catch({});
const liftSchema = z.record(z.string(), countsSchema).nullable().catch(null);

const NOTHING = { healthy: 0, unhealthy: 0, out: 0, current: null };
/** A point's groups in their order, with those that only stand without exemptions, because all that is in them is waived. */
function groupsOf(stored: unknown, storedLift: unknown): ScoreDetail["groups"] {
  const [groups, lift] = [groupsSchema.parse(stored), liftSchema.parse(storedLift)];
  const bare: Totals = lift === null ? {} : withoutExemptions({ totals: groups, lift });
  return SCORE_GROUP_IDS.flatMap((group) => {
    if (groups[group] === undefined && bare[group] === undefined) return [];
    const kept = groups[group] ?? { ...NOTHING, max: POINTS[group] };
    const [current, without] = [kept.current, groupCurrent(bare[group], kept.max)];
    return [
      { group, ...kept, current: orNull(current, hundredths), currentWithoutExemptions: orNull(without, hundredths) },
    ];
  });
}

/** One point with its groups and the point before; null when there is none or it lies outside the scope. */
export async function readScorePoint(scope: AccountScope, id: string): Promise<ScoreDetail | null> {
  const where = seen(new Where(), scope);
  where.and(`p.id = ${where.bind(id)}::uuid`);
  const { rows } = await pool().query<ScoreRecord & { groups: unknown; lift: unknown }>(
    `SELECT ${COLUMNS}, p.groups, p.lift FROM ${TABLES} WHERE ${where.sql}`,
    where.values,
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { rows: earlier } = await pool().query<{ id: string; at: Date; score: number | null }>(
    `SELECT id, at, score FROM "ScorePoint" WHERE scope = $1 AND "scopeId" IS NOT DISTINCT FROM $2::uuid AND (at, id) < (SELECT at, id FROM "ScorePoint" WHERE id = $3)
     ORDER BY at DESC, id DESC LIMIT 1`,
    [row.scope, row.scopeId, id],
  );
  const before = earlier[0];
  return {
    ...scoreOfRow(row),
    groups: groupsOf(row.groups, row.lift),
    previous:
      before === undefined
        ? null
        : { id: before.id, at: before.at.toISOString(), score: orNull(before.score, toldScore) },
    notKeptBefore: row.keptWithoutExemptions ? null : ((await notKeptBefore())?.toISOString() ?? null),
  };
}
