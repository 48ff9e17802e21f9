import type { PoolClient } from "pg";
import type { Sole } from "./sole";

/** Makes a cluster's sole failures those of this scan; rows that are the same are not written. */
export async function writeSoleFailures(
  tx: PoolClient,
  clusterId: string,
  counts: ReadonlyMap<string, Sole>,
): Promise<void> {
  await tx.query(
    `WITH x AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS x("controlId" text, "resources" int, "own" int)),
     gone AS (DELETE FROM "SoleFailure" s WHERE "clusterId" = $1 AND NOT EXISTS (SELECT FROM x WHERE x."controlId" = s."controlId"))
     INSERT INTO "SoleFailure" AS s ("clusterId", "controlId", "resources", "own") SELECT $1, "controlId", "resources", "own" FROM x
     ON CONFLICT ("clusterId", "controlId") DO UPDATE SET "resources" = excluded."resources", "own" = excluded."own"
       WHERE (s."resources", s."own") <> (excluded."resources", excluded."own")`,
    [clusterId, JSON.stringify([...counts].map(([controlId, sole]) => ({ controlId, ...sole })))],
  );
}
