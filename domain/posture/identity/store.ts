import type { PoolClient } from "pg";
import { moveRows, renameManaged } from "@/domain/inventory/identity/store";

/**
 * Moves what was found under the cluster `goes`, with its history and roll-ups, to `stays` in the account `accountId`. A finding that is
 * open under one of the two names is open.
 */
export async function moveFindings(tx: PoolClient, stays: string, goes: string, accountId: string): Promise<void> {
  await tx.query(
    `UPDATE "Finding" s SET "state" = 'open', "resolvedAt" = NULL, "resolution" = NULL, "notRechecked" = 'stale'
     FROM "Finding" g WHERE s."clusterId" = $1 AND g."clusterId" = $2 AND s."state" <> 'open' AND g."state" = 'open'
       AND (s."controlId", s."apiGroup", s."kind", s."namespace", s."name") = (g."controlId", g."apiGroup", g."kind", g."namespace", g."name")`,
    [stays, goes],
  );
  const finding = ["controlId", "apiGroup", "kind", "namespace", "name"];
  await moveRows(tx, { table: "Finding", key: finding, accountId }, stays, goes);
  await moveRows(tx, { table: "ControlRollup", key: ["controlId"] }, stays, goes);
  await moveRows(tx, { table: "GroupRollup", key: ["scoreGroup"] }, stays, goes);
  await renameManaged(tx, { table: "Finding", key: ["controlId"] }, stays);
}
