import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { type NodeSaid, nodeSaid } from "../node";
import type { KubernetesObject } from "../schema";

export interface NodeRow extends NodeSaid {
  name: string;
  /** Open findings on the node. */
  open: number;
}

/** Nodes of a cluster as they were last read, those with findings first, at most `limit`. */
export async function listNodes(scope: AccountScope, clusterId: string, limit: number): Promise<NodeRow[]> {
  const { rows } = await pool().query<{ name: string; doc: KubernetesObject; open: number }>(
    `SELECT r.name, r.doc, coalesce(f.open, 0) AS open FROM "Resource" r JOIN "Cluster" c ON c.id = r."clusterId"
     LEFT JOIN (SELECT name, count(*)::int AS open FROM "Finding" WHERE "clusterId" = $2 AND state = 'open' AND kind = 'Node' GROUP BY 1) f
       ON f.name = r.name
     WHERE r."clusterId" = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) AND r."apiGroup" = '' AND r.kind = 'Node' AND r.namespace = ''
     ORDER BY f.open DESC NULLS LAST, r.name LIMIT $3`,
    [scope.accountIds, clusterId, limit],
  );
  return rows.map(({ name, doc, open }) => ({ name, open, ...nodeSaid(doc) }));
}
