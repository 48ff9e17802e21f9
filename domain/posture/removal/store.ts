import type { SqlRunner } from "@/lib/jobs";

/** Deletes the score history of clusters and accounts that are deleted for good; the fleet's stays as it was. */
export async function deleteScores(tx: SqlRunner, scopeIds: readonly string[]): Promise<void> {
  await tx.query(`DELETE FROM "ScorePoint" WHERE "scope" <> 'fleet' AND "scopeId" = ANY($1::uuid[])`, [scopeIds]);
}

/** Deletes a cluster's findings with their transitions, and what is counted and noted beside them. */
export async function deleteFindings(tx: SqlRunner, clusterId: string): Promise<void> {
  await tx.query(
    `DELETE FROM "FindingTransition" t USING "Finding" f WHERE f."id" = t."findingId" AND f."clusterId" = $1`,
    [clusterId],
  );
  for (const table of ["Finding", "SoleFailure", "FindingBySeverity", "FindingByControl", "FindingByNamespace"])
    await tx.query(`DELETE FROM "${table}" WHERE "clusterId" = $1`, [clusterId]);
}
