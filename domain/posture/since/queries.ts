import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { LEDGER_STEPS, type LedgerStep } from "../ledger";

/** One thing that happened: the score moved for a reason, or a cluster came or went. */
export interface Happening {
  at: Date;
  cluster: { id: string; name: string } | null;
  /** `new` and `gone` are clusters; the rest are the ledger's steps. */
  what: LedgerStep | "new" | "gone-cluster";
  /** Points of the fleet's score, or of the cluster's for a scope on some accounts only. */
  delta: number;
  resources: number;
  /** The point whose ledger says it; null for clusters. */
  pointId: string | null;
}

const ledgerSchema = z
  .array(z.object({ step: z.enum(LEDGER_STEPS), delta: z.number(), resources: z.number().catch(0).default(0) }))
  .catch([]);
const LEAST = 0.005;
const MOST_POINTS = 500;

/** What moved the score since `since`, largest first, at most `limit`, each reason of each cluster once; and clusters that came or went. */
export async function happenings(scope: AccountScope, since: Date, limit: number): Promise<Happening[]> {
  const [points, clusters] = await Promise.all([
    pool().query<{ id: string; at: Date; ledger: unknown; clusterId: string | null; name: string | null }>(
      `SELECT p.id, p.at, p.ledger, c.id AS "clusterId", c.name FROM "ScorePoint" p
       LEFT JOIN "Scan" s ON s.id = p."scanId" LEFT JOIN "Cluster" c ON c.id = coalesce(s."clusterId", CASE WHEN p.scope = 'cluster' THEN p."scopeId" END)
       WHERE p.at >= $2 AND CASE WHEN $1::uuid[] IS NULL THEN p.scope = 'fleet' AND p."scopeId" IS NULL
         ELSE p.scope = 'cluster' AND c."accountId" = ANY($1) END
       ORDER BY p.at DESC, p.id DESC LIMIT $3`,
      [scope.accountIds, since, MOST_POINTS],
    ),
    pool().query<{ id: string; name: string; at: Date; gone: boolean }>(
      `SELECT id, name, coalesce("goneAt", "firstSeenAt") AS at, "goneAt" IS NOT NULL AS gone FROM "Cluster"
       WHERE coalesce("goneAt", "firstSeenAt") >= $2 AND ($1::uuid[] IS NULL OR "accountId" = ANY($1)) ORDER BY 3 DESC LIMIT $3`,
      [scope.accountIds, since, limit],
    ),
  ]);
  const merged = new Map<string, Happening>();
  for (const point of points.rows)
    for (const entry of ledgerSchema.parse(point.ledger)) {
      const key = `${point.clusterId}/${entry.step}`;
      const known = merged.get(key);
      if (known === undefined)
        merged.set(key, {
          at: point.at,
          cluster: point.clusterId === null ? null : { id: point.clusterId, name: point.name ?? "" },
          what: entry.step,
          delta: entry.delta,
          resources: entry.resources,
          pointId: point.id,
        });
      else {
        known.delta += entry.delta;
        known.resources += entry.resources;
      }
    }
  const moved = [...merged.values()]
    .filter((each) => Math.abs(each.delta) >= LEAST)
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta));
  const came = clusters.rows.map(
    (row): Happening => ({
      at: row.at,
      cluster: { id: row.id, name: row.name },
      what: row.gone ? "gone-cluster" : "new",
      delta: 0,
      resources: 0,
      pointId: null,
    }),
  );
  return [...came, ...moved].slice(0, limit);
}
