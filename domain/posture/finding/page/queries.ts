import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Page } from "@/lib/http/answer";
import { cut, keyset } from "@/lib/http/keyset";
import type { Where } from "@/lib/http/where";
import { controlCatalogue } from "../../queries";
import { findingTables, findingWhere, SORT_COLUMNS, withinClusters } from "../condition";
import { FINDING_COLUMNS, FINDING_TABLES, type FindingRecord, findingOf } from "../row";
import type { FindingDetail, FindingItem, FindingQuery } from "../schema";
import { isShort, SHORT_NOTE } from "../text";

/** Most exempted findings that are counted for a note. */
const MOST_EXEMPTED = 1000;

/** How many of the findings an exemption holds for, where the filter does not say it. */
async function exemptedNotes(scope: AccountScope, query: FindingQuery): Promise<string[]> {
  if (query.exempted !== null || query.exemption.length > 0) return [];
  const filter = { ...query, exempted: true };
  const { rows } = await pool().query<{ amount: number }>(
    ...limited(findingTables(filter), findingWhere(scope, filter), MOST_EXEMPTED + 1),
  );
  const amount = rows[0]?.amount ?? 0;
  if (amount === 0) return [];
  const said = amount > MOST_EXEMPTED ? `More than ${MOST_EXEMPTED.toLocaleString("en")}` : amount.toLocaleString("en");
  return [
    `${said} of these findings ${amount === 1 ? "is" : "are"} exempted: open, listed and counted here, and left to whoever answers for ${amount === 1 ? "it" : "them"}. The view Exempted shows only ${amount === 1 ? "it" : "these"}; the filter Not exempted leaves ${amount === 1 ? "it" : "them"} out.`,
  ];
}

const limited = (tables: string, where: Where, most: number): [sql: string, values: unknown[]] => [
  `SELECT count(*)::int AS amount FROM (SELECT FROM ${tables} WHERE ${where.sql} LIMIT ${most}) one`,
  where.values,
];

/** One page of findings. Throws CursorError. */
export async function findingPage(scope: AccountScope, query: FindingQuery): Promise<Page<FindingItem>> {
  const where = findingWhere(scope, query);
  if (query.sort.endsWith("cluster")) withinClusters(where, scope, query); // in every other order an index of findings leads
  const order = keyset(where, query.sort, SORT_COLUMNS, query.cursor, "f.id");
  const [controls, exempted, { rows }] = await Promise.all([
    controlCatalogue(),
    query.cursor === null ? exemptedNotes(scope, query) : [],
    pool().query<FindingRecord & { place: string; now: Date }>(
      `SELECT ${FINDING_COLUMNS}, ${order.place} AS place FROM ${FINDING_TABLES} WHERE ${where.sql} ORDER BY ${order.orderBy} LIMIT ${where.bind(query.size + 1)}`,
      where.values,
    ),
  ]);
  const page = cut(rows, query.size, query.sort);
  return {
    items: page.rows.map((row) => findingOf(row, controls)),
    next: page.next,
    asOf: new Date().toISOString(),
    notes: [...(isShort(query.q) ? [SHORT_NOTE] : []), ...exempted],
  };
}

const MOST_CHANGES = 200;

/** One finding with its history, newest change first; null when there is none or it lies outside the scope. */
export async function readFinding(scope: AccountScope, id: string): Promise<FindingDetail | null> {
  const seen = `f.id = $2 AND ($1::uuid[] IS NULL OR f."accountId" = ANY($1))`;
  const [controls, found, history] = await Promise.all([
    controlCatalogue(),
    pool().query<FindingRecord>(`SELECT ${FINDING_COLUMNS} FROM ${FINDING_TABLES} WHERE ${seen}`, [
      scope.accountIds,
      id,
    ]),
    pool().query<{ at: Date; change: string; reason: string | null }>(
      `SELECT t.at, t.change, t.reason FROM "FindingTransition" t JOIN "Finding" f ON f.id = t."findingId"
       WHERE ${seen} ORDER BY t.at DESC, t.id DESC LIMIT ${MOST_CHANGES}`,
      [scope.accountIds, id],
    ),
  ]);
  const row = found.rows[0];
  if (row === undefined) return null;
  return {
    ...findingOf(row, controls),
    history: history.rows.map((change) => ({ ...change, at: change.at.toISOString() })),
  };
}
