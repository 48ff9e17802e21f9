import "server-only";
import type { Pool, PoolClient } from "pg";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { hundredths } from "@/lib/hundredths";
import { loadControls } from "./load";
import { byIncrease } from "./order";
import { rollupsOf } from "./recommendation/queries";
import type { Sole } from "./recommendation/sole";
import type { Control } from "./schema";
import { fleetScore, potentialIncrease, scoreOf, sumTotals, type Totals, weightOf } from "./score";
import { GROUP_SUMS, type GroupRow, type Standing, standingOf, withoutExemptions } from "./standing";

let catalogue: Promise<ReadonlyMap<string, Control>> | undefined;
/** All controls by id, read from their files once per process. */
export function controlCatalogue(): Promise<ReadonlyMap<string, Control>> {
  catalogue ??= Promise.resolve(loadControls()).then(
    (controls) => new Map(controls.map((control) => [control.id, control])),
  );
  return catalogue;
}

/** Where each account that the scope sees stands: the sums that every score is made of. */
export async function accountStandings(
  scope: AccountScope,
  db: Pool | PoolClient = pool(),
): Promise<Map<string, Standing>> {
  const { rows } = await db.query<GroupRow & { accountId: string }>(
    `SELECT c."accountId", g."scoreGroup", ${GROUP_SUMS} FROM "GroupRollup" g JOIN "Cluster" c ON c.id = g."clusterId"
     WHERE c."goneAt" IS NULL AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1)) GROUP BY 1, 2`,
    [scope.accountIds],
  );
  const byAccount = new Map<string, GroupRow[]>();
  for (const row of rows) byAccount.set(row.accountId, [...(byAccount.get(row.accountId) ?? []), row]);
  return new Map([...byAccount].map(([id, groups]) => [id, standingOf(groups)]));
}

type Standings = ReadonlyMap<string, Standing>;
/** Resources by account, score group and state. */
export const totalsOf = (standings: Standings): Map<string, Totals> =>
  new Map([...standings].map(([id, { totals }]) => [id, totals]));
/** The same as if there were no exemption. */
export const totalsWithoutExemptions = (standings: Standings): Map<string, Totals> =>
  new Map([...standings].map(([id, standing]) => [id, withoutExemptions(standing)]));

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
/** Controls with unhealthy resources, by falling potential increase as it is printed (0.1), then severity. Increases need not add up. `totals` are those of each account. */
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
      const { increase, own } = gains.get(controlId) ?? NO_GAIN;
      return control === undefined || counts.unhealthy === 0
        ? []
        : [{ control, ...counts, increase: hundredths(increase), own: hundredths(own) }];
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
  const rollups = rollupsOf(scope, { account: [], distribution: [], cluster: clusterId === null ? [] : [clusterId] });
  const { rows } = await pool().query<ControlCounts>(
    `SELECT r."controlId", sum(r.healthy)::int AS healthy, sum(r.unhealthy)::int AS unhealthy, sum(r."notEvaluated")::int AS "notEvaluated"
     FROM ${rollups.sql} GROUP BY 1`,
    rollups.values,
  );
  return rows;
}

/** Where one cluster stands; nothing when it is not there or lies outside the scope. */
export async function clusterStanding(scope: AccountScope, clusterId: string): Promise<Standing> {
  const { rows } = await pool().query<GroupRow>(
    `SELECT g."scoreGroup", g.healthy, g.unhealthy, g.out, g."liftHealthy", g."liftUnhealthy", g."liftOut"
     FROM "GroupRollup" g JOIN "Cluster" c ON c.id = g."clusterId"
     WHERE g."clusterId" = $2 AND ($1::uuid[] IS NULL OR c."accountId" = ANY($1))`,
    [scope.accountIds, clusterId],
  );
  return standingOf(rows);
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
