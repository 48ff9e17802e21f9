import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import type { Exemptions } from "@/domain/inventory/exemptions";
import { pool } from "@/lib/db";
import type { Counts, Page } from "@/lib/http/answer";
import type { ExportRows } from "@/lib/http/export";
import { Facet } from "@/lib/http/facet";
import { cut, keyset } from "@/lib/http/keyset";
import { openSnapshot } from "@/lib/http/snapshot";
import { Where } from "@/lib/http/where";
import { hundredths, orNull, toldParts, toldRatio, toldScore } from "@/lib/hundredths";
import { MOVER_COLUMNS, MOVER_TABLES, type MoverRecord, moverOf } from "../mover/row";
import { coverageChange, FIRST, movedSql } from "../point/moved";
import {
  ledgerEntrySchema,
  SCORE_FACETS,
  SCORE_SCOPES,
  type ScoreFacet,
  type ScoreFilter,
  type ScoreItem,
  type ScoreQuery,
} from "./schema";

/** Most points that are counted one by one. */
const MOST_COUNTED = 10_000;
const SORT_COLUMNS = { at: { sql: "p.at", type: "timestamptz" } } as const;
const FLEET_NOTE =
  "The fleet's score is for people with a role on everything. Choose the view By account or By cluster instead.";

/** Whose score is meant when only an account or a cluster is named, or nothing: the fleet's, or the accounts' where the fleet's is not shown. */
const scopeOf = (scope: AccountScope, filter: ScoreFilter): (typeof SCORE_SCOPES)[number] =>
  filter.scope ??
  (filter.cluster !== null ? "cluster" : filter.account !== null || scope.accountIds !== null ? "account" : "fleet");

/** What the scope may see of all points, over "ScorePoint" p. */
export function seen(where: Where, scope: AccountScope): Where {
  if (scope.accountIds === null) return where;
  const accounts = where.bind(scope.accountIds);
  return where.and(
    `(p.scope = 'account' AND p."scopeId" = ANY(${accounts}::uuid[])) OR (p.scope = 'cluster' AND p."scopeId" IN (SELECT id FROM "Cluster" WHERE "accountId" = ANY(${accounts}::uuid[])))`,
  );
}

function scoreWhere(scope: AccountScope, filter: ScoreFilter, but?: ScoreFacet): Where {
  const where = seen(new Where(), scope);
  const of = scopeOf(scope, filter);
  if (but !== "scope") {
    where.and(`p.scope = ${where.bind(of)}`);
    if (of === "fleet") where.and(`p."scopeId" IS NULL`);
  }
  const subject = of === "account" ? filter.account : of === "cluster" ? filter.cluster : null;
  if (but !== "scope") where.when(subject, (id) => `p."scopeId" = ${id}::uuid`);
  if (of === "cluster" && filter.account !== null)
    where.and(`p."scopeId" IN (SELECT id FROM "Cluster" WHERE "accountId" = ${where.bind(filter.account)}::uuid)`);
  if (but !== "step" && filter.step.length > 0)
    where.and(
      `EXISTS (SELECT FROM jsonb_array_elements(p.ledger) e WHERE e->>'step' = ANY(${where.bind(filter.step)}::text[]))`,
    );
  const quiet = filter.points.length === 0 ? [false] : filter.points.map((word) => word === "quiet");
  if (but !== "points" && new Set(quiet).size === 1)
    where.and(`${quiet[0] ? "NOT " : ""}${movedSql(filter.exemptions)}`);
  return where
    .when(filter.after, (at) => `p.at >= ${at}::timestamptz`)
    .when(filter.before, (at) => `p.at < ${at}::timestamptz`);
}

export interface ScoreRecord extends MoverRecord {
  id: string;
  scope: string;
  scopeId: string | null;
  name: string | null;
  at: Date;
  first: boolean;
  score: number | null;
  coverage: number | null;
  coverageBefore: number | null;
  scoreWithoutExemptions: number | null;
  changeWithoutExemptions: number | null;
  keptWithoutExemptions: boolean;
  expected: number;
  evaluated: number;
  ledger: unknown;
  scanId: string | null;
}
export const COLUMNS = `p.id, p.scope, p."scopeId", coalesce(a.name, c.name) AS name, p.at, p.score, p.coverage, p."coverageBefore", p.expected, p.evaluated, p.ledger, p."scanId",
  p."scoreWithoutExemptions", p."changeWithoutExemptions", p.lift IS NOT NULL AS "keptWithoutExemptions", ${FIRST} AS first, ${MOVER_COLUMNS}`;
export const TABLES = `"ScorePoint" p LEFT JOIN "Account" a ON p.scope = 'account' AND a.id = p."scopeId" LEFT JOIN "Cluster" c ON p.scope = 'cluster' AND c.id = p."scopeId" ${MOVER_TABLES}`;
const ledgerSchema = z.array(ledgerEntrySchema).catch([]);

export function scoreOfRow(row: ScoreRecord): ScoreItem {
  const stored = ledgerSchema.parse(row.ledger);
  const deltas = toldParts(stored.map(({ delta }) => delta));
  const ledger = stored.map((entry, at) => ({ ...entry, delta: deltas[at] ?? 0 }));
  return {
    id: row.id,
    scope: z.enum(SCORE_SCOPES).catch("fleet").parse(row.scope),
    subject: row.scopeId === null ? null : { id: row.scopeId, name: row.name ?? "" },
    at: row.at.toISOString(),
    first: row.first,
    score: orNull(row.score, toldScore),
    change: hundredths(stored.reduce((sum, entry) => sum + entry.delta, 0)),
    scoreWithoutExemptions: orNull(row.scoreWithoutExemptions, toldScore),
    changeWithoutExemptions: orNull(row.changeWithoutExemptions, hundredths),
    keptWithoutExemptions: row.keptWithoutExemptions,
    coverage: orNull(row.coverage, toldRatio),
    coverageChange: row.first ? 0 : toldRatio(coverageChange(row.coverageBefore, row.coverage)),
    expected: row.expected,
    evaluated: row.evaluated,
    ledger,
    scanId: row.scanId,
    movedBy: moverOf(row),
  };
}

const notesOf = (scope: AccountScope, filter: ScoreFilter): string[] =>
  scope.accountIds !== null && scopeOf(scope, filter) === "fleet" ? [FLEET_NOTE] : [];

/** That points were left out, and how many; nothing where they were asked for, or where there are none. */
async function foldedNote(scope: AccountScope, filter: ScoreFilter): Promise<string[]> {
  if (filter.points.length > 0) return [];
  const where = scoreWhere(scope, { ...filter, points: ["quiet"] });
  const { rows } = await pool().query<{ amount: number }>(
    `SELECT count(*)::int AS amount FROM (SELECT FROM "ScorePoint" p WHERE ${where.sql} LIMIT ${MOST_COUNTED}) quiet`,
    where.values,
  );
  const amount = rows[0]?.amount ?? 0;
  if (amount === 0) return [];
  const most = amount === MOST_COUNTED ? "At least " : "";
  return [
    `${most}${amount.toLocaleString("en")} ${amount === 1 ? "point" : "points"} ${amount === 1 ? "is" : "are"} left out: no part of the score changed by 0.01 then, and no less or more was seen. A point listed with 0.00 has parts that cancel out, or a change of coverage. The view Every point lists all.`,
  ];
}

/** Until when no point kept its score without exemptions; null when all that are left do. */
export async function notKeptBefore(): Promise<Date | null> {
  const { rows } = await pool().query<{ at: Date | null }>(`SELECT max(at) AS at FROM "ScorePoint" WHERE lift IS NULL`);
  return rows[0]?.at ?? null;
}

/** What who looks without exemptions must know: from when on points say so. */
async function keptNote({ exemptions }: ScoreFilter): Promise<string[]> {
  const before = exemptions === "without" ? await notKeptBefore() : null;
  const words = before?.toISOString().slice(0, 16).replace("T", " ");
  return words === undefined
    ? []
    : [`The score without exemptions was not kept before ${words} UTC: points until then show none.`];
}

/** One page of score points. Throws CursorError. */
export async function scorePage(scope: AccountScope, query: ScoreQuery): Promise<Page<ScoreItem>> {
  const where = scoreWhere(scope, query);
  const order = keyset(where, query.sort, SORT_COLUMNS, query.cursor, "p.id");
  const { rows } = await pool().query<ScoreRecord & { place: string }>(
    `SELECT ${COLUMNS}, ${order.place} AS place FROM ${TABLES} WHERE ${where.sql} ORDER BY ${order.orderBy} LIMIT ${where.bind(query.size + 1)}`,
    where.values,
  );
  const page = cut(rows, query.size, query.sort);
  return {
    items: page.rows.map(scoreOfRow),
    next: page.next,
    asOf: new Date().toISOString(),
    notes: [
      ...notesOf(scope, query),
      ...(query.cursor === null ? [...(await keptNote(query)), ...(await foldedNote(scope, query))] : []),
    ],
  };
}

const facetValues = (exemptions: Exemptions): Readonly<Record<ScoreFacet, string>> => ({
  scope: "scope",
  step: "e->>'step'",
  points: `CASE WHEN ${movedSql(exemptions)} THEN 'moved' ELSE 'quiet' END`,
});

/** How many points match, and by facet; up to 10,000 are counted, and the answer says when there are more. */
export async function scoreCounts(
  scope: AccountScope,
  filter: ScoreFilter & { facets?: readonly ScoreFacet[]; within?: string | null },
): Promise<Counts> {
  const wanted = filter.facets === undefined || filter.facets.length === 0 ? SCORE_FACETS : filter.facets;
  const counted = async (but?: ScoreFacet) => {
    const where = scoreWhere(scope, filter, but);
    const value = but === undefined ? "''" : facetValues(filter.exemptions)[but];
    const { rows } = await pool().query<{ value: string | null; amount: number }>(
      `WITH p AS MATERIALIZED (SELECT p.id, p.scope, p."scopeId", p.at, p.ledger, p.coverage, p."coverageBefore", p."changeWithoutExemptions" FROM "ScorePoint" p WHERE ${where.sql} LIMIT ${MOST_COUNTED + 1})
       SELECT NULL AS value, count(*)::int AS amount FROM p
       UNION ALL SELECT ${value}, count(*)::int FROM p ${but === "step" ? ", jsonb_array_elements(ledger) e" : ""} GROUP BY 1`,
      where.values,
    );
    return {
      all: rows.find((row) => row.value === null)?.amount ?? 0,
      values: rows.filter((row) => row.value !== null),
    };
  };
  const [total, ...each] = await Promise.all([counted(), ...wanted.map((facet) => counted(facet))]);
  const facets: Counts["facets"] = {};
  const capped: string[] = [];
  for (const [at, name] of wanted.entries()) {
    const facet = new Facet();
    for (const { value, amount } of each[at]?.values ?? []) facet.add(value ?? "", amount);
    if ((each[at]?.all ?? 0) > MOST_COUNTED) capped.push(name);
    facets[name] = facet.values(
      (value) => value,
      name === "step" ? filter.step : name === "points" ? filter.points : [],
      filter.within ?? null,
    ).values;
  }
  const exact = total.all <= MOST_COUNTED;
  const notes = notesOf(scope, filter);
  return {
    total: Math.min(total.all, MOST_COUNTED),
    exact,
    facets,
    capped,
    more: [],
    asOf: new Date().toISOString(),
    notes,
  };
}

/** Every point of a filter, of one moment. */
export async function exportScores(
  scope: AccountScope,
  query: ScoreFilter & Pick<ScoreQuery, "sort">,
): Promise<ExportRows<ScoreItem>> {
  const where = scoreWhere(scope, query);
  const { orderBy } = keyset(where, query.sort, SORT_COLUMNS, null, "p.id");
  const rows = await openSnapshot<ScoreRecord>(
    pool(),
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE ${where.sql} ORDER BY ${orderBy}`,
    `SELECT count(*)::int AS total, now() AS at FROM "ScorePoint" p WHERE ${where.sql}`,
    where.values,
  );
  async function* items(): AsyncGenerator<ScoreItem[]> {
    for await (const batch of rows.batches) yield batch.map(scoreOfRow);
  }
  return { ...rows, batches: items() };
}
