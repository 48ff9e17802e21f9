import "server-only";
import { type AccountScope, accountsWith } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { OverrideRow, ParameterPlace, PlaceVersions } from "./schema";

interface Row extends Omit<OverrideRow, "account" | "cluster" | "setAt"> {
  accountId: string | null;
  accountName: string | null;
  clusterId: string | null;
  clusterName: string | null;
  setAt: Date;
}

/** Overrides that hold for what the scope may see: the fleet's, and those of its accounts. Of one control, or of all. */
export async function listOverrides(scope: AccountScope, controlId?: string): Promise<OverrideRow[]> {
  const { rows } = await pool().query<Row>(
    `SELECT o.id, o."controlId" AS control, o.scope, o.namespace, o.params, o.reason, o."setBy", o."setAt", o."setAt"::text AS version,
       a.id AS "accountId", a.name AS "accountName", c.id AS "clusterId", c.name AS "clusterName"
     FROM "ParameterOverride" o LEFT JOIN "Account" a ON a.id = o."accountId" LEFT JOIN "Cluster" c ON c.id = o."clusterId"
     WHERE ($1::uuid[] IS NULL OR o."accountId" IS NULL OR o."accountId" = ANY($1)) AND ($2::text IS NULL OR o."controlId" = $2)
     ORDER BY o."controlId", array_position(ARRAY['fleet', 'account', 'cluster', 'namespace'], o.scope), a.name, c.name, o.namespace, o.id`,
    [scope.accountIds, controlId ?? null],
  );
  return rows.map(({ accountId, accountName, clusterId, clusterName, setAt, ...row }) => ({
    ...row,
    account: accountId === null ? null : { id: accountId, name: accountName ?? "" },
    cluster: clusterId === null ? null : { id: clusterId, name: clusterName ?? "" },
    setAt: setAt.toISOString(),
  }));
}

/** Which version of a control's parameters each place holds, within what the scope may see: an edit says which one it replaces. */
export async function placeVersions(scope: AccountScope, controlId: string): Promise<PlaceVersions> {
  const { rows } = await pool().query<{ place: string; version: string }>(
    `SELECT "scopeKey" AS place, "setAt"::text AS version FROM "ParameterOverride"
     WHERE "controlId" = $2 AND ($1::uuid[] IS NULL OR "accountId" IS NULL OR "accountId" = ANY($1))`,
    [scope.accountIds, controlId],
  );
  return Object.fromEntries(rows.map(({ place, version }) => [place, version]));
}

/** Places for which the scope may set parameters: accounts with their clusters, and whether the fleet is one. */
export interface ParameterChoices {
  fleet: boolean;
  accounts: { id: string; name: string }[];
  clusters: { id: string; name: string; account: string }[];
}
export async function parameterChoices(scope: AccountScope): Promise<ParameterChoices> {
  const may = accountsWith(scope, "Security Admin");
  const [accounts, clusters] = await Promise.all([
    pool().query<{ id: string; name: string }>(
      `SELECT id, name FROM "Account" WHERE "removedAt" IS NULL AND ($1::uuid[] IS NULL OR id = ANY($1)) ORDER BY name, id`,
      [may],
    ),
    pool().query<{ id: string; name: string; account: string }>(
      `SELECT c.id, c.name, a.name AS account FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId"
       WHERE c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR a.id = ANY($1)) ORDER BY a.name, c.name, c.id LIMIT 5000`,
      [may],
    ),
  ]);
  return { fleet: may === null, accounts: accounts.rows, clusters: clusters.rows };
}

/** What a control says now of what lies in a place: what other parameters may change. */
export interface Affected {
  clusters: number;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
}

/** Counts what a control judged in a place, within what the scope may see; of a namespace its resources' latest verdicts. */
export async function affectedBy(scope: AccountScope, controlId: string, place: ParameterPlace): Promise<Affected> {
  const account = place.scope === "account" ? place.account : null;
  const cluster = place.scope === "cluster" || place.scope === "namespace" ? place.cluster : null;
  const within = [scope.accountIds, account, cluster, controlId];
  const inScope = `c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) AND ($2::uuid IS NULL OR c."accountId" = $2) AND ($3::uuid IS NULL OR c.id = $3)`;
  const { rows } =
    place.scope === "namespace"
      ? await pool().query<Affected>(
          `SELECT count(DISTINCT c.id)::int AS clusters, count(*) FILTER (WHERE r.outcomes->>$4 = 'h')::int AS healthy,
             count(*) FILTER (WHERE r.outcomes->>$4 = 'u')::int AS unhealthy,
             count(*) FILTER (WHERE r.outcomes->>$4 LIKE 'e:%')::int AS "notEvaluated"
           FROM "Resource" r JOIN "Cluster" c ON c.id = r."clusterId" WHERE ${inScope} AND r.outcomes->>$4 <> 'n'
             AND (r.namespace = $5 OR (r.kind = 'Namespace' AND r.name = $5))`,
          [...within, place.namespace],
        )
      : await pool().query<Affected>(
          `SELECT count(*) FILTER (WHERE r.healthy + r.unhealthy + r."notEvaluated" > 0)::int AS clusters, coalesce(sum(r.healthy), 0)::int AS healthy,
             coalesce(sum(r.unhealthy), 0)::int AS unhealthy, coalesce(sum(r."notEvaluated"), 0)::int AS "notEvaluated"
           FROM "ControlRollup" r JOIN "Cluster" c ON c.id = r."clusterId" WHERE ${inScope} AND r."controlId" = $4`,
          within,
        );
  return rows[0] ?? { clusters: 0, healthy: 0, unhealthy: 0, notEvaluated: 0 };
}
