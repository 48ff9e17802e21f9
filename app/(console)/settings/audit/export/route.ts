import { z } from "zod";
import { AUDIT_FORMATS, auditFile } from "@/domain/access/audit-log/file";
import { requireAuditReader, walkAudit } from "@/domain/access/audit-log/queries";
import { parseAuditFilter } from "@/domain/access/audit-log/schema";
import { requestScope, UnauthenticatedError } from "@/domain/access/gate";
import { ForbiddenError } from "@/domain/access/scope";
import { MEDIA_TYPE } from "@/lib/http/export";
import { Problem } from "@/lib/http/problem";
import { textStream } from "@/lib/http/stream";
import { logFor, reasonOf } from "@/lib/log";
import { readerZone } from "../../../../zone";

export const dynamic = "force-dynamic";

const log = logFor("audit-export");
const formatSchema = z.enum(AUDIT_FORMATS).catch("csv");

/** The audit log with the page's filters as CSV or JSON Lines, streamed. A token needs the scope `export`. */
export async function GET(request: Request): Promise<Response> {
  const given = Object.fromEntries(new URL(request.url).searchParams);
  const format = formatSchema.parse(given.format);
  try {
    const scope = await requestScope(request, "export");
    requireAuditReader(scope); // before the first byte: a refusal is no broken file
    const pieces = auditFile(format, walkAudit(scope, parseAuditFilter(given), await readerZone()));
    const body = textStream(pieces, (error) => {
      if (error !== null) log.error("an export of the audit log broke off", { reason: reasonOf(error) });
    });
    return new Response(body, {
      headers: {
        "Content-Type": MEDIA_TYPE[format],
        "Content-Disposition": `attachment; filename="seawall-audit.${format}"`,
        "Cache-Control": "no-store",
      },
    });
  } catch (error) {
    if (error instanceof UnauthenticatedError) return new Problem("unauthenticated", error.message).response();
    if (error instanceof ForbiddenError) return new Problem("forbidden", error.message).response();
    throw error;
  }
}
