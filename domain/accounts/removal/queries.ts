import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";

/** What a removal would take away. */
export interface AtStake {
  clusters: number;
  findings: number;
  secrets: number;
  /** People whose only roles are on this account. */
  people: number;
}

/** Counts what a removal would take away; all 0 outside the scope. */
export async function readAtStake(scope: AccountScope, accountId: string): Promise<AtStake> {
  const { rows } = await pool().query<AtStake>(
    `SELECT (SELECT count(*)::int FROM "Cluster" WHERE "accountId" = a.id AND "goneAt" IS NULL) AS clusters,
       (SELECT coalesce(sum(f.open), 0)::int FROM "FindingBySeverity" f JOIN "Cluster" c ON c.id = f."clusterId" WHERE c."accountId" = a.id AND c."goneAt" IS NULL) AS findings,
       (SELECT count(*)::int FROM "Secret" WHERE "accountId" = a.id) AS secrets,
       (SELECT count(DISTINCT g."userId")::int FROM "RoleGrant" g WHERE g."accountId" = a.id
          AND NOT EXISTS (SELECT 1 FROM "RoleGrant" o WHERE o."userId" = g."userId" AND o."accountId" IS DISTINCT FROM a.id)) AS people
     FROM "Account" a WHERE a.id = $2 AND ($1::uuid[] IS NULL OR a.id = ANY($1))`,
    [scope.accountIds, accountId],
  );
  return rows[0] ?? { clusters: 0, findings: 0, secrets: 0, people: 0 };
}
