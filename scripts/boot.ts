import path from "node:path";
import { fileURLToPath } from "node:url";
import { readOidcSetting } from "@/domain/access/oidc/setting";
import { closeDatabase, serverConnections } from "@/lib/db";
import { dataDir, env, setEnv } from "@/lib/env";
import { reasonOf } from "@/lib/log";
import type { SettingName } from "@/lib/settings";
import { buildConsole } from "./build";
import { assertPortFree, consoleAddress, startConsole } from "./console";
import { dataFolderFault, keptSecret, prepareDataFolder } from "./data-folder";
import { assertDatabase, KeptPostgres, updateDatabase } from "./database";
import { takeLock } from "./lock";
import { processEnv } from "./process-env";
import { Supervisor } from "./supervise";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Node's arguments for the worker. A scan reads megabytes that live for milliseconds: a young generation of 16 MB takes about
 * 100 MB off the peak of a cluster of 10,000 pods for the same processor time (docs/performance.md). After a large scan the worker
 * asks for a collection itself.
 */
export const WORKER_FLAGS: readonly string[] = ["--max-semi-space-size=16", "--expose-gc"];
/** The threads that inflate answers need no heap each: glibc keeps what a heap once grew to, some 40 MB here. */
export const WORKER_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: "2" };
/** A worker that ends so often before it ever took a job will not come. */
const WORKER_TRIES = 5;
const began = Date.now();

/** One progress line: seconds since the start, and what happens. */
export const say = (line: string): void => {
  process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
};

export interface Booted {
  /** Base address of the console. */
  url: string;
  /** Aborted when Seawall begins to stop. */
  stopping: AbortSignal;
  /** Starts the worker and resolves when it takes jobs. */
  startWorker(): Promise<void>;
  /** Builds the console if needed, starts it, and resolves when it answers. */
  startWeb(): Promise<void>;
  /** Adds what must end after worker and console and before the database does, in the order given. */
  onStop(step: () => Promise<unknown>): void;
  stop(code: number): Promise<never>;
}

const FOREVER = new Promise<never>(() => {});
let stopAll: ((code: number) => Promise<never>) | undefined;
let isStopping = (): boolean => false;

/**
 * Takes the data folder, starts the database, applies migrations. Ctrl-C and SIGTERM then drain everything, the database last, and
 * do so from the first moment on. `listens` is false for a command that needs the database alone.
 */
export async function boot(
  overrides: Partial<Record<SettingName, string>> = {},
  { listens = true }: { listens?: boolean } = {},
): Promise<Booted> {
  const settings = setEnv(overrides);
  readOidcSetting(settings); // throws for what only the sign-in page would notice
  prepareDataFolder(dataDir());
  const lock = takeLock(dataDir());
  const ending = new AbortController();
  const supervisor = new Supervisor(say);
  const flags = [`max_connections=${serverConnections(settings.SEAWALL_WORKER_CONCURRENCY)}`];
  const postgres =
    settings.DATABASE_URL === undefined ? new KeptPostgres(path.join(dataDir(), "postgres"), say, flags) : null;
  const steps: (() => Promise<unknown>)[] = [];

  const stop = async (code: number): Promise<never> => {
    if (ending.signal.aborted) return FOREVER; // a second Ctrl-C waits for the first
    ending.abort(new Error("Seawall is stopping"));
    say("stopping: draining the processes, then the database");
    const all = [() => supervisor.stop(20_000), ...steps, closeDatabase, () => postgres?.stop()];
    for (const step of all) {
      try {
        await step();
      } catch (error) {
        say(`while stopping: ${reasonOf(error)}`); // the rest is stopped all the same
      }
    }
    lock.release();
    say("stopped");
    process.exit(code);
  };
  stopAll = stop;
  isStopping = () => ending.signal.aborted;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

  if (listens) await assertPortFree(settings.HOST, settings.PORT);
  try {
    if (postgres !== null) {
      say("starting the embedded PostgreSQL");
      setEnv({ DATABASE_URL: await postgres.start() });
    } else {
      say("using the PostgreSQL of DATABASE_URL");
      await assertDatabase(settings.DATABASE_URL ?? "");
    }
    const applied = await updateDatabase(env().DATABASE_URL ?? "");
    say(applied > 0 ? `database ready, ${applied} migrations applied` : "database ready");
    setEnv({ SEAWALL_SESSION_SECRET: keptSecret(dataDir(), "session.secret", settings.SEAWALL_SESSION_SECRET) });
  } catch (error) {
    // PostgreSQL's own programs say in words what the system says by a code.
    const full = /no space left on device|could not extend file/i.test(reasonOf(error));
    const fault = postgres === null ? undefined : dataFolderFault(dataDir(), full ? { code: "ENOSPC" } : error);
    throw fault === undefined ? error : new Error(fault);
  }
  const url = consoleAddress();
  setEnv({ SEAWALL_URL: url, SEAWALL_DATA_DIR: dataDir() });

  return {
    url,
    stopping: ending.signal,
    onStop: (step) => steps.push(step),
    stop,
    startWorker: () =>
      new Promise((resolve, reject) => {
        let ready = false;
        let ends = 0;
        ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
        ending.signal.throwIfAborted();
        supervisor.start({
          name: "worker",
          args: [...WORKER_FLAGS, "--conditions=react-server", "--import", "tsx", path.join(root, "worker/index.ts")],
          env: { ...WORKER_ENV, ...processEnv("worker") },
          onMessage: (message) => {
            if (message !== "ready") return;
            ready = true;
            resolve();
          },
          onEnd: (how) => {
            ends += 1;
            if (ready || ends < WORKER_TRIES) return false;
            reject(
              new Error(
                `The worker ended ${ends} times before it took a job (${how}). Correct what its own words above name, then start again.`,
              ),
            );
            return true;
          },
        });
      }),
    startWeb: async () => {
      say("building the console unless it is current");
      if ((await buildConsole(ending.signal)) === "built") say("console built");
      await startConsole(supervisor, ending.signal);
    },
  };
}

/** Runs a start script: a failure prints its reason, what to do next, and ends with code 1 instead of a stack. */
export function runMain(main: () => Promise<void>): void {
  let started = false;
  const fail = (error: unknown): void => {
    if (isStopping()) return; // what is cut off by a stop is no failure
    // Its own words say enough and what to do next; causes are for those that have none, and for the debug stack.
    const reason = error instanceof Error && error.message !== "" ? error.message : reasonOf(error);
    process.stderr.write(`\nSeawall could not ${started ? "go on" : "start"}. ${reason}\n`);
    if (process.env.LOG_LEVEL === "debug" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    if (stopAll === undefined) process.exit(1);
    void stopAll(1);
  };
  process.on("uncaughtException", fail);
  main().then(() => {
    started = true;
  }, fail);
}
