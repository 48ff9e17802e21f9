import "server-only";
import type pg from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { env } from "@/lib/env";
import { type Preferences, versionOf } from "./choice";

/** What a person chose, or the defaults; null when there is no such person. */
export async function preferencesOf(db: pg.Pool | pg.PoolClient, userId: string | null): Promise<Preferences | null> {
  const { rows } = await db.query<Omit<Preferences, "version">>(
    `SELECT u.email, coalesce(r.pace, 'now') AS pace, coalesce(r."digestDay", 1) AS "digestDay", coalesce(r."digestHour", 8) AS "digestHour", r."quietFrom", r."quietTo",
       coalesce(r."timeZone", $2) AS "timeZone", coalesce(r."criticalAtOnce", true) AS "criticalAtOnce", r."unsubscribedAt"
     FROM "User" u LEFT JOIN "Recipient" r ON r."userId" = u.id WHERE u.id = $1`,
    [userId, env().SEAWALL_TIME_ZONE],
  );
  const [row] = rows;
  return row === undefined ? null : { ...row, version: versionOf({ ...row, subscribed: row.unsubscribedAt === null }) };
}

/** What the asking person chose for himself, or the defaults; null for a token or a job. */
export const readPreferences = (scope: AccountScope): Promise<Preferences | null> =>
  preferencesOf(pool(), scope.userId);
