import "server-only";
import { createHash, randomInt } from "node:crypto";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";

const DAY_MS = 24 * 3600 * 1000;

/**
 * Counts one attempt for `key` in a fixed window; false when there were already `max`. One atomic statement, so web
 * processes share it. Keys are hashed: e-mail addresses of strangers are not ours to keep.
 */
export async function allowAttempt(
  key: string,
  max: number,
  windowMs: number,
  now: number = Date.now(),
): Promise<boolean> {
  const hashed = `attempt:${createHash("sha256").update(key).digest("hex")}`;
  const { rows } = await pool().query<{ count: number }>(
    `INSERT INTO "RateLimit" (id, key, count, "lastRequest") VALUES ($1, $2, 1, $3)
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN "RateLimit"."lastRequest" < $3 - $4::bigint THEN 1 ELSE "RateLimit".count + 1 END,
       "lastRequest" = CASE WHEN "RateLimit"."lastRequest" < $3 - $4::bigint THEN $3 ELSE "RateLimit"."lastRequest" END
     RETURNING count`,
    [uuidv7(), hashed, now, windowMs],
  );
  // Now and then what is long over goes, so that strangers' attempts cannot fill the table.
  if (randomInt(200) === 0) await pool().query(`DELETE FROM "RateLimit" WHERE "lastRequest" < $1`, [now - DAY_MS]);
  return (rows[0]?.count ?? max + 1) <= max;
}
