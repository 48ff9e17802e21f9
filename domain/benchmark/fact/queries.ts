import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { placeWhere } from "../evidence/queries";
import type { Place } from "../place";
import { type Component, factText } from "./fact";
import { flagAsked } from "./flag";

const anyRecord = z.record(z.string(), z.unknown()).catch({});
const listedCounts = z.record(z.string(), z.number()).catch({});

/** A fact of a cluster; `value` is null where it is not known. */
export interface ClusterFact {
  name: string;
  value: string | null;
}

/** What the clouds and the last scans told of the clusters of a place, for the facts beside a manual requirement. By cluster. */
export async function readFacts(
  scope: AccountScope,
  place: Place,
  facts: readonly string[],
): Promise<Map<string, ClusterFact[]>> {
  const byCluster = new Map<string, ClusterFact[]>();
  if (facts.length === 0) return byCluster;
  const where = placeWhere(scope, place);
  const [{ rows }, components] = await Promise.all([
    pool().query<{ id: string; managed: unknown; listed: unknown; unlisted: unknown }>(
      `SELECT c.id, c.managed, s.stats->'listed' AS listed, s.stats->'unlisted' AS unlisted FROM "Cluster" c LEFT JOIN "Scan" s ON s.id = c."lastScanId" WHERE ${where.sql}`,
      where.values,
    ),
    readComponents(scope, place, facts),
  ]);
  for (const row of rows) {
    const managed = anyRecord.parse(row.managed);
    const missing = new Set(Object.keys(anyRecord.parse(row.unlisted)));
    const listed = Object.fromEntries(
      Object.entries(listedCounts.parse(row.listed)).filter(([kind]) => !missing.has(kind)),
    );
    const told = { managed, listed, components: components.get(row.id) ?? [] };
    byCluster.set(
      row.id,
      facts.map((name) => ({ name, value: factText(name, told) })),
    );
  }
  return byCluster;
}

/** The processes of the control planes that the facts ask flags of, by cluster. */
async function readComponents(
  scope: AccountScope,
  place: Place,
  facts: readonly string[],
): Promise<Map<string, Component[]>> {
  const kinds = new Set(facts.flatMap((fact) => flagAsked(fact)?.kind ?? []));
  const byCluster = new Map<string, Component[]>();
  if (kinds.size === 0) return byCluster;
  const where = placeWhere(scope, place);
  where.and(`r."apiGroup" = '' AND r.namespace = 'kube-system' AND r.kind = ANY(${where.bind([...kinds])}::text[])`);
  const { rows } = await pool().query<{ clusterId: string; kind: string; flags: unknown }>(
    `SELECT r."clusterId", r.kind, r.doc->'flags' AS flags FROM "Resource" r JOIN "Cluster" c ON c.id = r."clusterId" WHERE ${where.sql} ORDER BY r.name`,
    where.values,
  );
  for (const { clusterId, ...component } of rows) {
    const known = byCluster.get(clusterId);
    if (known === undefined) byCluster.set(clusterId, [component]);
    else known.push(component);
  }
  return byCluster;
}
