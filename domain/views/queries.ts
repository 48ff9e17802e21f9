import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { ViewRow } from "./schema";

/** The views that the scope's person kept of a list, oldest first; a job has none. */
export async function listViews(scope: AccountScope, list: string): Promise<ViewRow[]> {
  if (scope.userId === null) return [];
  const { rows } = await pool().query<ViewRow>(
    `SELECT id, name, query FROM "SavedView" WHERE "userId" = $1 AND list = $2 ORDER BY "createdAt", id`,
    [scope.userId, list],
  );
  return rows;
}
