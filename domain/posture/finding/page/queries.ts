import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Page } from "@/lib/http/answer";
import { cut, keyset } from "@/lib/http/keyset";
import { controlCatalogue } from "../../queries";
import { findingWhere, SORT_COLUMNS, withinClusters } from "../condition";
import { FINDING_COLUMNS, FINDING_TABLES, type FindingRecord, findingOf } from "../row";
import type { FindingDetail, FindingItem, FindingQuery } from "../schema";
import { isShort, SHORT_NOTE } from "../text";

/** One page of findings. Throws CursorError. */
export async function findingPage(scope: AccountScope, query: FindingQuery): Promise<Page<FindingItem>> {
  const where = findingWhere(scope, query);
  if (query.sort.endsWith("cluster")) withinClusters(where, scope, query); // in every other order an index of findings leads
  const order = keyset(where, query.sort, SORT_COLUMNS, query.cursor, "f.id");
  const [controls, { rows }] = await Promise.all([
    controlCatalogue(),
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
    notes: isShort(query.q) ? [SHORT_NOTE] : [],
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
