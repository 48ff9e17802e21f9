import type { Pool } from "pg";
import { z } from "zod";
import { type LastScan, readLastScan } from "@/domain/inventory/cluster/store";
import { resourceKeyText } from "@/domain/inventory/schema";
import { loadResources, type StoredResource } from "@/domain/inventory/store";
import type { ControlStamp } from "@/domain/posture/cell";
import type { ActiveExemption } from "@/domain/posture/exemption/match";
import { exemptionsCounter, loadActiveExemptions } from "@/domain/posture/exemption/store";
import { loadOpenFindings, type OpenFinding } from "@/domain/posture/store";

/** What is stored of a cluster when its scan begins. */
export interface Baseline extends Omit<LastScan, "stats"> {
  resources: Map<string, StoredResource>;
  findings: OpenFinding[];
  /** Controls of the last scan; empty when there was none. */
  controls: ControlStamp;
  /** The exemptions in force, and the counter of their changes as it was before they were read. */
  exemptions: { active: ActiveExemption[]; counter: number };
}

const stampSchema = z.object({ controls: z.record(z.string(), z.string()) });

/** Loads a cluster's baseline. Undefined when the cluster does not exist. */
export async function loadBaseline(
  pool: Pool,
  { id: clusterId, accountId }: { id: string; accountId: string },
  scanId: string,
): Promise<Baseline | undefined> {
  const counter = await exemptionsCounter(pool, clusterId);
  const [last, resources, findings, active] = await Promise.all([
    readLastScan(pool, clusterId, scanId),
    loadResources(pool, clusterId),
    loadOpenFindings(pool, clusterId),
    loadActiveExemptions(pool, accountId),
  ]);
  if (last === null) return undefined;
  const { stats, ...cluster } = last;
  const stamp = stampSchema.safeParse(stats);
  return {
    ...cluster,
    resources: new Map(resources.map((resource) => [resourceKeyText(resource), resource])),
    findings,
    controls: stamp.success ? stamp.data.controls : {},
    exemptions: { active, counter },
  };
}
