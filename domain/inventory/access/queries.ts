import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";

export interface BindingRow {
  kind: string;
  namespace: string;
  name: string;
  /** `ClusterRole/view`. */
  role: string;
  subjects: { kind: string; name: string; namespace?: string | undefined }[];
  /** Open findings on the binding itself, and the worst severity's rank. */
  open: number;
  worst: number | null;
}

const subjectsSchema = z
  .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
  .catch([]);

/** Who may do what in a cluster: its role bindings, those with findings first, Kubernetes' own (`system:`) left out unless they have some. */
export async function listBindings(scope: AccountScope, clusterId: string, limit: number): Promise<BindingRow[]> {
  const { rows } = await pool().query<Omit<BindingRow, "subjects"> & { subjects: unknown }>(
    `SELECT r.kind, r.namespace, r.name, concat(r.doc->'roleRef'->>'kind', '/', r.doc->'roleRef'->>'name') AS role, r.doc->'subjects' AS subjects,
       coalesce(f.open, 0) AS open, f.worst
     FROM "Resource" r JOIN "Cluster" c ON c.id = r."clusterId"
     LEFT JOIN (SELECT kind, namespace, name, count(*)::int AS open, max(severity)::int AS worst FROM "Finding"
                WHERE "clusterId" = $2 AND state = 'open' AND kind IN ('RoleBinding', 'ClusterRoleBinding') GROUP BY 1, 2, 3) f
       ON f.kind = r.kind AND f.namespace = r.namespace AND f.name = r.name
     WHERE r."clusterId" = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) AND r.kind IN ('RoleBinding', 'ClusterRoleBinding')
       AND (r.name NOT LIKE 'system:%' OR f.open > 0)
     ORDER BY f.worst DESC NULLS LAST, f.open DESC NULLS LAST, r.kind, r.namespace, r.name LIMIT $3`,
    [scope.accountIds, clusterId, limit],
  );
  return rows.map((row) => ({ ...row, subjects: subjectsSchema.parse(row.subjects) }));
}
