import type { PoolClient } from "pg";
import { lockIdleClusters } from "@/domain/inventory/cluster/store";
import { LEDGER_STEPS } from "../ledger";

/**
 * Of each day before `before` that a score's points fall on, in the time zone `zone`, leaves the last point, with the ledgers of that
 * day added up in their fixed order: it then says why the score and its coverage
 * moved since the last point of the day before; how it moved without exemptions is not known where one of them does not know. No scan moved it alone,
 * so it names none. A score's first day stays whole, since periods begin at the end of its first hour. At most `most` days of scores
 * at a time; returns how many.
 */
export async function mergeDays(tx: PoolClient, before: Date, zone: string, most: number): Promise<number> {
  const { rows } = await tx.query<{ ids: string[] }>(
    `SELECT array_agg(id ORDER BY at, id) AS ids FROM (
       SELECT id, scope, "scopeId", at, day, min(day) OVER (PARTITION BY scope, "scopeId") AS first FROM (
         SELECT id, scope, "scopeId", at, (at AT TIME ZONE $2)::date AS day FROM "ScorePoint"
         WHERE at < date_trunc('day', $1::timestamptz AT TIME ZONE $2) AT TIME ZONE $2) dated) p
     WHERE day > first GROUP BY scope, "scopeId", day HAVING count(*) > 1 LIMIT $3`,
    [before, zone, most],
  );
  if (rows.length === 0) return 0;
  const days = JSON.stringify(rows.map(({ ids }) => ({ last: ids.at(-1), ids })));
  await tx.query(
    `UPDATE "ScorePoint" p SET "scanId" = NULL, "coverageBefore" = (SELECT f."coverageBefore" FROM "ScorePoint" f WHERE f.id = d.ids[1]), ledger = coalesce(merged.ledger, '[]'),
       "changeWithoutExemptions" = (SELECT CASE WHEN bool_and(o."changeWithoutExemptions" IS NOT NULL) THEN sum(o."changeWithoutExemptions") END
         FROM "ScorePoint" o WHERE o.id = ANY(d.ids))
     FROM jsonb_to_recordset($1::jsonb) AS d(last uuid, ids uuid[]) LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('step', step, 'delta', delta, 'resources', resources)
         || CASE WHEN lost IS NULL THEN '{}' ELSE jsonb_build_object('lost', lost) END ORDER BY array_position($2::text[], step)) AS ledger
       FROM (SELECT e->>'step' AS step, sum((e->>'delta')::float8) AS delta, sum(coalesce((e->>'resources')::int, 0)) AS resources,
         CASE WHEN bool_and(e ? 'lost') THEN sum((e->>'lost')::int) END AS lost
         FROM "ScorePoint" o, jsonb_array_elements(o.ledger) e WHERE o.id = ANY(d.ids) GROUP BY 1) steps
       WHERE delta <> 0 OR resources > 0) merged ON true WHERE p.id = d.last`,
    [days, LEDGER_STEPS],
  );
  await tx.query(`DELETE FROM "ScorePoint" WHERE id = ANY($1::uuid[])`, [rows.flatMap(({ ids }) => ids.slice(0, -1))]);
  return rows.length;
}

/** Deletes points from before `before` but the last of each score: a history begins with where it stood. At most `most`; returns how many. */
export async function forgetPoints(tx: PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "ScorePoint" WHERE id IN (SELECT id FROM (
       SELECT id, lead(id) OVER (PARTITION BY scope, "scopeId" ORDER BY at, id) AS next FROM "ScorePoint" WHERE at < $1) p
     WHERE next IS NOT NULL LIMIT $2)`,
    [before, most],
  );
  return rowCount ?? 0;
}

/** Deletes findings resolved before `before`, with all their transitions, but those of clusters that somebody else holds. At most `most`; returns how many. */
export async function forgetResolved(tx: PoolClient, before: Date, most: number): Promise<number> {
  const old = await tx.query<{ id: string; clusterId: string }>(
    `SELECT id, "clusterId" FROM "Finding" WHERE state = 'resolved' AND "resolvedAt" < $1 LIMIT $2`,
    [before, most],
  );
  const held = await lockIdleClusters(tx, [...new Set(old.rows.map(({ clusterId }) => clusterId))]);
  // A scan that held its cluster until now may have opened some of them.
  const { rows } = await tx.query<{ id: string }>(
    `DELETE FROM "Finding" WHERE id = ANY($1::uuid[]) AND "clusterId" = ANY($2::uuid[]) AND state = 'resolved' AND "resolvedAt" < $3 RETURNING id`,
    [old.rows.map(({ id }) => id), held, before],
  );
  await tx.query(`DELETE FROM "FindingTransition" WHERE "findingId" = ANY($1::uuid[])`, [rows.map(({ id }) => id)]);
  return rows.length;
}

/** Deletes transitions from before `before` but the last of each finding, which says since when it is as it is. At most `most`; returns how many. */
export async function forgetTransitions(tx: PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "FindingTransition" WHERE id IN (SELECT t.id FROM "FindingTransition" t WHERE t.at < $1
       AND EXISTS (SELECT FROM "FindingTransition" n WHERE n."findingId" = t."findingId" AND n.at >= t.at AND (n.at, n.id) > (t.at, t.id)) LIMIT $2 FOR UPDATE OF t SKIP LOCKED)`,
    [before, most],
  );
  return rowCount ?? 0;
}
