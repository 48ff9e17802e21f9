import type { PoolClient } from "pg";

/** Makes a cluster's sole failures those of this scan; rows that are the same are not written. */
export async function writeSoleFailures(
  tx: PoolClient,
  clusterId: string,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  await tx.query(
    `WITH x AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS x("controlId" text, "resources" int)),
     gone AS (DELETE FROM "SoleFailure" s WHERE "clusterId" = $1 AND NOT EXISTS (SELECT FROM x WHERE x."controlId" = s."controlId"))
     INSERT INTO "SoleFailure" AS s ("clusterId", "controlId", "resources") SELECT $1, "controlId", "resources" FROM x
     ON CONFLICT ("clusterId", "controlId") DO UPDATE SET "resources" = excluded."resources" WHERE s."resources" <> excluded."resources"`,
    [clusterId, JSON.stringify([...counts].map(([controlId, resources]) => ({ controlId, resources })))],
  );
}
