import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { StoredChange } from "./schema";

/** What changed in a cluster, newest first: those before `before` (a change's id), at most `limit`. Ids of version 7 follow time. */
export async function listChanges(
  scope: AccountScope,
  clusterId: string,
  before: string | null,
  limit: number,
): Promise<StoredChange[]> {
  const { rows } = await pool().query<StoredChange>(
    `SELECT h.id, h.at, h."scanId", h.change, h."apiGroup", h.kind, h.namespace, h.name
     FROM "ResourceChange" h JOIN "Cluster" c ON c.id = h."clusterId"
     WHERE h."clusterId" = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1))
       AND ($3::uuid IS NULL OR (h.at, h.id) < (SELECT p.at, p.id FROM "ResourceChange" p WHERE p.id = $3))
     ORDER BY h.at DESC, h.id DESC LIMIT $4`,
    [scope.accountIds, clusterId, before, limit],
  );
  return rows;
}
