import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import type { Distribution } from "@/domain/inventory/schema";
import { pool } from "@/lib/db";
import type { FixTarget } from "./fix";

interface TargetRow {
  distribution: Distribution;
  cluster: string;
  region: string | null;
  aliases: string[];
  account: string;
  apiGroup: string;
  kind: string;
  namespace: string;
  name: string;
  evidence: unknown;
  managed: unknown;
  object: unknown;
}

const pathsOf = (evidence: unknown): string[] =>
  (Array.isArray(evidence) ? evidence : []).flatMap((item: unknown) =>
    typeof item === "object" && item !== null && "path" in item && typeof item.path === "string" ? [item.path] : [],
  );

/** What a fix of this finding must name; null when there is no such finding or it lies outside the scope. */
export async function fixTarget(scope: AccountScope, findingId: string): Promise<FixTarget | null> {
  const { rows } = await pool().query<TargetRow>(
    `SELECT c.distribution, c.name AS cluster, c.region, c.aliases, a."externalId" AS account, f."apiGroup", f.kind, f.namespace, f.name,
       f.evidence, c.managed, r.doc AS object
     FROM "Finding" f JOIN "Cluster" c ON c.id = f."clusterId" JOIN "Account" a ON a.id = f."accountId"
     LEFT JOIN "Resource" r ON r."clusterId" = f."clusterId" AND r."apiGroup" = f."apiGroup" AND r.kind = f.kind
       AND r.namespace = f.namespace AND r.name = f.name
     WHERE f.id = $2 AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1))`,
    [scope.accountIds, findingId],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { evidence, managed, object, ...target } = row;
  return { ...target, paths: pathsOf(evidence), object: row.kind === "ManagedCluster" ? managed : object };
}
