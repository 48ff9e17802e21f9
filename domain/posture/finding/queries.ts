import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import type { Distribution } from "@/domain/inventory/schema";
import { isSystemSql } from "@/domain/inventory/system-namespace";
import { pool } from "@/lib/db";
import type { Evidence } from "../schema";
import { LAST_SEEN } from "./row";

export interface FindingRow {
  id: string;
  controlId: string;
  severity: number;
  kind: string;
  namespace: string;
  name: string;
  state: string;
  message: string;
  evidence: Evidence[];
  firstSeenAt: Date;
  lastSeenAt: Date;
  resolvedAt: Date | null;
  resolution: string | null;
  reopened: number;
  notRechecked: string | null;
  clusterId: string;
  clusterName: string;
  distribution: Distribution;
}

const evidenceSchema = z.array(z.object({ path: z.string(), message: z.string() })).catch([]);
const COLUMNS = `f.id, f."controlId", f.severity, f.kind, f.namespace, f.name, f.state, f.message, f.evidence, f."firstSeenAt",
  ${LAST_SEEN} AS "lastSeenAt", f."resolvedAt", f.resolution, f.reopened, f."notRechecked", f."clusterId", c.name AS "clusterName", c.distribution`;
const FROM = `FROM "Finding" f JOIN "Cluster" c ON c.id = f."clusterId"`;

const parse = (row: FindingRow): FindingRow => ({ ...row, evidence: evidenceSchema.parse(row.evidence) });

/** True of open findings of the control `$2` that no exemption holds for and the accounts `$1` see. */
const AFFECTED = `f."controlId" = $2 AND f.state = 'open' AND f."exemptionId" IS NULL AND c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1))`;

/** Unhealthy resources of one control that no exemption holds for, oldest first. */
export async function affectedBy(scope: AccountScope, controlId: string, limit: number): Promise<FindingRow[]> {
  const { rows } = await pool().query<FindingRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE ${AFFECTED}
     ORDER BY f."firstSeenAt", f.id LIMIT $3`,
    [scope.accountIds, controlId, limit],
  );
  return rows.map(parse);
}

export interface AffectedExample {
  id: string;
  distribution: Distribution;
}

/**
 * One of these for each distribution that has any: the oldest, of people's own before the namespaces that a cluster makes for itself. Of
 * distributions in the same order.
 */
export async function affectedExamples(scope: AccountScope, controlId: string): Promise<AffectedExample[]> {
  const { rows } = await pool().query<AffectedExample>(
    // Read once: to sort all of a common control's findings by distribution takes longer than to find each one's first.
    `WITH x AS MATERIALIZED (SELECT c.distribution, ${isSystemSql("f.namespace")} AS system, f."firstSeenAt", f.id ${FROM} WHERE ${AFFECTED})
     SELECT first.id, first.distribution FROM (SELECT DISTINCT distribution FROM x) d CROSS JOIN LATERAL
       (SELECT x.* FROM x WHERE x.distribution = d.distribution ORDER BY x.system, x."firstSeenAt", x.id LIMIT 1) first
     ORDER BY first.system, first."firstSeenAt", first.id`,
    [scope.accountIds, controlId],
  );
  return rows;
}

/** The clusters that have any of these. */
export async function affectedClusters(scope: AccountScope, controlId: string): Promise<Set<string>> {
  const { rows } = await pool().query<{ clusterId: string }>(
    `SELECT DISTINCT f."clusterId" ${FROM} WHERE ${AFFECTED}`,
    [scope.accountIds, controlId],
  );
  return new Set(rows.map(({ clusterId }) => clusterId));
}

/** Open findings of one cluster by score group and severity rank. */
export async function findingMatrix(
  scope: AccountScope,
  clusterId: string,
): Promise<{ scoreGroup: string; severity: number; amount: number }[]> {
  const { rows } = await pool().query<{ scoreGroup: string; severity: number; amount: number }>(
    `SELECT f."scoreGroup", f.severity, count(*)::int AS amount ${FROM} WHERE f."clusterId" = $2 AND f.state = 'open'
       AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1)) GROUP BY 1, 2`,
    [scope.accountIds, clusterId],
  );
  return rows;
}
