import "server-only";
import { pool } from "@/lib/db";
import { type AccountScope, hasRole } from "../scope";

export interface SessionRow {
  id: string;
  userId: string;
  person: string;
  address: string | null;
  userAgent: string | null;
  createdAt: Date;
  /** To the hour. */
  lastSeenAt: Date;
  expiresAt: Date;
  /** The one that asks. */
  current: boolean;
}

/** Sessions that have not ended, last seen first: one's own, and for an Owner of everything those of all people. */
export async function listSessions(scope: AccountScope): Promise<SessionRow[]> {
  const { rows } = await pool().query<SessionRow>(
    `SELECT s.id, s."userId", u.name AS person, nullif(s."ipAddress", '') AS address, nullif(s."userAgent", '') AS "userAgent", s."createdAt",
            s."updatedAt" AS "lastSeenAt", s."expiresAt", s.id IS NOT DISTINCT FROM $3 AS current
     FROM "Session" s JOIN "User" u ON u.id = s."userId"
     WHERE s."expiresAt" > now() AND ($2 OR s."userId" = $1)
     ORDER BY (s.id IS NOT DISTINCT FROM $3) DESC, s."updatedAt" DESC, s.id LIMIT 500`,
    [scope.userId, hasRole(scope, "Owner"), scope.sessionId],
  );
  return rows;
}
