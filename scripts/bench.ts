import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { z } from "zod";
import { migrate } from "@/lib/migrate";
import { ensureDatabase, startEmbeddedPostgres } from "@/lib/postgres";
import { measureCel } from "./bench/cel";
import { measureConsole } from "./bench/console";
import { PODS, SHAPES, type Shape } from "./bench/estate";
import { figure, median } from "./bench/figure";
import { measureFirstScore } from "./bench/first-score";
import { measureManifests } from "./bench/manifests";
import { fillFleet, measureQueries } from "./bench/queries";
import { WORKER_ENV, WORKER_FLAGS } from "./boot";

/** Figures, never a pass or fail: each is printed beside the goal it is read against. `--cpu-prof=DIR` profiles the scans,
 *  `--runs=1` is quicker than three, `--shape=owned` measures only that cluster, `--only=cel` only the evaluation of CEL, `--only=manifests` only the command.
 *  `--keep=FOLDER` keeps the database there, and finds the fleet of `--only=queries` again; `--asked=findings,compliance` asks only some questions,
 *  `--exempted=0` makes it without exemptions instead of 6 % of the open findings. */
const AGAIN = 3;
const root = fileURLToPath(new URL("..", import.meta.url));
const say = (line = ""): void => void process.stdout.write(`${line}\n`);
const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const profile = option("cpu-prof");
const RUNS = Number(option("runs") ?? 3);
const EXEMPTED = Number(option("exempted") ?? 0.06);

const scanShape = z.record(z.string(), z.number());
const resultShape = z.object({ began: z.number(), cold: scanShape, unchanged: z.array(scanShape), sweep: scanShape });
const apiShape = z.object({ port: z.number(), bytes: z.number(), podBytes: z.number(), objects: z.number() });

function start(script: string, argument: string, flags: readonly string[] = []): ChildProcess {
  return fork(path.join(root, "scripts/bench", script), [argument], {
    cwd: root,
    env: { ...WORKER_ENV, ...process.env },
    execArgv: ["--conditions=react-server", "--import", "tsx", ...flags],
    serialization: "json",
  });
}
const told = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`A part of the bench ended with code ${code}.`)));
  });
const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });

async function measureFleet(url: string): Promise<void> {
  const clock = performance.now();
  const pool = new pg.Pool({ connectionString: url }).on("error", () => undefined); // the server may stop while a connection is still closing
  const made = await fillFleet(pool, EXEMPTED).finally(() => pool.end());
  const how = made ? `made in ${((performance.now() - clock) / 1000).toFixed(0)} s` : "found again";
  say();
  say(`Pages and API on a fleet of 1,000 clusters and 1,000,000 findings, ${how}`);
  await measureQueries(url, option("asked"), say);
}

async function measureScan(shape: Shape, fresh: (name: string) => Promise<string>): Promise<void> {
  const api = start("api.ts", shape);
  try {
    const { port, bytes, podBytes, objects } = apiShape.parse(await told(api));
    const results: z.infer<typeof resultShape>[] = [];
    for (let run = 1; run <= RUNS; run++) {
      const url = await fresh(`bench_${shape}_${run}`);
      const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
      const order = JSON.stringify({ url, port, again: AGAIN });
      const child = start("scan.ts", order, [...(option("flags")?.split(",") ?? WORKER_FLAGS), ...flags]);
      const result = resultShape.parse(await told(child));
      await ended(child);
      results.push(result);
    }
    const of = (pick: (one: z.infer<typeof resultShape>) => number | undefined): number[] =>
      results.map((one) => pick(one) ?? Number.NaN);
    const first = results[0]?.cold ?? {};
    say();
    say(
      `${PODS.toLocaleString("en")} pods ${shape === "owned" ? "of 1,000 Deployments" : "of no owner"}: ${objects.toLocaleString("en")} objects, ` +
        `${(bytes / 1e6).toFixed(0)} MB of JSON, ${podBytes} bytes a pod; ${first.evaluated} assessments, ${first.opened} findings`,
    );
    const goals = shape === "owned" ? { cold: 3000, unchanged: 1000, peak: 350 } : {};
    figure(
      "first scan, list to commit, cold process",
      of((one) => one.cold.ms),
      "ms",
      goals.cold,
    );
    for (const part of ["load", "list", "evaluate", "commit", "cpuMs"]) {
      figure(
        part === "cpuMs" ? "  processor time" : `  of it ${part}`,
        of((one) => one.cold[part]),
        "ms",
      );
    }
    figure(
      "scan of the unchanged cluster",
      of((one) => median(one.unchanged.map(({ ms = 0 }) => ms))),
      "ms",
      goals.unchanged,
    );
    for (const part of ["load", "list", "evaluate", "commit", "cpuMs"]) {
      figure(
        part === "cpuMs" ? "  processor time" : `  of it ${part}`,
        of((one) => median(one.unchanged.map((each) => each[part] ?? 0))),
        "ms",
      );
    }
    figure(
      "daily sweep, everything judged anew",
      of((one) => one.sweep.ms),
      "ms",
    );
    figure(
      "peak RSS, first scan",
      of((one) => one.cold.peak),
      "MB",
      goals.peak,
    );
    figure(
      "peak RSS, all scans",
      of((one) => one.sweep.peak),
      "MB",
      goals.peak,
    );
    figure(
      "  before the first scan",
      of((one) => one.began),
      "MB",
    );
  } finally {
    api.disconnect();
    await ended(api);
  }
}

const only = option("only");
const wanted = (part: string): boolean => only === undefined || only === part;
if (only === "cel") {
  measureCel(say);
  process.exit();
}
if (option("only") === "manifests") {
  await measureManifests(say, RUNS);
  process.exit();
}

const base = existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir();
const kept = option("keep");
const folder = kept === undefined ? mkdtempSync(path.join(base, "seawall-bench-")) : path.resolve(kept);
mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o711); // the server's own user must be able to enter it
const server = await startEmbeddedPostgres(path.join(folder, "pg"));
try {
  const load = os.loadavg().map((value) => value.toFixed(1));
  say(
    `Node ${process.versions.node}, ${os.availableParallelism()} cores, load before ${load.join(" ")}; medians of ${RUNS} processes`,
  );
  say("PostgreSQL embedded, durable (fsync on); API server over TLS with gzip, 500 objects a page, on the same cores");
  const fresh = async (name: string): Promise<string> => {
    await ensureDatabase(server.url("postgres"), name);
    await migrate(server.url(name), path.join(root, "prisma/migrations"));
    return server.url(name);
  };
  if (wanted("scan"))
    for (const shape of SHAPES.filter((one) => (option("shape") ?? one) === one)) await measureScan(shape, fresh);
  if (wanted("score")) await measureFirstScore(await fresh("bench_score"), folder, say);
  if (wanted("queries")) await measureFleet(await fresh("bench_fleet"));
  if (wanted("cel")) measureCel(say);
  say();
  if (wanted("console")) await measureConsole(say);
} finally {
  await server.stop();
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}
