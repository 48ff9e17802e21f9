import type { Pool, PoolClient } from "pg";
import type { ResourceKey } from "@/domain/inventory/schema";
import { batches, inBatches } from "@/domain/inventory/store";
import { copyRows } from "@/lib/copy";
import { uuidv7 } from "@/lib/id";
import { storableJson } from "@/lib/storable-json";
import { LAST_SEEN } from "./finding/row";
import { type Evidence, SCORE_GROUP_IDS, type ScoreGroup } from "./schema";
import type { Exemption, GroupCounts, Totals } from "./score";

/** An open finding as a scan needs it. */
export interface OpenFinding extends ResourceKey {
  id: string;
  controlId: string;
  notRechecked: string | null;
  /** Of the write that it was last brought up to date with; null when an older Seawall wrote it. */
  digest: string | null;
  owner: string | null;
  exemption: Exemption | null;
  exemptionId: string | null;
}
/** An unhealthy assessment to be written: opens a finding, reopens it, or refreshes its evidence. */
export interface FindingWrite extends ResourceKey {
  controlId: string;
  scoreGroup: ScoreGroup;
  /** Rank, 3 critical … 0 low. */
  severity: number;
  message: string;
  evidence: Evidence[];
  /** Whose the resource is, as it or its namespace says; null when neither does. */
  owner: string | null;
  /** Hash of all that a write may change of an open finding but its owner. */
  digest: string;
  /** Of a finding that opens: the exemption that holds for it. */
  exemption?: Exemption;
  exemptionId?: string;
}
export interface Resolution {
  id: string;
  resolution: "fixed" | "gone";
  reason: string | null;
}
export interface ScanStamp {
  accountId: string;
  clusterId: string;
  scanId: string;
  now: Date;
}

export async function loadOpenFindings(db: Pool | PoolClient, clusterId: string): Promise<OpenFinding[]> {
  const { rows } = await db.query<OpenFinding>(
    `SELECT "id", "controlId", "apiGroup", "kind", "namespace", "name", "notRechecked", "digest", "owner", "exemption", "exemptionId" FROM "Finding"
     WHERE "clusterId" = $1 AND "state" = 'open'`,
    [clusterId],
  );
  return rows;
}

async function transitions(
  tx: PoolClient,
  at: ScanStamp,
  change: string,
  rows: { id: string; reason?: string | null }[],
) {
  const row = ({ id, reason }: { id: string; reason?: string | null }) =>
    storableJson({ id: uuidv7(), findingId: id, reason: reason ?? null });
  await inBatches(rows, row, (json) =>
    tx.query(
      `INSERT INTO "FindingTransition" ("id", "findingId", "scanId", "at", "change", "reason", "severity", "accountId", "controlId")
       SELECT x."id", x."findingId", $2, $3, $4, x."reason", f."severity", f."accountId", f."controlId"
       FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "findingId" uuid, "reason" text) JOIN "Finding" f ON f."id" = x."findingId"`,
      [json, at.scanId, at.now, change],
    ),
  );
}

async function holdsFindings(tx: PoolClient, clusterId: string): Promise<boolean> {
  const { rows } = await tx.query(`SELECT FROM "Finding" WHERE "clusterId" = $1 LIMIT 1`, [clusterId]);
  return rows.length > 0;
}

/** The findings of a cluster that never had any: nothing of theirs can be stored, so they are sent as plain rows. */
async function copyFindings(tx: PoolClient, at: ScanStamp, writes: readonly FindingWrite[]): Promise<void> {
  const when = at.now.toISOString();
  const found = writes.map((write) => ({ id: uuidv7(), write }));
  const rows = function* (): Generator<(string | null)[]> {
    for (const { id, write } of found) {
      const { controlId, scoreGroup, severity, apiGroup, kind, namespace, name, owner, message, digest } = write;
      const what = [controlId, scoreGroup, String(severity), apiGroup, kind, namespace, name, owner, "open", message];
      const exempted = [write.exemption ?? null, write.exemptionId ?? null];
      yield [id, at.accountId, at.clusterId, ...what, storableJson(write.evidence), digest, when, when, ...exempted];
    }
  };
  await copyRows(
    tx,
    `"Finding" ("id", "accountId", "clusterId", "controlId", "scoreGroup", "severity", "apiGroup", "kind", "namespace", "name",
      "owner", "state", "message", "evidence", "digest", "firstSeenAt", "lastSeenAt", "exemption", "exemptionId")`,
    rows(),
  );
  const opened = function* (): Generator<(string | null)[]> {
    for (const { id, write } of found)
      yield [uuidv7(), id, at.scanId, when, "opened", String(write.severity), at.accountId, write.controlId];
  };
  await copyRows(
    tx,
    `"FindingTransition" ("id", "findingId", "scanId", "at", "change", "severity", "accountId", "controlId")`,
    opened(),
  );
}

/** Opens findings, or reopens resolved ones of the same key. */
export async function openFindings(tx: PoolClient, at: ScanStamp, writes: readonly FindingWrite[]): Promise<void> {
  if (writes.length > 0 && !(await holdsFindings(tx, at.clusterId))) return await copyFindings(tx, at, writes);
  const opened: { id: string }[] = [];
  const reopened: { id: string }[] = [];
  const fresh = (write: FindingWrite) => storableJson({ id: uuidv7(), ...write });
  await inBatches(writes, fresh, async (json) => {
    const { rows } = await tx.query<{ id: string; again: boolean }>(
      `INSERT INTO "Finding" AS f ("id", "accountId", "clusterId", "controlId", "scoreGroup", "severity", "apiGroup", "kind", "namespace", "name",
         "owner", "state", "message", "evidence", "digest", "firstSeenAt", "lastSeenAt", "exemption", "exemptionId")
       SELECT x."id", $2, $3, x."controlId", x."scoreGroup", x."severity", x."apiGroup", x."kind", x."namespace", x."name",
         x."owner", 'open', x."message", x."evidence", x."digest", $4, $4, x."exemption", x."exemptionId"
       FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "controlId" text, "scoreGroup" text, "severity" smallint, "apiGroup" text,
         "kind" text, "namespace" text, "name" text, "owner" text, "message" text, "evidence" jsonb, "digest" text, "exemption" text, "exemptionId" uuid)
       ON CONFLICT ("clusterId", "controlId", "apiGroup", "kind", "namespace", "name") DO UPDATE SET "state" = 'open', "owner" = excluded."owner",
         "scoreGroup" = excluded."scoreGroup", "severity" = excluded."severity", "message" = excluded."message",
         "evidence" = excluded."evidence", "digest" = excluded."digest", "lastSeenAt" = excluded."lastSeenAt", "resolvedAt" = NULL, "resolution" = NULL,
         "notRechecked" = NULL, "reopened" = f."reopened" + 1, "exemption" = excluded."exemption", "exemptionId" = excluded."exemptionId"
       RETURNING "id", "reopened" > 0 AS "again"`,
      [json, at.accountId, at.clusterId, at.now],
    );
    for (const { id, again } of rows) (again ? reopened : opened).push({ id });
  });
  await transitions(tx, at, "opened", opened);
  await transitions(tx, at, "reopened", reopened);
}

/** Brings the evidence of findings that stay open up to date; those whose evidence is the same are not written. */
export async function refreshFindings(
  tx: PoolClient,
  at: ScanStamp,
  writes: readonly (FindingWrite & { id: string })[],
) {
  await inBatches(writes, storableJson, (json) =>
    tx.query(
      `UPDATE "Finding" f SET "message" = x."message", "evidence" = x."evidence", "digest" = x."digest", "severity" = x."severity",
         "scoreGroup" = x."scoreGroup", "lastSeenAt" = $2, "notRechecked" = NULL
       FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "message" text, "evidence" jsonb, "digest" text, "severity" smallint, "scoreGroup" text)
       WHERE f."id" = x."id" AND (f."message", f."evidence", f."digest", f."severity", f."scoreGroup", f."notRechecked")
         IS DISTINCT FROM (x."message", x."evidence", x."digest", x."severity", x."scoreGroup", NULL::text)`,
      [json, at.now],
    ),
  );
}

/** Writes whose findings that stay open are, where that changed. */
export async function writeOwners(
  tx: PoolClient,
  owners: readonly { id: string; owner: string | null }[],
): Promise<void> {
  for (const batch of batches(owners)) {
    await tx.query(
      `UPDATE "Finding" f SET "owner" = x."owner"
       FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "owner" text) WHERE f."id" = x."id"`,
      [storableJson(batch)],
    );
  }
}

/** Says why findings stay open without having been re-checked, and keeps when they last were: by the scan before. Null: they are re-checked. */
export async function markNotRechecked(
  tx: PoolClient,
  marks: readonly { id: string; reason: string | null }[],
): Promise<void> {
  for (const batch of batches(marks)) {
    await tx.query(
      `UPDATE "Finding" f SET "notRechecked" = x."reason", "lastSeenAt" = ${LAST_SEEN}
       FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "reason" text), "Cluster" c WHERE f."id" = x."id" AND c."id" = f."clusterId"`,
      [storableJson(batch)],
    );
  }
}

/** Resolves open findings; one that is not open any more is left alone. As above, it was last seen by the scan before. */
export async function resolveFindings(
  tx: PoolClient,
  at: ScanStamp,
  resolutions: readonly Resolution[],
): Promise<void> {
  const done: { id: string; reason: string | null }[] = [];
  for (const batch of batches(resolutions)) {
    const { rows } = await tx.query<{ id: string; reason: string | null }>(
      `UPDATE "Finding" f SET "state" = 'resolved', "resolvedAt" = $2, "resolution" = x."resolution", "notRechecked" = NULL, "exemption" = NULL, "exemptionId" = NULL,
         "lastSeenAt" = ${LAST_SEEN} FROM jsonb_to_recordset($1::jsonb) AS x("id" uuid, "resolution" text, "reason" text), "Cluster" c
       WHERE f."id" = x."id" AND c."id" = f."clusterId" AND f."state" = 'open' RETURNING f."id", coalesce(x."reason", x."resolution") AS "reason"`,
      [JSON.stringify(batch), at.now],
    );
    done.push(...rows);
  }
  await transitions(tx, at, "resolved", done);
}

export interface ControlCounts {
  controlId: string;
  healthy: number;
  /** Open findings count here, re-checked or not. */
  unhealthy: number;
  notApplicable: number;
  notEvaluated: number;
  /** What exemptions put into each of the three: without them all of it is unhealthy. */
  liftHealthy: number;
  liftNotApplicable: number;
  liftNotEvaluated: number;
}
/** Columns of a roll-up by control. */
export const AMOUNTS = [
  ...["healthy", "unhealthy", "notApplicable", "notEvaluated"],
  ...["liftHealthy", "liftNotApplicable", "liftNotEvaluated"],
];
const each = (sql: (name: string) => string): string => AMOUNTS.map((name) => sql(`"${name}"`)).join(", ");

/** What the last scan of a cluster counted of each control, and exemptions since. */
export async function loadControlCounts(tx: PoolClient, clusterId: string): Promise<ControlCounts[]> {
  const { rows } = await tx.query<ControlCounts>(
    `SELECT "controlId", ${each((name) => name)} FROM "ControlRollup" WHERE "clusterId" = $1`,
    [clusterId],
  );
  return rows;
}

/** Rewrites a cluster's roll-ups where they differ. `lift`: what exemptions add to the totals. */
export async function writeRollups(
  tx: PoolClient,
  clusterId: string,
  controls: readonly ControlCounts[],
  totals: Totals,
  lift: Totals,
) {
  await tx.query(
    `WITH x AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS x("controlId" text, ${each((name) => `${name} int`)})),
     gone AS (DELETE FROM "ControlRollup" r WHERE "clusterId" = $1 AND NOT EXISTS (SELECT FROM x WHERE x."controlId" = r."controlId"))
     INSERT INTO "ControlRollup" AS r ("clusterId", "controlId", ${each((name) => name)})
     SELECT $1, "controlId", ${each((name) => name)} FROM x
     ON CONFLICT ("clusterId", "controlId") DO UPDATE SET ${each((name) => `${name} = excluded.${name}`)}
     WHERE (${each((name) => `r.${name}`)}) IS DISTINCT FROM (${each((name) => `excluded.${name}`)})`,
    [clusterId, JSON.stringify(controls)],
  );
  const groups = SCORE_GROUP_IDS.flatMap((scoreGroup) => {
    const [counts = NO_COUNTS, add = NO_COUNTS] = [totals[scoreGroup], lift[scoreGroup]];
    if (totals[scoreGroup] === undefined && lift[scoreGroup] === undefined) return [];
    const { healthy: liftHealthy, unhealthy: liftUnhealthy, out: liftOut } = add;
    return [{ scoreGroup, ...counts, liftHealthy, liftUnhealthy, liftOut }];
  });
  await tx.query(
    `WITH x AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS x("scoreGroup" text, "healthy" int, "unhealthy" int, "out" int, "liftHealthy" int, "liftUnhealthy" int, "liftOut" int)),
     gone AS (DELETE FROM "GroupRollup" r WHERE "clusterId" = $1 AND NOT EXISTS (SELECT FROM x WHERE x."scoreGroup" = r."scoreGroup"))
     INSERT INTO "GroupRollup" AS r ("clusterId", "scoreGroup", "healthy", "unhealthy", "out", "liftHealthy", "liftUnhealthy", "liftOut")
     SELECT $1, "scoreGroup", "healthy", "unhealthy", "out", "liftHealthy", "liftUnhealthy", "liftOut" FROM x
     ON CONFLICT ("clusterId", "scoreGroup") DO UPDATE SET "healthy" = excluded."healthy", "unhealthy" = excluded."unhealthy", "out" = excluded."out",
       "liftHealthy" = excluded."liftHealthy", "liftUnhealthy" = excluded."liftUnhealthy", "liftOut" = excluded."liftOut"
     WHERE (r."healthy", r."unhealthy", r."out", r."liftHealthy", r."liftUnhealthy", r."liftOut")
       IS DISTINCT FROM (excluded."healthy", excluded."unhealthy", excluded."out", excluded."liftHealthy", excluded."liftUnhealthy", excluded."liftOut")`,
    [clusterId, JSON.stringify(groups)],
  );
}
const NO_COUNTS: GroupCounts = { healthy: 0, unhealthy: 0, out: 0 };
