import "server-only";
import type { AccountScope } from "@/domain/access/scope";
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

/** Exports hold a connection each while they run; pages need the rest of the pool, and other people one of these. */
const SLOTS = new Slots(3, 2);

/** Takes a place among the files under way and gives what frees it. Throws a 429 when there is none left for this person. */
export function takeExportSlot({ userId, tokenId }: AccountScope): () => void {
  const free = SLOTS.take(userId ?? tokenId ?? "");
  if (free !== null) return free;
  const most = `${SLOTS.size} exports run at a time, ${SLOTS.perHolder} of one person, and these are running already.`;
  throw new Problem("too-many-requests", most, { headers: { "Retry-After": "10" } });
}

/** Streams every row of a filter as a file. Throws a 429 when this process is busy with others. */
export async function exportResponse<T>(
  scope: AccountScope,
  format: ExportFormat,
  open: () => Promise<{ table: ExportTable<T>; rows: ExportRows<T> }>,
): Promise<Response> {
  const free = takeExportSlot(scope);
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
