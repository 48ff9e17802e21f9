import { csvRows } from "@/lib/http/csv";
import type { AuditRow } from "./schema";

export const AUDIT_FORMATS = ["csv", "jsonl"] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

const VERSION = "seawall.audit/1";
const COLUMNS = [
  "seq",
  "at",
  "actor",
  "actorId",
  "action",
  "target",
  "account",
  "accountId",
  "address",
  "userAgent",
  "before",
  "after",
  "detail",
  "hash",
] as const;

/** An entry as a file holds it: times in UTC, its place as a number, `before`, `after` and `detail` as JSON. */
const plain = ({ seq, at, ...rest }: AuditRow) => ({ seq: Number(seq), at: at.toISOString(), ...rest });

function csvLine(row: AuditRow): (string | number | null)[] {
  const entry = plain(row);
  const cells = COLUMNS.map((column) => {
    const value = entry[column];
    return value === null || typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value);
  });
  return [...cells, VERSION];
}

/** The log as a file, piece by piece: CSV with a header, or JSON Lines that end with a line of their number. */
export async function* auditFile(format: AuditFormat, batches: AsyncIterable<AuditRow[]>): AsyncGenerator<string> {
  if (format === "csv") yield csvRows([[...COLUMNS, "schemaVersion"]]);
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.length;
    yield format === "csv"
      ? csvRows(batch.map(csvLine))
      : batch.map((row) => `${JSON.stringify(plain(row))}\n`).join("");
  }
  if (format === "jsonl") yield `${JSON.stringify({ end: true, rows, schema: VERSION })}\n`;
}
