import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { findBenchmark } from "@/domain/benchmark/catalogue";
import { loadBenchmarks } from "@/domain/benchmark/load";
import { suggestion } from "@/lib/nearest";
import { databaseUrl } from "./database-url";
import { UsageError } from "./usage-error";
import { refuseTwice, wrongOption } from "./wrong-option";

/** What is to be written where; the process that writes it gets this as JSON. */
export interface ComplianceFile {
  benchmark: string;
  format: "csv" | "pdf";
  account: string | null;
  cluster: string | null;
  exemptions: "with" | "without";
  out: string | null;
}

/** Parses the arguments after `seawall compliance`. Throws UsageError. */
export function parseCompliance(args: readonly string[]): ComplianceFile {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(args);
  } catch (error) {
    throw wrongOption(error, OPTIONS);
  }
  const { values, positionals, tokens } = parsed;
  refuseTwice(tokens, OPTIONS);
  if (positionals.join(" ") !== "export") throw new UsageError("The command is seawall compliance export.");
  const { benchmark, account = null, cluster = null, out = null, format = "csv", exemptions = "with" } = values;
  const known = loadBenchmarks().map(({ id }) => id);
  if (benchmark === undefined) throw new UsageError(`--benchmark is missing: one of ${known.join(", ")}.`);
  if (findBenchmark(benchmark) === null)
    throw new UsageError(
      `There is no benchmark "${benchmark}".${suggestion(benchmark, known)} There are ${known.join(", ")}.`,
    );
  if (format !== "csv" && format !== "pdf") throw new UsageError(`--format is csv or pdf, not "${format}".`);
  if (exemptions !== "with" && exemptions !== "without")
    throw new UsageError(`--exemptions is with or without, not "${exemptions}".`);
  if (account !== null && cluster !== null) throw new UsageError("Give --account or --cluster, not both.");
  if (format === "pdf" && out === null) throw new UsageError("A PDF needs --out FILE.");
  return { benchmark, format, account, cluster, exemptions, out };
}

const OPTIONS = {
  benchmark: { type: "string" },
  format: { type: "string" },
  account: { type: "string" },
  cluster: { type: "string" },
  exemptions: { type: "string" },
  out: { type: "string" },
} as const;
const read = (args: readonly string[]) =>
  parseArgs({ args: [...args], allowPositionals: true, tokens: true, options: OPTIONS });

/**
 * `seawall compliance export`: writes the file and gives the exit code. In a process of its own, because what reads the database for the
 * server only loads under the server's condition, which the command line does not set.
 */
export function exportComplianceFile(args: readonly string[]): number {
  const file = parseCompliance(args);
  const root = fileURLToPath(new URL("..", import.meta.url));
  const child = spawnSync(
    process.execPath,
    [
      "--conditions=react-server",
      ...["--import", pathToFileURL(path.join(root, "node_modules", "tsx", "dist", "loader.mjs")).href],
      ...[path.join(root, "cli", "compliance-process.ts"), JSON.stringify(file)],
    ],
    {
      stdio: "inherit",
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl(),
        TSX_TSCONFIG_PATH: path.join(root, "tsconfig.json"),
      },
    },
  );
  return child.status ?? 2;
}
