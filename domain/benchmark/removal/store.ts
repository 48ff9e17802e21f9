import type { SqlRunner } from "@/lib/jobs";

/** Deletes what benchmarks keep of clusters and accounts that are deleted for good: their points and what people attested there. */
export async function deleteCompliance(tx: SqlRunner, scopeIds: readonly string[]): Promise<void> {
  await tx.query(`DELETE FROM "CompliancePoint" WHERE "scope" <> 'fleet' AND "scopeId" = ANY($1::text[])`, [scopeIds]);
  await tx.query(`DELETE FROM "Attestation" WHERE "scopeId" = ANY($1::uuid[])`, [scopeIds]);
}
