import type { PoolClient } from "pg";
import { uuidv7 } from "@/lib/id";
import { storableJson } from "@/lib/storable-json";
import { inBatches } from "../store";
import type { ResourceChange } from "./schema";

/** Writes down what a scan saw change. */
export async function writeChanges(
  tx: PoolClient,
  at: { clusterId: string; scanId: string; now: Date },
  changes: readonly ResourceChange[],
): Promise<void> {
  await inBatches(
    changes,
    (change) => storableJson({ id: uuidv7(), ...change }),
    (json) =>
      tx.query(
        `INSERT INTO "ResourceChange" ("id", "clusterId", "scanId", "at", "change", "apiGroup", "kind", "namespace", "name")
         SELECT x."id", $2, $3, $4, x."change", x."apiGroup", x."kind", x."namespace", x."name"
         FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "change" text, "apiGroup" text, "kind" text, "namespace" text, "name" text)`,
        [json, at.clusterId, at.scanId, at.now],
      ),
  );
}

/** Deletes what changed before `before`. At most `most` rows; returns how many. */
export async function forgetChanges(tx: PoolClient, before: Date, most: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM "ResourceChange" WHERE "id" IN (SELECT "id" FROM "ResourceChange" WHERE "at" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [before, most],
  );
  return rowCount ?? 0;
}
