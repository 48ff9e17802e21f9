import { createHash } from "node:crypto";
import { uuidv7 } from "../id";
import type { SqlRunner } from "../jobs";

export interface Turn {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the window begins anew. */
  reset: number;
}

/**
 * Takes one of `limit` turns of `key` in a fixed window. Kept in "RateLimit", so that all web processes share it; one statement that does not
 * wait for the disk: a crash may give back the turns of its last moment.
 */
export async function takeTurn(
  db: SqlRunner,
  key: string,
  limit: number,
  windowMs: number,
  now: number = Date.now(),
): Promise<Turn> {
  const hashed = `api:${createHash("sha256").update(key).digest("hex")}`;
  const { rows } = await db.query(
    `WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS done)
     INSERT INTO "RateLimit" AS r (id, key, count, "lastRequest") SELECT $1, $2, 1, $3::bigint FROM quick
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN r."lastRequest" <= $3::bigint - $4::bigint THEN 1 ELSE least(r.count, 1000000) + 1 END,
       "lastRequest" = CASE WHEN r."lastRequest" <= $3::bigint - $4::bigint THEN $3::bigint ELSE r."lastRequest" END
     RETURNING count, "lastRequest"::text AS began`,
    [uuidv7(), hashed, now, windowMs],
  );
  const row = rows[0] as { count: number; began: string } | undefined; // the statement returns its one row
  if (row === undefined) throw new Error("The rate limit gave no answer.");
  return {
    allowed: row.count <= limit,
    limit,
    remaining: Math.max(0, limit - row.count),
    reset: Math.max(1, Math.ceil((Number(row.began) + windowMs - now) / 1000)),
  };
}
