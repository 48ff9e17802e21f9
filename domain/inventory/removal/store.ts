import type { SqlRunner } from "@/lib/jobs";

/** Deletes a cluster for good, with its resources, images and scans, and whatever other rooms hang on its row. */
export async function deleteCluster(tx: SqlRunner, clusterId: string): Promise<void> {
  await tx.query(`DELETE FROM "RunningImage" WHERE "clusterId" = $1`, [clusterId]);
  await tx.query(`DELETE FROM "Cluster" WHERE "id" = $1`, [clusterId]);
  for (const table of ["ItemByKind", "ItemByNamespace"])
    await tx.query(`DELETE FROM "${table}" WHERE "clusterId" = $1`, [clusterId]);
}
