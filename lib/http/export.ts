import { type Cell, csvRows } from "./csv";

/** A list as a file. `version` grows when a column is renamed, moved or goes; new ones come at the end, before the version itself. */
export interface ExportTable<T> {
  name: string;
  version: number;
  columns: readonly { name: string; of: (item: T) => Cell }[];
}

/** Every row of a filter at one moment. */
export interface ExportRows<T> {
  total: number;
  asOf: Date;
  batches: AsyncGenerator<T[]>;
  close(): Promise<void>;
}

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const MEDIA_TYPE: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
};

export const schemaName = (table: { name: string; version: number }): string =>
  `seawall.${table.name}/${table.version}`;

/** Names of the CSV's columns in their order. */
export const columnNames = <T>(table: ExportTable<T>): string[] => [
  ...table.columns.map((column) => column.name),
  "schemaVersion",
];

/** CSV with a header. It ends after `total` rows or breaks off: a file of fewer rows than its Seawall-Rows header is no whole file. */
export async function* csvPieces<T>(table: ExportTable<T>, rows: ExportRows<T>): AsyncGenerator<string> {
  const version = schemaName(table);
  yield csvRows([columnNames(table)]);
  let written = 0;
  for await (const batch of rows.batches) {
    written += batch.length;
    yield csvRows(batch.map((item) => [...table.columns.map((column) => column.of(item)), version]));
  }
  requireAll(written, rows.total);
}

/** JSON Lines: an item a line as the API gives it, then one line that says how many there were. */
export async function* jsonLinePieces<T>(table: ExportTable<T>, rows: ExportRows<T>): AsyncGenerator<string> {
  let written = 0;
  for await (const batch of rows.batches) {
    written += batch.length;
    yield batch.map((item) => `${JSON.stringify(item)}\n`).join("");
  }
  requireAll(written, rows.total);
  yield `${JSON.stringify({ end: true, rows: written, schema: schemaName(table), asOf: rows.asOf.toISOString() })}\n`;
}

function requireAll(written: number, total: number): void {
  if (written !== total) throw new Error(`The export has ${written} of ${total} rows.`);
}

/** Rows that are in memory already. */
export function rowsOf<T>(items: readonly T[], asOf: Date): ExportRows<T> {
  async function* batches(): AsyncGenerator<T[]> {
    for (let at = 0; at < items.length; at += 1000) yield items.slice(at, at + 1000);
  }
  return { total: items.length, asOf, batches: batches(), close: async () => {} };
}
