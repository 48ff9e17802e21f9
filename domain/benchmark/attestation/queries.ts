import "server-only";
import type pg from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Attestations } from "../rollup";
import { ATTESTED, type Attested } from "../schema";
import type { AttestationItem } from "./schema";

interface LiveRow {
  benchmarkId: string;
  requirementId: string;
  scope: string;
  scopeId: string | null;
  state: string;
}

/**
 * What people say now, of everything: what is said of the fleet holds for every cluster in it, whoever looks. The nearest place
 * speaks: a cluster before its account, that before the fleet.
 */
export async function liveAttestations(
  now: Date = new Date(),
  db: pg.Pool | pg.PoolClient = pool(),
): Promise<Attestations> {
  const { rows } = await db.query<LiveRow>(
    `SELECT "benchmarkId", "requirementId", scope, "scopeId", state FROM "Attestation"
     WHERE "endedAt" IS NULL AND until > $1 ORDER BY at, id`,
    [now],
  );
  const said = new Map<string, Attested>();
  for (const row of rows) {
    const state = ATTESTED.find((each) => each === row.state);
    if (state !== undefined) said.set(`${row.benchmarkId} ${row.requirementId} ${row.scopeId ?? ""}`, state);
  }
  return (benchmarkId, requirementId, cluster) => {
    if (said.size === 0) return null;
    const key = `${benchmarkId} ${requirementId} `;
    return said.get(key + cluster.id) ?? said.get(key + cluster.accountId) ?? said.get(key) ?? null;
  };
}

/** What was said of one requirement, newest first, as far as the scope sees its places; at most 100. */
export async function attestationsOf(
  scope: AccountScope,
  benchmarkId: string,
  requirementId: string | null,
  now: Date = new Date(),
): Promise<AttestationItem[]> {
  const { rows } = await pool().query<{
    id: string;
    benchmarkId: string;
    requirementId: string;
    scope: AttestationItem["scope"];
    scopeId: string | null;
    accountId: string | null;
    place: string | null;
    state: Attested;
    evidence: string;
    link: string | null;
    by: string;
    at: Date;
    until: Date;
    endedAt: Date | null;
    endedBy: string | null;
  }>(
    `SELECT t.id, t."benchmarkId", t."requirementId", t.scope, t."scopeId", t."accountId", coalesce(c.name, a.name) AS place, t.state, t.evidence, t.link, t.by, t.at, t.until, t."endedAt", t."endedBy"
     FROM "Attestation" t LEFT JOIN "Cluster" c ON t.scope = 'cluster' AND c.id = t."scopeId" LEFT JOIN "Account" a ON t.scope = 'account' AND a.id = t."scopeId"
     WHERE t."benchmarkId" = $2 AND ($3::text IS NULL OR t."requirementId" = $3) AND (t.scope = 'fleet' OR $1::uuid[] IS NULL OR t."accountId" = ANY($1))
     ORDER BY t.at DESC, t.id DESC LIMIT 100`,
    [scope.accountIds, benchmarkId, requirementId],
  );
  return rows.map(({ benchmarkId: benchmark, requirementId: requirement, at, until, endedAt, place, ...row }) => ({
    ...row,
    benchmark,
    requirement,
    place: place ?? "",
    at: at.toISOString(),
    until: until.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    live: endedAt === null && until > now,
  }));
}
