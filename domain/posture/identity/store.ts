import type { PoolClient } from "pg";
import { moveRows, renameManaged } from "@/domain/inventory/identity/store";
import { LAST_SEEN } from "../finding/row";
import { writeTransitions } from "../gone/store";

const SAME = `(s."controlId", s."apiGroup", s."kind", s."namespace", s."name") = (g."controlId", g."apiGroup", g."kind", g."namespace", g."name")`;

/**
 * Opens findings of `stays` that are open under `goes` only. What is told of these two times ends with the one that stays: a finding has
 * one history.
 */
async function joinFindings(tx: PoolClient, stays: string, goes: string, scan: { id: string; now: Date }) {
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE "Finding" s SET "state" = 'open', "resolvedAt" = NULL, "resolution" = NULL, "notRechecked" = 'stale'
     FROM "Finding" g WHERE s."clusterId" = $1 AND g."clusterId" = $2 AND s."state" <> 'open' AND g."state" = 'open' AND ${SAME} RETURNING s."id"`,
    [stays, goes],
  );
  await writeTransitions(tx, rows, { change: "reopened", reason: "found under the cluster's second name", scan });
  await tx.query(
    `DELETE FROM "FindingTransition" t USING "Finding" g, "Finding" s
     WHERE t."findingId" = g."id" AND g."clusterId" = $2 AND s."clusterId" = $1 AND ${SAME}`,
    [stays, goes],
  );
}

/**
 * Moves what was found under the cluster `goes`, with its history and roll-ups, to `stays` in the account `accountId`. A finding that is
 * open under one of the two names is open.
 */
export async function moveFindings(
  tx: PoolClient,
  stays: string,
  goes: string,
  { accountId, ...scan }: { accountId: string; id: string; now: Date },
): Promise<void> {
  // Scans under the name that stays did not look at these: they were last seen by those under the other, and by nobody since.
  await tx.query(
    `UPDATE "Finding" f SET "lastSeenAt" = ${LAST_SEEN}, "notRechecked" = coalesce(f."notRechecked", 'stale')
     FROM "Cluster" c WHERE c."id" = f."clusterId" AND f."clusterId" = $1 AND f."state" = 'open'`,
    [goes],
  );
  await joinFindings(tx, stays, goes, scan);
  // Whoever sees a finding sees its history, and nobody else.
  await tx.query(
    `UPDATE "FindingTransition" t SET "accountId" = $2 FROM "Finding" g WHERE t."findingId" = g."id" AND g."clusterId" = $1`,
    [goes, accountId],
  );
  const finding = ["controlId", "apiGroup", "kind", "namespace", "name"];
  await moveRows(tx, { table: "Finding", key: finding, accountId }, stays, goes);
  await moveRows(tx, { table: "ControlRollup", key: ["controlId"] }, stays, goes);
  await moveRows(tx, { table: "SoleFailure", key: ["controlId"] }, stays, goes);
  await moveRows(tx, { table: "GroupRollup", key: ["scoreGroup"] }, stays, goes);
  await renameManaged(tx, { table: "Finding", key: ["controlId"] }, stays);
}
