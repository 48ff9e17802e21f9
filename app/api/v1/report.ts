import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { readReportView } from "@/domain/benchmark/pdf/queries";
import { renderReport } from "@/domain/benchmark/pdf/render";
import { fileName } from "@/domain/benchmark/place";
import type { NamedPlace } from "@/domain/benchmark/report/queries";
import { env } from "@/lib/env";
import { Problem } from "@/lib/http/problem";
import { takeExportSlot } from "./export";

/** The printed report of a benchmark as a file. Throws a 429 when this process is busy with other files. */
export async function reportResponse(scope: AccountScope, benchmark: string, at: NamedPlace): Promise<Response> {
  const free = takeExportSlot(scope);
  try {
    const view = await readReportView(scope, benchmark, at.place, env().SEAWALL_TIME_ZONE);
    if (view === null) throw new Problem("not-found", "There is no such benchmark.");
    const pdf = await renderReport(view);
    return new Response(Buffer.from(pdf), {
      headers: {
        "Content-Type": "application/pdf",
        "Content-Disposition": `attachment; filename="${fileName(benchmark, at, "pdf")}"`,
        "Cache-Control": "no-store",
      },
    });
  } finally {
    free();
  }
}
