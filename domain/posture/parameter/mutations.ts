import "server-only";
import type { PoolClient } from "pg";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, requireRole } from "@/domain/access/scope";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { loadControls } from "../load";
import { placeKey } from "./place";
import type { OverrideInput, ParameterPlace } from "./schema";
import { ParameterError, ParameterRaceError, ParameterTakenRaceError, parametersFor } from "./value";

/** Places are many, but not without end. */
const MOST_PLACES = 1000;

interface Row {
  id: string;
  controlId: string;
  scopeKey: string;
  accountId: string | null;
  params: Record<string, unknown>;
  reason: string;
}

interface Where {
  key: string;
  accountId: string | null;
  clusterId: string | null;
  namespace: string;
}

/** The place as it is stored, if the scope may set parameters there. A place that may not be seen is no place. */
async function placed(tx: PoolClient, scope: AccountScope, place: ParameterPlace): Promise<Where> {
  if (place.scope === "fleet") {
    requireRole(scope, "Security Admin");
    return { key: placeKey(place), accountId: null, clusterId: null, namespace: "" };
  }
  if (place.scope === "account") {
    const { rows } = await tx.query(
      `SELECT id FROM "Account" WHERE id = $1 AND "removedAt" IS NULL AND ($2::uuid[] IS NULL OR id = ANY($2))`,
      [place.account, scope.accountIds],
    );
    if (rows.length === 0) throw new ParameterError("There is no such account.");
    requireRole(scope, "Security Admin", place.account);
    return { key: placeKey(place), accountId: place.account, clusterId: null, namespace: "" };
  }
  const { rows } = await tx.query<{ accountId: string }>(
    `SELECT "accountId" FROM "Cluster" WHERE id = $1 AND "goneAt" IS NULL AND ($2::uuid[] IS NULL OR "accountId" = ANY($2))`,
    [place.cluster, scope.accountIds],
  );
  const [cluster] = rows;
  if (cluster === undefined) throw new ParameterError("There is no such cluster.");
  requireRole(scope, "Security Admin", cluster.accountId);
  const namespace = place.scope === "namespace" ? place.namespace : "";
  return { key: placeKey(place), accountId: cluster.accountId, clusterId: place.cluster, namespace };
}

/**
 * Sets parameters of a control for a place; those not given keep the wider place's. Takes effect with each cluster's next scan.
 * They replace what the place holds if that is the version `begun`, null for nothing; what was taken away since is no hindrance. Resolves
 * with the new version. The same again changes nothing. Throws ParameterError for values that the control can't use, ParameterRaceError
 * when somebody set others since, ForbiddenError.
 */
export async function setParameters(
  scope: AccountScope,
  input: OverrideInput,
  begun: string | null,
): Promise<{ changed: boolean; version: string }> {
  const control = loadControls().find(({ id }) => id === input.control);
  if (control === undefined) throw new ParameterError(`There is no control ${input.control}.`);
  return inTransaction(pool(), async (tx) => {
    const where = await placed(tx, scope, input.place);
    const params = parametersFor(control, input.params);
    if (Object.keys(params).length === 0) throw new ParameterError("Give at least one parameter another value.");
    // Two who set the same place at once wait for each other, also where there is no row to lock yet.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`params ${control.id} ${where.key}`]);
    const { rows } = await tx.query<Row & { same: boolean; version: string }>(
      `SELECT id, params, reason, params = $3::jsonb AND reason = $4 AS same, "setAt"::text AS version
       FROM "ParameterOverride" WHERE "controlId" = $1 AND "scopeKey" = $2`,
      [control.id, where.key, JSON.stringify(params), input.reason],
    );
    const [before] = rows;
    if (before?.same === true) return { changed: false, version: before.version };
    if (before !== undefined && before.version !== begun) throw new ParameterRaceError();
    if (before === undefined) {
      const { rows: counted } = await tx.query<{ places: number }>(
        `SELECT count(*)::int AS places FROM "ParameterOverride" WHERE "controlId" = $1`,
        [control.id],
      );
      if ((counted[0]?.places ?? 0) >= MOST_PLACES)
        throw new ParameterError(
          `${control.id} has its own parameters in ${MOST_PLACES} places. Take some away first.`,
        );
    }
    const { rows: stored } = await tx.query<{ version: string }>(
      `INSERT INTO "ParameterOverride" (id, "controlId", scope, "scopeKey", "accountId", "clusterId", namespace, params, reason, "setBy", "setAt")
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now())
       ON CONFLICT ("controlId", "scopeKey") DO UPDATE SET params = excluded.params, reason = excluded.reason, "setBy" = excluded."setBy", "setAt" = excluded."setAt"
       RETURNING "setAt"::text AS version`,
      [
        uuidv7(),
        control.id,
        input.place.scope,
        where.key,
        where.accountId,
        where.clusterId,
        where.namespace,
        JSON.stringify(params),
        input.reason,
        scope.actor,
      ],
    );
    await appendAudit(tx, scope, {
      action: "posture.parameters-set",
      target: `${control.id} ${where.key}`,
      ...(where.accountId === null ? {} : { accountId: where.accountId }),
      ...(before === undefined ? {} : { before: { params: before.params, reason: before.reason } }),
      after: { params, reason: input.reason },
    });
    return { changed: true, version: stored[0]?.version ?? "" };
  });
}

/**
 * Takes the version `begun` of a place's parameters away, so that the wider place's hold again. False when they are gone already or may
 * not be seen. Throws ForbiddenError, and ParameterTakenRaceError when somebody set others there since.
 */
export async function clearParameters(scope: AccountScope, id: string, begun: string): Promise<boolean> {
  return inTransaction(pool(), async (tx) => {
    const { rows } = await tx.query<Row & { version: string }>(
      `SELECT id, "controlId", "scopeKey", "accountId", params, reason, "setAt"::text AS version FROM "ParameterOverride"
       WHERE id = $1 AND ($2::uuid[] IS NULL OR "accountId" IS NULL OR "accountId" = ANY($2)) FOR UPDATE`,
      [id, scope.accountIds],
    );
    const [row] = rows;
    if (row === undefined) return false;
    if (row.accountId === null) requireRole(scope, "Security Admin");
    else requireRole(scope, "Security Admin", row.accountId);
    if (row.version !== begun) throw new ParameterTakenRaceError();
    await tx.query(`DELETE FROM "ParameterOverride" WHERE id = $1`, [id]);
    await appendAudit(tx, scope, {
      action: "posture.parameters-cleared",
      target: `${row.controlId} ${row.scopeKey}`,
      ...(row.accountId === null ? {} : { accountId: row.accountId }),
      before: { params: row.params, reason: row.reason },
    });
    return true;
  });
}
