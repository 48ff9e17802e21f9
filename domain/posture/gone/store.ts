import type { PoolClient } from "pg";
import { uuidv7 } from "@/lib/id";
import { LAST_SEEN } from "../finding/row";

/** Notes that these findings changed otherwise than by being judged. */
export async function writeTransitions(
  tx: PoolClient,
  findings: readonly { id: string }[],
  { change, reason, scan }: { change: "resolved" | "reopened"; reason: string; scan: { id: string; now: Date } },
): Promise<void> {
  await tx.query(
    `INSERT INTO "FindingTransition" ("id", "findingId", "scanId", "at", "change", "reason", "severity", "accountId", "controlId")
     SELECT x."id", x."findingId", $2, $3, $4, $5, f."severity", f."accountId", f."controlId"
     FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "findingId" uuid) JOIN "Finding" f ON f."id" = x."findingId"`,
    [JSON.stringify(findings.map(({ id }) => ({ id: uuidv7(), findingId: id }))), scan.id, scan.now, change, reason],
  );
}

/** Resolves every open finding of clusters that a complete discovery saw to be gone. Returns how many. */
export async function resolveFindingsOfGoneClusters(
  tx: PoolClient,
  clusterIds: readonly string[],
  scanId: string,
  now: Date,
): Promise<number> {
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE "Finding" f SET "state" = 'resolved', "resolvedAt" = $2, "resolution" = 'gone', "notRechecked" = NULL, "lastSeenAt" = ${LAST_SEEN}
     FROM "Cluster" c WHERE c."id" = f."clusterId" AND f."clusterId" = ANY($1::uuid[]) AND f."state" = 'open' RETURNING f."id"`,
    [clusterIds, now],
  );
  await writeTransitions(tx, rows, { change: "resolved", reason: "gone", scan: { id: scanId, now } });
  return rows.length;
}

/**
 * Finds again what was resolved because its cluster went: the cluster came back, and nobody has looked since. An exemption that ended
 * meanwhile excuses nothing any more; one that began is seen by the next scan.
 */
export async function reopenFindingsOfReturnedClusters(
  tx: PoolClient,
  clusters: readonly { id: string; goneAt: Date }[],
  scanId: string,
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE "Finding" f SET "state" = 'open', "resolvedAt" = NULL, "resolution" = NULL, "notRechecked" = 'stale'
     FROM jsonb_to_recordset($1::jsonb) AS c("id" uuid, "goneAt" timestamptz)
     WHERE f."clusterId" = c."id" AND f."state" = 'resolved' AND f."resolution" = 'gone' AND f."resolvedAt" = c."goneAt" RETURNING f."id"`,
    [JSON.stringify(clusters)],
  );
  await tx.query(
    `UPDATE "Finding" f SET "exemption" = NULL, "exemptionId" = NULL WHERE f."id" = ANY($1::uuid[]) AND f."exemptionId" IS NOT NULL
     AND NOT EXISTS (SELECT FROM "Exemption" e WHERE e."id" = f."exemptionId" AND e."state" = 'active')`,
    [rows.map(({ id }) => id)],
  );
  await writeTransitions(tx, rows, { change: "reopened", reason: "the cluster came back", scan: { id: scanId, now } });
}
