import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { closeDatabase } from "@/lib/db";
import { dataDir, env } from "@/lib/env";
import { migrate } from "@/lib/migrate";
import { ensureDatabase, startEmbeddedPostgres } from "@/lib/postgres";
import { buildConsole } from "./build";
import { takeLock } from "./lock";
import { Supervisor } from "./supervise";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Node's arguments for the worker. A scan reads megabytes that live for milliseconds: a young generation of 16 MB takes about
 * 100 MB off the peak of a cluster of 10,000 pods for the same processor time (docs/performance.md).
 */
export const WORKER_FLAGS: readonly string[] = ["--max-semi-space-size=16"];
const began = Date.now();

/** One progress line: seconds since the start, and what happens. */
export const say = (line: string): void => {
  process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
};

/** A secret that was set, else one made on first start and kept in the data folder, readable by its owner only. */
function keptSecret(name: string, given: string | undefined): string {
  if (given !== undefined) return given;
  const file = path.join(dataDir(), name);
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("hex"), { mode: 0o600, flag: "wx" });
  return readFileSync(file, "utf8").trim();
}

export interface Booted {
  supervisor: Supervisor;
  /** Base address of the console. */
  url: string;
  /** Starts the worker and resolves when it takes jobs. */
  startWorker(): Promise<void>;
  /** Builds the console if needed, starts it, and resolves when it answers. */
  startWeb(): Promise<void>;
  /** Adds what must end before the database does. */
  onStop(step: () => Promise<void>): void;
  stop(code: number): Promise<never>;
}

/** Takes the data folder, starts the database, applies migrations. Ctrl-C and SIGTERM then drain everything, the database last. */
export async function boot(overrides: Record<string, string> = {}): Promise<Booted> {
  Object.assign(process.env, overrides);
  if (Number(process.versions.node.split(".")[0]) < 22)
    throw new Error(
      `Node ${process.versions.node} is too old: install Node 22.19 or newer, or run npm ci without --omit=optional, which brings one.`,
    );
  const settings = env();
  mkdirSync(dataDir(), { recursive: true, mode: 0o711 });
  const lock = takeLock(dataDir());
  const steps: (() => Promise<void>)[] = [];
  let stopping = false;

  const supervisor = new Supervisor(say, process.env);
  let stopDatabase: () => Promise<void> = async () => {};
  const stop = async (code: number): Promise<never> => {
    if (stopping) return new Promise<never>(() => {}); // a second Ctrl-C waits for the first
    stopping = true;
    say("stopping: draining the processes, then the database");
    for (const step of steps.reverse()) await step();
    await supervisor.stop(20_000);
    await closeDatabase();
    await stopDatabase();
    lock.release();
    say("stopped");
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

  try {
    if (settings.DATABASE_URL === undefined) {
      say("starting the embedded PostgreSQL");
      const server = await startEmbeddedPostgres(path.join(dataDir(), "postgres"));
      stopDatabase = server.stop;
      await ensureDatabase(server.url("postgres"), "seawall");
      process.env.DATABASE_URL = server.url("seawall");
    } else {
      say("using the PostgreSQL of DATABASE_URL");
    }
    const applied = await migrate(process.env.DATABASE_URL ?? "", path.join(root, "prisma/migrations"));
    say(applied.length > 0 ? `database ready, ${applied.length} migrations applied` : "database ready");
    process.env.SEAWALL_SESSION_SECRET = keptSecret("session.secret", settings.SEAWALL_SESSION_SECRET);
  } catch (error) {
    await stopDatabase();
    lock.release();
    throw error;
  }

  const url =
    settings.SEAWALL_URL ?? `http://${settings.HOST === "0.0.0.0" ? "127.0.0.1" : settings.HOST}:${settings.PORT}`;
  process.env.SEAWALL_URL = url;

  stopAll = stop;
  return {
    supervisor,
    url,
    onStop: (step) => steps.push(step),
    stop,
    startWorker: () =>
      new Promise((resolve) => {
        supervisor.start({
          name: "worker",
          args: [...WORKER_FLAGS, "--conditions=react-server", "--import", "tsx", path.join(root, "worker/index.ts")],
          onMessage: (message) => message === "ready" && resolve(),
        });
      }),
    startWeb: async () => {
      say("building the console unless it is current");
      if ((await buildConsole(process.env)) === "built") say("console built");
      supervisor.start({
        name: "web",
        args: [
          "--import",
          path.join(root, "scripts/client-address.mjs"),
          path.join(root, "node_modules/next/dist/bin/next"),
          "start",
          "-p",
          String(settings.PORT),
          "-H",
          settings.HOST,
        ],
        env: { NODE_ENV: "production" },
      });
      const probe = `http://${settings.HOST === "0.0.0.0" ? "127.0.0.1" : settings.HOST}:${settings.PORT}/healthz`;
      for (let attempt = 0; ; attempt++) {
        const answer = await fetch(probe, { signal: AbortSignal.timeout(2000) }).catch(() => null);
        if (answer?.ok) return;
        if (attempt > 300)
          throw new Error(`The console does not answer at ${probe}. Is the port taken? Set PORT to another.`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  };
}

let stopAll: ((code: number) => Promise<never>) | undefined;

/** Runs a start script: a failure prints its reason, what to do next, and ends with code 1 instead of a stack. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`\nSeawall could not start. ${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env.LOG_LEVEL === "debug" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    if (stopAll === undefined) process.exit(1);
    void stopAll(1);
  });
}
