import "server-only";
import type { Pool, PoolClient } from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { loadControls } from "./load";
import { byIncrease } from "./order";
import { rollupWhere } from "./recommendation/queries";
import type { Sole } from "./recommendation/sole";
import { type Control, SCORE_GROUP_IDS, type ScoreGroup } from "./schema";
import { fleetScore, potentialIncrease, scoreOf, sumTotals, type Totals, weightOf } from "./score";

let catalogue: Promise<ReadonlyMap<string, Control>> | undefined;
/** All controls by id, read from their files once per process. */
export function controlCatalogue(): Promise<ReadonlyMap<string, Control>> {
  catalogue ??= Promise.resolve(loadControls()).then(
    (controls) => new Map(controls.map((control) => [control.id, control])),
  );
  return catalogue;
}

const isGroup = (id: string): id is ScoreGroup => (SCORE_GROUP_IDS as readonly string[]).includes(id);

/** Resources by account, score group and state: the sums that every score is made of; as they would be without `exemptions`. */
export async function accountTotals(
  scope: AccountScope,
  { exemptions = true, db = pool() }: { exemptions?: boolean; db?: Pool | PoolClient } = {},
): Promise<Map<string, Totals>> {
  const sum = (column: string, lift: string) =>
    `sum(g."${column}"${exemptions ? "" : ` - g."${lift}"`})::int AS "${column}"`;
  const { rows } = await db.query<{
    accountId: string;
    scoreGroup: string;
    healthy: number;
    unhealthy: number;
    out: number;
  }>(
    `SELECT c."accountId", g."scoreGroup", ${sum("healthy", "liftHealthy")}, ${sum("unhealthy", "liftUnhealthy")}, ${sum("out", "liftOut")}
     FROM "GroupRollup" g JOIN "Cluster" c ON c.id = g."clusterId"
     WHERE c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) GROUP BY 1, 2`,
    [scope.accountIds],
  );
  const byAccount = new Map<string, Totals>();
  for (const { accountId, scoreGroup, ...counts } of rows) {
    if (!isGroup(scoreGroup)) continue;
    const totals = byAccount.get(accountId) ?? {};
    totals[scoreGroup] = counts;
    byAccount.set(accountId, totals);
  }
  return byAccount;
}

/** The fleet's score with the score of each account; null without any assessment. */
export function scoreAll(byAccount: ReadonlyMap<string, Totals>): {
  score: number | null;
  totals: Totals;
  accounts: Map<string, number | null>;
} {
  const accounts = new Map([...byAccount].map(([id, totals]) => [id, scoreOf(totals)]));
  const weighted = [...byAccount].map(([id, totals]) => ({
    score: accounts.get(id) ?? null,
    weight: weightOf(totals),
  }));
  return { score: fleetScore(weighted), totals: sumTotals(byAccount.values()), accounts };
}

export interface Recommendation {
  control: Control;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
  /** Points that the fleet's score gains when all its resources are healthy. */
  increase: number;
  /** Of these, what resources outside the cluster's own namespaces bring: people can change them. */
  own: number;
}

/** Resources per account and control that only this stable control keeps unhealthy in its group, as the last scans left them. */
async function soleFailures(
  scope: AccountScope,
  stable: readonly string[],
): Promise<(Sole & { accountId: string; controlId: string })[]> {
  const { rows } = await pool().query<Sole & { accountId: string; controlId: string }>(
    `SELECT c."accountId", s."controlId", sum(s.resources)::int AS resources, sum(s.own)::int AS own FROM "SoleFailure" s JOIN "Cluster" c ON c.id = s."clusterId"
     WHERE c."goneAt" IS NULL AND s."controlId" = ANY($2) AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) GROUP BY 1, 2`,
    [scope.accountIds, stable],
  );
  return rows;
}

const NO_GAIN = { increase: 0, own: 0 };
/** Controls with unhealthy resources, by falling potential increase as it is printed (0.1), then severity. Increases need not add up. `totals` are of `accountTotals`. */
export async function listRecommendations(
  scope: AccountScope,
  totals: ReadonlyMap<string, Totals> | Promise<ReadonlyMap<string, Totals>>,
): Promise<Recommendation[]> {
  const controls = await controlCatalogue();
  const stable = [...controls.values()].filter((control) => control.maturity === "stable").map((control) => control.id);
  const [byAccount, rollups, sole] = await Promise.all([totals, controlRollups(scope), soleFailures(scope, stable)]);
  const weights = new Map([...byAccount].map(([id, totals]) => [id, scoreOf(totals) === null ? 0 : weightOf(totals)]));
  const allWeights = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const gains = new Map<string, { increase: number; own: number }>();
  for (const { accountId, controlId, resources, own } of sole) {
    const control = controls.get(controlId);
    const totals = byAccount.get(accountId);
    if (control === undefined || totals === undefined || allWeights === 0) continue;
    const gain = (amount: number): number =>
      (potentialIncrease(totals, control.scoreGroup, amount) * (weights.get(accountId) ?? 0)) / allWeights;
    const known = gains.get(controlId) ?? NO_GAIN;
    gains.set(controlId, { increase: known.increase + gain(resources), own: known.own + gain(own) });
  }
  return rollups
    .flatMap(({ controlId, ...counts }) => {
      const control = controls.get(controlId);
      return control === undefined || counts.unhealthy === 0
        ? []
        : [{ control, ...counts, ...(gains.get(controlId) ?? NO_GAIN) }];
    })
    .sort(byIncrease);
}

export interface ControlCounts {
  controlId: string;
  healthy: number;
  unhealthy: number;
  notEvaluated: number;
}

/** Assessments by control over all clusters that the scope sees, or over one. */
export async function controlRollups(scope: AccountScope, clusterId: string | null = null): Promise<ControlCounts[]> {
  const where = rollupWhere(scope, { account: [], distribution: [], cluster: clusterId === null ? [] : [clusterId] });
  const { rows } = await pool().query<ControlCounts>(
    `SELECT r."controlId", sum(r.healthy)::int AS healthy, sum(r.unhealthy)::int AS unhealthy, sum(r."notEvaluated")::int AS "notEvaluated"
     FROM "ControlRollup" r WHERE ${where.sql} GROUP BY 1`,
    where.values,
  );
  return rows;
}

/** Resources by score group of one cluster; as they would be without `exemptions`. */
export async function clusterTotals(scope: AccountScope, clusterId: string, exemptions = true): Promise<Totals> {
  const less = (lift: string) => (exemptions ? "" : ` - g."${lift}"`);
  const { rows } = await pool().query<{ scoreGroup: string; healthy: number; unhealthy: number; out: number }>(
    `SELECT g."scoreGroup", g.healthy${less("liftHealthy")} AS healthy, g.unhealthy${less("liftUnhealthy")} AS unhealthy, g.out${less("liftOut")} AS out FROM "GroupRollup" g JOIN "Cluster" c ON c.id = g."clusterId"
     WHERE g."clusterId" = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1))`,
    [scope.accountIds, clusterId],
  );
  const totals: Totals = {};
  for (const { scoreGroup, ...counts } of rows) if (isGroup(scoreGroup)) totals[scoreGroup] = counts;
  return totals;
}

export interface SeverityRow {
  severity: number;
  open: number;
  opened: number;
  resolved: number;
}

/** Open findings by severity, with those opened (or reopened) and resolved since `since`. Four rows, critical first. */
export async function findingsBySeverity(scope: AccountScope, since: Date): Promise<SeverityRow[]> {
  const { rows } = await pool().query<SeverityRow>(
    `WITH seen AS (SELECT f.severity, sum(f.open)::int AS open FROM "FindingBySeverity" f JOIN "Cluster" c ON c.id = f."clusterId"
       WHERE c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) GROUP BY 1),
     moved AS (SELECT t.severity, count(*) FILTER (WHERE t.change <> 'resolved')::int AS opened, count(*) FILTER (WHERE t.change = 'resolved')::int AS resolved
       FROM "FindingTransition" t WHERE t.at >= $2 AND t."accountId" IN (SELECT id FROM "Account" WHERE $1::uuid[] IS NULL OR id = ANY($1)) GROUP BY 1)
     SELECT s.severity, coalesce(seen.open, 0) AS open, coalesce(moved.opened, 0) AS opened, coalesce(moved.resolved, 0) AS resolved
     FROM generate_series(3, 0, -1) AS s(severity) LEFT JOIN seen ON seen.severity = s.severity LEFT JOIN moved ON moved.severity = s.severity ORDER BY s.severity DESC`,
    [scope.accountIds, since],
  );
  return rows;
}
