import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";

export interface DayOfControl {
  /** `2026-11-18`, a day of `zone`. */
  day: string;
  opened: number;
  resolved: number;
}

/** Findings of one control opened (or reopened) and resolved by day since `since`, newest day first; days without a change are left out. */
export async function controlHistory(
  scope: AccountScope,
  controlId: string,
  since: Date,
  zone: string,
): Promise<DayOfControl[]> {
  const { rows } = await pool().query<DayOfControl>(
    `SELECT to_char(t.at AT TIME ZONE $4, 'YYYY-MM-DD') AS day, count(*) FILTER (WHERE t.change <> 'resolved')::int AS opened,
       count(*) FILTER (WHERE t.change = 'resolved')::int AS resolved
     FROM "FindingTransition" t
     WHERE t."controlId" = $2 AND t."accountId" IN (SELECT id FROM "Account" WHERE $1::uuid[] IS NULL OR id = ANY($1)) AND t.at >= $3 GROUP BY 1 ORDER BY 1 DESC`,
    [scope.accountIds, controlId, since, zone],
  );
  return rows;
}
