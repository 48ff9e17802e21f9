import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { parseReasons } from "../../queries";
import { managedClusterSchema } from "../../schema";
import { CLUSTER_TABLES, type ClusterRecord, clusterColumns, clusterOf } from "../queries";
import type { ClusterDetail } from "../schema";

interface DetailRecord extends ClusterRecord {
  uid: string | null;
  firstSeenAt: Date;
  goneAt: Date | null;
  managedAt: Date | null;
  managed: unknown;
  gaps: unknown;
}

/** One cluster with its facts and roll-ups, gone ones too; null when there is none or it lies outside the scope. */
export async function readCluster(scope: AccountScope, id: string): Promise<ClusterDetail | null> {
  const { rows } = await pool().query<DetailRecord>(
    `SELECT ${clusterColumns(null)}, c.uid, c."firstSeenAt", c."goneAt", c."managedAt", c.managed, c.gaps FROM ${CLUSTER_TABLES}
     WHERE c.id = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1))`,
    [scope.accountIds, id],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const [controls, groups] = await Promise.all([
    pool().query<ClusterDetail["controls"][number]>(
      `SELECT "controlId" AS id, healthy, unhealthy, "notApplicable", "notEvaluated" FROM "ControlRollup" WHERE "clusterId" = $1 ORDER BY 1`,
      [id],
    ),
    pool().query<ClusterDetail["groups"][number]>(
      `SELECT "scoreGroup" AS group, healthy, unhealthy, out FROM "GroupRollup" WHERE "clusterId" = $1 ORDER BY 1`,
      [id],
    ),
  ]);
  const managed = managedClusterSchema.safeParse(row.managed);
  return {
    ...clusterOf(row),
    uid: row.uid,
    firstSeenAt: row.firstSeenAt.toISOString(),
    goneAt: row.goneAt?.toISOString() ?? null,
    managedAt: row.managedAt?.toISOString() ?? null,
    managed: managed.success ? managed.data : null,
    gaps: parseReasons(row.gaps),
    controls: controls.rows,
    groups: groups.rows,
  };
}
