import type { Pool } from "pg";
import { z } from "zod";
import { resourceKeyText } from "@/domain/inventory/schema";
import { loadResources, type StoredResource } from "@/domain/inventory/store";
import { loadOpenFindings, type OpenFinding } from "@/domain/posture/store";
import type { ControlStamp } from "./summary";

/** What is stored of a cluster when its scan begins. */
export interface Baseline {
  uid: string | null;
  lastScanId: string | null;
  lastScanStatus: string | null;
  resources: Map<string, StoredResource>;
  findings: OpenFinding[];
  /** Controls of the last scan; empty when there was none. */
  controls: ControlStamp;
  /** Status of this very scan, when it was committed before. */
  finished: string | null;
}

const stampSchema = z.object({ controls: z.record(z.string(), z.string()) });

/** Loads a cluster's baseline. Undefined when the cluster does not exist. */
export async function loadBaseline(pool: Pool, clusterId: string, scanId: string): Promise<Baseline | undefined> {
  const [cluster, resources, findings] = await Promise.all([
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
  };
}
