import "server-only";
import {
  csvPieces,
  type ExportFormat,
  type ExportRows,
  type ExportTable,
  jsonLinePieces,
  MEDIA_TYPE,
  schemaName,
} from "@/lib/http/export";
import { Problem } from "@/lib/http/problem";
import { Slots } from "@/lib/http/slots";
import { textStream } from "@/lib/http/stream";
import { logFor, reasonOf } from "@/lib/log";

const log = logFor("api");

/** Exports hold a connection each while they run; pages need the rest of the pool. */
export const EXPORT_SLOTS = new Slots(3);

/** Streams every row of a filter as a file. Throws a 429 when this process is busy with others. */
export async function exportResponse<T>(
  format: ExportFormat,
  open: () => Promise<{ table: ExportTable<T>; rows: ExportRows<T> }>,
): Promise<Response> {
  const free = EXPORT_SLOTS.take();
  if (free === null)
    throw new Problem("too-many-requests", `${EXPORT_SLOTS.size} exports are running already.`, {
      headers: { "Retry-After": "10" },
    });
  try {
    const { table, rows } = await open();
    const pieces = format === "csv" ? csvPieces(table, rows) : jsonLinePieces(table, rows);
    const end = (error: unknown): void => {
      if (error !== null) log.warn("an export broke off", { list: table.name, reason: reasonOf(error) });
      void rows.close().finally(free);
    };
    const stamp = rows.asOf.toISOString().slice(0, 16).replaceAll(":", "").replace("T", "-");
    return new Response(textStream(pieces, end), {
      headers: {
        "Content-Type": MEDIA_TYPE[format],
        "Content-Disposition": `attachment; filename="seawall-${table.name}-${stamp}.${format}"`,
        "Cache-Control": "no-store",
        "Seawall-Rows": String(rows.total),
        "Seawall-Schema": schemaName(table),
        "Seawall-As-Of": rows.asOf.toISOString(),
      },
    });
  } catch (error) {
    free();
    throw error;
  }
}
