import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { mintScope } from "@/domain/access/scope";
import { findBenchmark } from "@/domain/benchmark/catalogue";
import { readEvidence } from "@/domain/benchmark/evidence/queries";
import { auditTable } from "@/domain/benchmark/export/column";
import { exportCompliance } from "@/domain/benchmark/export/queries";
import { readReportView } from "@/domain/benchmark/pdf/queries";
import { renderReport } from "@/domain/benchmark/pdf/render";
import type { Place } from "@/domain/benchmark/place";
import { listPlaces } from "@/domain/benchmark/report/queries";
import { closeDatabase } from "@/lib/db";
import { env } from "@/lib/env";
import { csvPieces } from "@/lib/http/export";
import { suggestion } from "@/lib/nearest";
import { plain } from "./report";

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

/** A place, and what it is called in a sentence. */
interface NamedPlace {
  place: Place;
  name: string;
}

/** An account or cluster by its id or, where only one has it, its name. */
async function placeOf(kind: "account" | "cluster", given: string): Promise<NamedPlace> {
  const all = (await listPlaces(scope)).filter((place) => place.scope === kind);
  const found = all.filter(({ id, name }) => id === given.toLowerCase() || name === given);
  const [first] = found;
  if (first === undefined) {
    const near = suggestion(
      given,
      all.map(({ name }) => name),
    );
    throw new Error(`There is no ${kind} "${given}".${near}`);
  }
  if (found.length > 1)
    throw new Error(
      `${found.length} ${kind}s are called "${given}"; give the id: ${found.map(({ id }) => id).join(", ")}.`,
    );
  return { place: { scope: kind, id: first.id }, name: `${kind} ${first.name}` };
}

async function write(): Promise<void> {
  const { benchmark, format, account, cluster, exemptions, out } = fileSchema.parse(JSON.parse(process.argv[2] ?? ""));
  const { place: named, name }: NamedPlace =
    cluster !== null
      ? await placeOf("cluster", cluster)
      : account !== null
        ? await placeOf("account", account)
        : { place: { scope: "fleet" }, name: "the fleet" };
  const place: Place = exemptions === "without" ? { ...named, exemptions } : named;
  const { pieces, what } = format === "csv" ? await csv(benchmark, place) : await pdf(benchmark, place);
  if (pieces === null) throw new Error(await nothingToJudge(benchmark, { place, name }));
  if (out === null) return pipeline(pieces, process.stdout, { end: false });
  // Under another name first: a file that is there is whole.
  const partial = `${out}.part`;
  try {
    await pipeline(pieces, createWriteStream(partial));
    await rename(partial, out);
    say(
      `wrote ${what} of ${benchmark} for ${name}${exemptions === "without" ? ", without exemptions," : ""} to ${out}.`,
    );
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** What a file is made of; null where no cluster is there to judge. */
interface Made {
  pieces: Readable | null;
  what: string;
}

async function csv(benchmark: string, place: Place): Promise<Made> {
  const rows = await exportCompliance(scope, benchmark, place);
  if (rows === null) throw new Error(`There is no benchmark "${benchmark}".`);
  const what = `the auditor's file (${rows.total} lines)`;
  if (rows.total > 0) return { pieces: Readable.from(csvPieces(auditTable, rows)), what };
  await rows.close();
  return { pieces: null, what };
}
async function pdf(benchmark: string, place: Place): Promise<Made> {
  const view = await readReportView(scope, benchmark, place, env().SEAWALL_TIME_ZONE);
  if (view === null) throw new Error(`There is no benchmark "${benchmark}".`);
  return { pieces: view.clusters === 0 ? null : Readable.from([await renderReport(view)]), what: "the printed report" };
}

/** Why there is nothing to judge: what the benchmark is meant for, and what is there instead. */
async function nothingToJudge(benchmark: string, { place, name }: NamedPlace): Promise<string> {
  const there = [...new Set((await readEvidence(scope, place)).map(({ distribution }) => distribution))].sort();
  if (there.length === 0) return `There is no cluster to judge in ${name}. Nothing was written.`;
  const meant = (findBenchmark(benchmark)?.distributions ?? []).join(", ");
  const instead = `${name} ${place.scope === "cluster" ? "is" : "has only"} ${there.join(", ")}`;
  return `${benchmark} is meant for ${meant}, and ${instead}. Nothing was written.`;
}
/** One line for people: names are other people's text. */
function say(message: string): void {
  process.stderr.write(`seawall: ${plain(message)}\n`);
}

write()
  .catch((error: unknown) => {
    // A reader that closes early (`| head`) has what it wants.
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return;
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  })
  .finally(() => closeDatabase());
