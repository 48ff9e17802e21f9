import type { SqlRunner } from "@/lib/jobs";

/** Deletes a cluster for good, with its resources, images and scans, and whatever other rooms hang on its row. */
export async function deleteCluster(tx: SqlRunner, clusterId: string): Promise<void> {
  await tx.query(`DELETE FROM "RunningImage" WHERE "clusterId" = $1`, [clusterId]);
  await tx.query(`DELETE FROM "Cluster" WHERE "id" = $1`, [clusterId]);
  for (const table of ["ItemByKind", "ItemByNamespace"])
    await tx.query(`DELETE FROM "${table}" WHERE "clusterId" = $1`, [clusterId]);
}

/** A cluster that went before `before`, locked; null when there is none. A second name stays as long as its cluster. */
export async function longGoneCluster(tx: SqlRunner, before: Date): Promise<string | null> {
  const { rows } = await tx.query(
    `SELECT "id" FROM "Cluster" WHERE "goneAt" < $1 AND "aliasOf" IS NULL ORDER BY "goneAt" LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [before],
  );
  return (rows[0] as { id: string } | undefined)?.id ?? null;
}
