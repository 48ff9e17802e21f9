import type { Pool } from "pg";
import { z } from "zod";
import { resourceKeyText } from "@/domain/inventory/schema";
import { loadResources, type StoredResource } from "@/domain/inventory/store";
import type { ControlStamp } from "@/domain/posture/cell";
import type { ActiveExemption } from "@/domain/posture/exemption/match";
import { exemptionsCounter, loadActiveExemptions } from "@/domain/posture/exemption/store";
import { loadOpenFindings, type OpenFinding } from "@/domain/posture/store";

/** What is stored of a cluster when its scan begins. */
export interface Baseline {
  uid: string | null;
  lastScanId: string | null;
  lastScanStatus: string | null;
  resources: Map<string, StoredResource>;
  findings: OpenFinding[];
  /** Controls of the last scan; empty when there was none. */
  controls: ControlStamp;
  /** The exemptions in force, and the counter of their changes as it was before they were read. */
  exemptions: { active: ActiveExemption[]; counter: number };
  /** Status of this very scan, when it was committed before. */
  finished: string | null;
}

const stampSchema = z.object({ controls: z.record(z.string(), z.string()) });

/** Loads a cluster's baseline. Undefined when the cluster does not exist. */
export async function loadBaseline(
  pool: Pool,
  { id: clusterId, accountId }: { id: string; accountId: string },
  scanId: string,
): Promise<Baseline | undefined> {
  const counter = await exemptionsCounter(pool, clusterId);
  const [cluster, resources, findings, active] = await Promise.all([
    pool.query<{
      uid: string | null;
      lastScanId: string | null;
      lastScanStatus: string | null;
      stats: unknown;
      finished: string | null;
    }>(
      `SELECT c."uid", c."lastScanId", c."lastScanStatus", s."stats",
         (SELECT "status" FROM "Scan" WHERE "id" = $2 AND "status" IN ('complete', 'partial', 'failed')) AS "finished"
       FROM "Cluster" c LEFT JOIN "Scan" s ON s."id" = c."lastScanId" WHERE c."id" = $1`,
      [clusterId, scanId],
    ),
    loadResources(pool, clusterId),
    loadOpenFindings(pool, clusterId),
    loadActiveExemptions(pool, accountId),
  ]);
  const [row] = cluster.rows;
  if (row === undefined) return undefined;
  const { uid, lastScanId, lastScanStatus, finished } = row;
  const stamp = stampSchema.safeParse(row.stats);
  return {
    uid,
    lastScanId,
    lastScanStatus,
    finished,
    resources: new Map(resources.map((resource) => [resourceKeyText(resource), resource])),
    findings,
    controls: stamp.success ? stamp.data.controls : {},
    exemptions: { active, counter },
  };
}
