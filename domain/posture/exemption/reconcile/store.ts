import type { PoolClient } from "pg";
import { z } from "zod";
import { type ResourceKey, resourceKeyText } from "@/domain/inventory/schema";
import { scoredOf, sumCounts } from "../../cell";
import { LEDGER_STEPS, type Movements } from "../../ledger";
import { writeAccountAndFleetPoints, writeClusterPoint } from "../../point/store";
import { addSole, type Sole } from "../../recommendation/sole";
import { writeSoleFailures } from "../../recommendation/store";
import { type Exemption, sumTotals } from "../../score";
import { type GroupRow, type Standing, scoresOf, standingOf } from "../../standing";
import { loadControlCounts, writeRollups } from "../../store";
import { type ExemptionEffect, type ExemptResource, exemptionEffect, sumMovements } from "../effect";
import { type ActiveExemption, ExemptionIndex, exemptionFor, fits, needsObject } from "../match";
import { type ExemptionChange, loadActiveExemptions, loadExemptResources, writeExemptionChanges } from "../store";

interface Place {
  id: string;
  accountId: string;
  gone: boolean;
  expected: number;
  evaluated: number;
  stats: unknown;
}
interface Open extends ResourceKey {
  id: string;
  controlId: string;
  scoreGroup: string;
  exemption: Exemption | null;
  exemptionId: string | null;
}
type Changed = Pick<ActiveExemption, "id" | "targets">;

const stampSchema = z.object({ controls: z.record(z.string(), z.string()) });

/**
 * Locks the clusters that the targets may reach and tells running scans that their exemptions are old. A scan that has written what refers to
 * its cluster, and still lists it, is not waited for: only the cluster's key must stay for it.
 */
async function lockClusters(tx: PoolClient, { targets }: Changed): Promise<Place[]> {
  const reach = targets.map(({ account, cluster }) => ({ account: account ?? null, cluster: cluster ?? null }));
  await tx.query(
    `SELECT c."id" FROM "Cluster" c WHERE EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS x("account" uuid, "cluster" uuid)
       WHERE (x."account" IS NULL OR x."account" = c."accountId") AND (x."cluster" IS NULL OR x."cluster" = c."id")) ORDER BY c."id" FOR NO KEY UPDATE`,
    [JSON.stringify(distinct(reach))],
  );
  const { rows } = await tx.query<Place>(
    `UPDATE "Cluster" c SET "exemptions" = c."exemptions" + 1
     WHERE EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS x("account" uuid, "cluster" uuid)
       WHERE (x."account" IS NULL OR x."account" = c."accountId") AND (x."cluster" IS NULL OR x."cluster" = c."id"))
     RETURNING c."id", c."accountId", c."goneAt" IS NOT NULL AS "gone", c."expected", c."evaluated",
       (SELECT s."stats" FROM "Scan" s WHERE s."id" = c."lastScanId") AS "stats"`,
    [JSON.stringify(distinct(reach))],
  );
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const distinct = <T>(items: readonly T[]): T[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

/** Open findings of a cluster whose exemption this change may move. */
async function candidates(tx: PoolClient, clusterId: string, { id, targets }: Changed): Promise<Open[]> {
  const named = targets.map(({ control, group }) => ({ control: control ?? null, group: group ?? null }));
  const { rows } = await tx.query<Open>(
    `SELECT f."id", f."controlId", f."scoreGroup", f."apiGroup", f."kind", f."namespace", f."name", f."exemption", f."exemptionId" FROM "Finding" f
     WHERE f."clusterId" = $1 AND f."state" = 'open' AND (f."exemptionId" = $2 OR EXISTS (SELECT FROM jsonb_to_recordset($3::jsonb) AS x("control" text, "group" text)
       WHERE (x."control" IS NULL OR x."control" = f."controlId") AND (x."group" IS NULL OR x."group" = f."scoreGroup")))`,
    [clusterId, id, JSON.stringify(distinct(named))],
  );
  return rows;
}

/** Which findings of a cluster get another exemption than they have. */
async function changesIn(tx: PoolClient, place: Place, changed: Changed): Promise<Map<string, ExemptionChange>> {
  const index = new ExemptionIndex(await loadActiveExemptions(tx, place.accountId), {
    accountId: place.accountId,
    clusterId: place.id,
  });
  const around = { accountId: place.accountId, clusterId: place.id };
  const open = (await candidates(tx, place.id, changed)).filter(
    (one) =>
      one.exemptionId === changed.id || changed.targets.some((target) => fits(target, { ...one, ...around }) ?? true),
  );
  const unsure = open.filter((one) =>
    index.candidates({ ...one, ...around }).some(({ targets }) => targets.some(needsObject)),
  );
  const keys = [...new Map(unsure.map((one) => [resourceKeyText(one), one])).values()];
  const docs = new Map(
    (await loadExemptResources(tx, place.id, keys, true)).map((found) => [resourceKeyText(found), found.doc]),
  );
  const changes = new Map<string, ExemptionChange>();
  for (const one of open) {
    const subject = { ...one, ...around, object: docs.get(resourceKeyText(one)) ?? undefined };
    const found = exemptionFor(index.candidates(subject), subject, one.exemptionId);
    if ((found?.id ?? null) === one.exemptionId && (found?.type ?? null) === one.exemption) continue;
    changes.set(one.id, { id: one.id, exemption: found?.type ?? null, exemptionId: found?.id ?? null });
  }
  return changes;
}

type OnResource = Pick<Open, "id" | "controlId" | "apiGroup" | "kind" | "namespace" | "name" | "exemption">;

/** The resources whose findings change, with all their open findings. */
async function touched(
  tx: PoolClient,
  clusterId: string,
  changes: ReadonlyMap<string, ExemptionChange>,
): Promise<ExemptResource[]> {
  const { rows } = await tx.query<OnResource>(
    `WITH hit AS (SELECT DISTINCT "namespace", "kind", "name", "apiGroup" FROM "Finding" WHERE "id" = ANY($2::uuid[]))
     SELECT f."id", f."controlId", f."apiGroup", f."kind", f."namespace", f."name", f."exemption" FROM "Finding" f
     JOIN hit s ON s."namespace" = f."namespace" AND s."kind" = f."kind" AND s."name" = f."name" AND s."apiGroup" = f."apiGroup"
     WHERE f."clusterId" = $1 AND f."state" = 'open'`,
    [clusterId, [...changes.keys()]],
  );
  const findings = new Map<string, OnResource[]>();
  for (const row of rows) {
    const id = resourceKeyText(row);
    findings.set(id, [...(findings.get(id) ?? []), row]);
  }
  const keys = [...findings.values()].flatMap(([first]) => first ?? []);
  const outcomes = new Map(
    (await loadExemptResources(tx, clusterId, keys, false)).map((found) => [resourceKeyText(found), found.outcomes]),
  );
  return [...findings].map(([id, some]) => ({
    namespace: some[0]?.namespace ?? "",
    outcomes: outcomes.get(id) ?? {},
    open: new Map(
      some.map(({ id: finding, controlId, exemption }) => {
        const change = changes.get(finding);
        return [controlId, { before: exemption, after: change === undefined ? exemption : change.exemption }];
      }),
    ),
  }));
}

async function writeEffect(
  tx: PoolClient,
  place: Place,
  effect: ExemptionEffect,
  exemptionId: string,
  now: Date,
): Promise<void> {
  const groups = await tx.query<GroupRow>(
    `SELECT "scoreGroup", "healthy", "unhealthy", "out", "liftHealthy", "liftUnhealthy", "liftOut" FROM "GroupRollup" WHERE "clusterId" = $1`,
    [place.id],
  );
  const controls = await loadControlCounts(tx, place.id);
  const sole = await tx.query<Sole & { controlId: string }>(
    `SELECT "controlId", "resources", "own" FROM "SoleFailure" WHERE "clusterId" = $1`,
    [place.id],
  );
  const moved = LEDGER_STEPS.map((step) => effect.movements[step].totals);
  const before = standingOf(groups.rows);
  const standing: Standing = {
    totals: sumTotals([before.totals, ...moved]),
    lift: sumTotals([before.lift, ...moved]),
  };
  const counts = controls.map((row) => {
    const add = effect.counts.get(row.controlId);
    return add === undefined ? row : sumCounts(row, add);
  });
  const soleAfter = new Map(sole.rows.map(({ controlId, ...each }) => [controlId, each]));
  for (const [id, add] of effect.sole) addSole(soleAfter, id, add);
  await writeRollups(tx, place.id, counts, standing.totals, standing.lift);
  await writeSoleFailures(tx, place.id, soleAfter);
  const { score, scoreWithoutExemptions } = scoresOf(standing);
  await tx.query(`UPDATE "Cluster" SET "score" = $2, "scoreWithoutExemptions" = $3 WHERE "id" = $1`, [
    ...[place.id, score, scoreWithoutExemptions],
  ]);
  const stamp = { accountId: place.accountId, clusterId: place.id, scanId: null, exemptionId, now };
  await writeClusterPoint(tx, stamp, standing, place, effect.movements);
}

/**
 * Brings findings, roll-ups, points and ledgers to what the exemptions in force say after one of them began or ended; call it
 * in the transaction of that change. Clusters that are gone keep what they had. Returns how many findings moved. Errors: those
 * of the database.
 */
export async function applyExemptionChange(tx: PoolClient, changed: Changed, now: Date): Promise<number> {
  const byAccount = new Map<string, Movements[]>();
  let findings = 0;
  for (const place of await lockClusters(tx, changed)) {
    if (place.gone) continue;
    const changes = await changesIn(tx, place, changed);
    if (changes.size === 0) continue;
    const resources = await touched(tx, place.id, changes);
    const stamp = stampSchema.safeParse(place.stats);
    const effect = exemptionEffect(resources, scoredOf(stamp.success ? stamp.data.controls : {}));
    await writeExemptionChanges(tx, [...changes.values()]);
    await writeEffect(tx, place, effect, changed.id, now);
    byAccount.set(place.accountId, [...(byAccount.get(place.accountId) ?? []), effect.movements]);
    findings += changes.size;
  }
  for (const [accountId, movements] of [...byAccount].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const stamp = { accountId, clusterId: null, scanId: null, exemptionId: changed.id, now };
    await writeAccountAndFleetPoints(tx, stamp, sumMovements(movements));
  }
  return findings;
}
