import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { mintScope } from "@/domain/access/scope";
import { auditTable } from "@/domain/benchmark/export/column";
import { exportCompliance } from "@/domain/benchmark/export/queries";
import { readReportView } from "@/domain/benchmark/pdf/queries";
import { renderReport } from "@/domain/benchmark/pdf/render";
import type { Place } from "@/domain/benchmark/place";
import { listPlaces } from "@/domain/benchmark/report/queries";
import { closeDatabase } from "@/lib/db";
import { env } from "@/lib/env";
import { csvPieces } from "@/lib/http/export";

const fileSchema = z.object({
  benchmark: z.string(),
  format: z.enum(["csv", "pdf"]),
  account: z.string().nullable(),
  cluster: z.string().nullable(),
  exemptions: z.enum(["with", "without"]),
  out: z.string().nullable(),
});

// Who runs this reads the database directly: the operator of the installation.
const scope = mintScope(null, "the command line", [{ role: "Security Reader", accountId: null }]);

/** An account or cluster by its id or, where only one has it, its name. */
async function placeOf(kind: "account" | "cluster", given: string): Promise<Place> {
  const all = (await listPlaces(scope)).filter((place) => place.scope === kind);
  const found = all.filter(({ id, name }) => id === given.toLowerCase() || name === given);
  const [first] = found;
  if (first === undefined) throw new Error(`There is no ${kind} "${given}".`);
  if (found.length > 1)
    throw new Error(
      `${found.length} ${kind}s are called "${given}"; give the id: ${found.map(({ id }) => id).join(", ")}.`,
    );
  return { scope: kind, id: first.id };
}

async function write(): Promise<void> {
  const { benchmark, format, account, cluster, exemptions, out } = fileSchema.parse(JSON.parse(process.argv[2] ?? ""));
  const named: Place =
    cluster !== null
      ? await placeOf("cluster", cluster)
      : account !== null
        ? await placeOf("account", account)
        : { scope: "fleet" };
  const place: Place = exemptions === "without" ? { ...named, exemptions } : named;
  const pieces = format === "csv" ? await csv(benchmark, place) : await pdf(benchmark, place);
  if (out === null) return pipeline(pieces, process.stdout, { end: false });
  // Under another name first: a file that is there is whole.
  const partial = `${out}.part`;
  try {
    await pipeline(pieces, createWriteStream(partial));
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function csv(benchmark: string, place: Place): Promise<Readable> {
  const rows = await exportCompliance(scope, benchmark, place);
  if (rows === null) throw new Error(`There is no benchmark "${benchmark}".`);
  return Readable.from(csvPieces(auditTable, rows));
}
async function pdf(benchmark: string, place: Place): Promise<Readable> {
  const view = await readReportView(scope, benchmark, place, env().SEAWALL_TIME_ZONE);
  if (view === null) throw new Error(`There is no benchmark "${benchmark}".`);
  return Readable.from([await renderReport(view)]);
}

write()
  .catch((error: unknown) => {
    // A reader that closes early (`| head`) has what it wants.
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return;
    process.stderr.write(`seawall: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  })
  .finally(() => closeDatabase());
