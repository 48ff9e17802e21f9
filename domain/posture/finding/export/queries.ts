import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { ExportRows } from "@/lib/http/export";
import { keyset } from "@/lib/http/keyset";
import { openSnapshot } from "@/lib/http/snapshot";
import { controlCatalogue } from "../../queries";
import { findingTables, findingWhere, SORT_COLUMNS } from "../condition";
import { FINDING_COLUMNS, FINDING_TABLES, type FindingRecord, findingOf } from "../row";
import type { FindingFilter, FindingItem, FindingQuery } from "../schema";

/** Every finding of a filter, in the list's order, of one moment. */
export async function exportFindings(
  scope: AccountScope,
  query: FindingFilter & Pick<FindingQuery, "sort">,
): Promise<ExportRows<FindingItem>> {
  const where = findingWhere(scope, query);
  const { orderBy } = keyset(where, query.sort, SORT_COLUMNS, null, "f.id");
  const controls = await controlCatalogue();
  const rows = await openSnapshot<FindingRecord>(
    pool(),
    `SELECT ${FINDING_COLUMNS} FROM ${FINDING_TABLES} WHERE ${where.sql} ORDER BY ${orderBy}`,
    `SELECT count(*)::int AS total, now() AS at FROM ${findingTables(query)} WHERE ${where.sql}`,
    where.values,
  );
  async function* items(): AsyncGenerator<FindingItem[]> {
    for await (const batch of rows.batches) yield batch.map((row) => findingOf(row, controls));
  }
  return { total: rows.total, asOf: rows.asOf, batches: items(), close: rows.close };
}
