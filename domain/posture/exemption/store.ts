import type { Pool, PoolClient } from "pg";
import { appendAudit } from "@/domain/access/audit";
import { type AccountScope, mintScope } from "@/domain/access/scope";
import type { Json } from "@/domain/inventory/json";
import type { ResourceKey } from "@/domain/inventory/schema";
import { inBatches } from "@/domain/inventory/store";
import { logFor } from "@/lib/log";
import { storableJson } from "@/lib/storable-json";
import type { Exemption } from "../score";
import { auditName } from "./choice";
import { type KeptRow, readKept } from "./kept";
import { type ActiveExemption, type SecondName, underFirstName } from "./match";
import { NoPlaceError, reachOf, requireReach } from "./reach";
import type { ExemptionRequest, ExemptionTarget } from "./schema";

const log = logFor("exemptions");

interface NameRow {
  id: string;
  name: string;
  firstId: string;
  firstName: string;
  accountId: string;
}

/** Targets as they are meant now: those of a cluster that became a second name are of the cluster that it stands for. */
export async function targetsNow(
  db: Pool | PoolClient,
  targets: readonly ExemptionTarget[],
): Promise<ExemptionTarget[]> {
  const named = [...new Set(targets.flatMap(({ cluster }) => cluster ?? []))];
  const { rows } = await db.query<NameRow>(
    `WITH RECURSIVE n AS (
       SELECT "id", "name", "aliasOf" FROM "Cluster" WHERE "id" = ANY($1::uuid[]) AND "aliasOf" IS NOT NULL
       UNION SELECT n."id", n."name", s."aliasOf" FROM n JOIN "Cluster" s ON s."id" = n."aliasOf" WHERE s."aliasOf" IS NOT NULL
     ) SELECT n."id", n."name", s."id" AS "firstId", s."name" AS "firstName", s."accountId" FROM n JOIN "Cluster" s ON s."id" = n."aliasOf"
     WHERE s."aliasOf" IS NULL`,
    [named],
  );
  const names = rows.map(({ id, name, firstId, firstName, accountId }): SecondName => {
    return { id, name, first: { id: firstId, name: firstName, accountId } };
  });
  return targets.map((target) => underFirstName(target, names));
}

/**
 * What the same person asked for in the same words, and still waits or holds, with its findings; null when there is none. Who asks twice at
 * the same moment waits for the first.
 */
export async function sameExemption(
  tx: PoolClient,
  { userId }: Pick<AccountScope, "userId">,
  { type, targets, reason, evidence, expiresAt }: ExemptionRequest,
  now: Date,
): Promise<{ id: string; state: "requested" | "active"; findings: number } | null> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`exemption ${userId} ${reason}`]);
  const { rows } = await tx.query<{ id: string; state: "requested" | "active"; findings: number }>(
    `SELECT e."id", e."state", (SELECT count(*)::int FROM "Finding" f WHERE f."exemptionId" = e."id") AS findings FROM "Exemption" e
     WHERE e."state" IN ('requested', 'active') AND (e."expiresAt" IS NULL OR e."expiresAt" > $7) AND e."requestedById" IS NOT DISTINCT FROM $1::uuid
       AND e."type" = $2 AND e."targets" = $3::jsonb AND e."reason" = $4 AND e."evidence" = $5 AND e."expiresAt" IS NOT DISTINCT FROM $6::timestamptz
     ORDER BY e."id" LIMIT 1`,
    [userId, type, JSON.stringify(targets), reason, evidence, expiresAt, now],
  );
  return rows[0] ?? null;
}

/**
 * Fills in the account of each cluster that a target names; a second name is the cluster that it stands for, and a place that may not
 * be seen is no place.
 */
async function placed(tx: PoolClient, scope: AccountScope, asked: readonly ExemptionTarget[]) {
  const targets = await targetsNow(tx, asked);
  const accounts = targets.flatMap(({ account }) => account ?? []);
  const clusters = targets.flatMap(({ cluster }) => cluster ?? []);
  const { rows: known } = await tx.query<{ id: string; accountId: string }>(
    `SELECT "id", "accountId" FROM "Cluster" WHERE "id" = ANY($1::uuid[]) AND ($2::uuid[] IS NULL OR "accountId" = ANY($2))`,
    [clusters, scope.accountIds],
  );
  const { rows: seen } = await tx.query<{ id: string }>(
    `SELECT "id" FROM "Account" WHERE "id" = ANY($1::uuid[]) AND "removedAt" IS NULL AND ($2::uuid[] IS NULL OR "id" = ANY($2))`,
    [accounts, scope.accountIds],
  );
  const accountOf = new Map(known.map(({ id, accountId }) => [id, accountId]));
  const visible = new Set(seen.map(({ id }) => id));
  return targets.map((target): ExemptionTarget => {
    if (target.account !== undefined && !visible.has(target.account))
      throw new NoPlaceError("There is no such account.");
    if (target.cluster === undefined) return target;
    const account = accountOf.get(target.cluster);
    if (account === undefined || (target.account ?? account) !== account)
      throw new NoPlaceError("There is no such cluster.");
    return { ...target, account };
  });
}

/** Where an exemption is to hold, with what it reaches, for who may ask for it. Throws NoPlaceError, ForbiddenError. */
export async function allowed(tx: PoolClient, scope: AccountScope, input: ExemptionRequest) {
  const targets = await placed(tx, scope, input.targets);
  const reach = reachOf(targets);
  requireReach(scope, reach);
  return { targets, reach };
}

/** A stored exemption; null, and a line in the log, when it cannot be read. */
function readable(row: KeptRow & { id: string }): ActiveExemption | null {
  const kept = readKept(row);
  if (kept.readable) return { id: row.id, type: kept.type, targets: kept.targets };
  log.error("left out an exemption that cannot be read", { exemption: row.id, reason: kept.problem });
  return null;
}

/**
 * Moves the exemptions that name a cluster which has just become a second name to the cluster that it stands for, in the caller's
 * transaction. From then on they belong to that one's account: whoever may change what holds there sees them and may end them.
 * A person who decides on one of them at this moment holds it first: then this fails at once, and the merge is tried again. One that cannot be read holds for nothing and stays as it is.
 */
export async function moveExemptions(tx: PoolClient, secondName: string): Promise<void> {
  const { rows } = await tx.query<KeptRow & { id: string; reason: string }>(
    `SELECT "id", "type", "targets", "reason" FROM "Exemption" WHERE "state" IN ('requested', 'active') AND "targets" @> $1 ORDER BY "id" FOR UPDATE NOWAIT`,
    [JSON.stringify([{ cluster: secondName }])],
  );
  for (const row of rows) {
    const kept = readable(row);
    if (kept === null) continue;
    const { id, targets: before } = kept;
    const after = await targetsNow(tx, before);
    const { everywhere, accountIds } = reachOf(after);
    await tx.query(`UPDATE "Exemption" SET "targets" = $2, "everywhere" = $3, "accountIds" = $4 WHERE "id" = $1`, [
      ...[id, JSON.stringify(after), everywhere, accountIds],
    ]);
    const [only, ...more] = accountIds;
    await appendAudit(tx, mintScope(null, "Seawall", []), {
      action: "posture.exemption-moved",
      target: auditName({ id, targets: before, reason: row.reason }),
      ...(only !== undefined && more.length === 0 && !everywhere ? { accountId: only } : {}),
      before: { targets: before },
      after: { targets: after },
    });
  }
}

/**
 * The exemptions in force that may concern an account's clusters. One that cannot be read is left out, so that its findings count: it is
 * logged, System health shows it, and it keeps no scan from going on.
 */
export async function loadActiveExemptions(db: Pool | PoolClient, accountId: string): Promise<ActiveExemption[]> {
  const { rows } = await db.query<KeptRow & { id: string }>(
    `SELECT "id", "type", "targets" FROM "Exemption" WHERE "state" = 'active' AND ("everywhere" OR $1::uuid = ANY("accountIds")) ORDER BY "id"`,
    [accountId],
  );
  return rows.flatMap((row) => readable(row) ?? []);
}

/** Ids of the exemptions and requests whose time is over, by their end. */
export async function overdueExemptions(db: Pool | PoolClient, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT "id" FROM "Exemption" WHERE "state" IN ('active', 'requested') AND "expiresAt" <= $1 ORDER BY "expiresAt", "id"`,
    [now],
  );
  return rows.map(({ id }) => id);
}

/** The count of changes of exemptions that may touch a cluster. Read it before the exemptions themselves. */
export async function exemptionsCounter(db: Pool | PoolClient, clusterId: string): Promise<number> {
  const { rows } = await db.query<{ exemptions: number }>(`SELECT "exemptions" FROM "Cluster" WHERE "id" = $1`, [
    clusterId,
  ]);
  return rows[0]?.exemptions ?? 0;
}

/** Exemptions of open findings as they stand, by finding. */
export async function loadHeldExemptions(
  db: PoolClient,
  clusterId: string,
): Promise<Map<string, { exemption: Exemption; exemptionId: string }>> {
  const { rows } = await db.query<{ id: string; exemption: Exemption; exemptionId: string }>(
    `SELECT "id", "exemption", "exemptionId" FROM "Finding" WHERE "clusterId" = $1 AND "state" = 'open' AND "exemptionId" IS NOT NULL`,
    [clusterId],
  );
  return new Map(rows.map(({ id, ...held }) => [id, held]));
}

export interface ExemptionChange {
  id: string;
  exemption: Exemption | null;
  exemptionId: string | null;
}

/** Sets or takes away the exemption of open findings. */
export async function writeExemptionChanges(tx: PoolClient, changes: readonly ExemptionChange[]): Promise<void> {
  await inBatches(changes, storableJson, (json) =>
    tx.query(
      `UPDATE "Finding" f SET "exemption" = x."exemption", "exemptionId" = x."exemptionId"
       FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "exemption" text, "exemptionId" uuid) WHERE f."id" = x."id"`,
      [json],
    ),
  );
}

type Found = ResourceKey & { outcomes: Record<string, string> | null; doc: Json | null };

/** Resources of a cluster with their outcomes and, when asked for, their documents. */
export async function loadExemptResources(
  tx: PoolClient,
  clusterId: string,
  keys: readonly ResourceKey[],
  documents: boolean,
): Promise<Found[]> {
  const found: Found[] = [];
  const row = ({ apiGroup, kind, namespace, name }: ResourceKey) => storableJson({ apiGroup, kind, namespace, name });
  await inBatches(keys, row, async (json) => {
    const { rows } = await tx.query<Found>(
      `SELECT r."apiGroup", r."kind", r."namespace", r."name", r."outcomes", ${documents ? `r."doc"` : "NULL AS doc"}
       FROM jsonb_to_recordset($1::jsonb) AS x("apiGroup" text, "kind" text, "namespace" text, "name" text)
       JOIN "Resource" r ON r."clusterId" = $2 AND r."apiGroup" = x."apiGroup" AND r."kind" = x."kind" AND r."namespace" = x."namespace" AND r."name" = x."name"`,
      [json, clusterId],
    );
    found.push(...rows);
  });
  return found;
}
