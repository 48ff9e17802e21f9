import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import pg from "pg";
import { assertReachable, nativeDir, serverEnv, serverUser } from "./postgres-binaries";
import { stopOrphan } from "./postgres-orphan";

/** A running embedded server. `stop` ends it fast (SIGINT: rollback and flush) and resolves when the process is gone. */
export interface EmbeddedPostgres {
  /** Address of a database, as the superuser. */
  url(database: string): string;
  pid: number;
  port: number;
  /** Resolves when the process is gone, with the way it went: a signal's name or `code N`. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Port to listen on; without it a free one. */
  port?: number;
  /** Aborted: whatever runs is ended, and the start rejects. */
  signal?: AbortSignal;
}

/** Starting up with much to recover takes its time; more than this is no start. */
const PATIENCE_MS = 120_000;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no free port")),
      );
    });
  });

/** Keeps the last words of a program, and resolves with the way it ended. */
function watch(child: ChildProcess): { said: () => string; exited: Promise<string> } {
  const output: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => {
    output.push(chunk.toString());
    if (output.length > 50) output.shift();
  });
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
  });
  return { said: () => output.join("").slice(-2000), exited };
}

/** Removes what initdb left when its start was killed. One that still runs holds on to its half: the next start removes it. */
function removeHalves(dir: string): void {
  for (const entry of readdirSync(path.dirname(dir))) {
    if (!entry.startsWith(`${path.basename(dir)}.making`)) continue;
    try {
      rmSync(path.join(path.dirname(dir), entry), { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error; // it is being written at this moment
    }
  }
}

/** Made beside its place and renamed when whole: a killed initdb leaves nothing that looks like a database. */
async function initialise(dir: string, passwordFile: string, bin: string, signal?: AbortSignal): Promise<void> {
  const user = serverUser();
  removeHalves(dir);
  const making = `${dir}.making-${randomBytes(6).toString("hex")}`; // a killed start's initdb may still clean up after itself
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
  mkdirSync(making, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) {
    chownSync(making, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const child = spawn(
    path.join(bin, "initdb"),
    [
      `--pgdata=${making}`,
      "--auth=scram-sha-256",
      "--username=seawall",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ],
    { ...user, detached: true, stdio: ["ignore", "ignore", "pipe"], env: serverEnv() },
  );
  const { said, exited } = watch(child);
  // initdb removes what it made when it is interrupted.
  const interrupt = (): void => void child.kill("SIGINT");
  signal?.addEventListener("abort", interrupt, { once: true });
  const how = await exited;
  signal?.removeEventListener("abort", interrupt);
  signal?.throwIfAborted();
  if (how !== "code 0") throw new Error(`The database folder ${dir} could not be made (${how}):\n${said()}`);
  renameSync(making, dir);
}

/**
 * Starts the embedded PostgreSQL in `dir` (made on first use) on a loopback port. The server leads its own process group,
 * so that Ctrl-C reaches only the parent, which stops the database last. `flags` are `-c` settings; `bin` names another
 * server's binaries. Rejects with the server's last words, or with the signal's reason; no process is left then.
 */
export async function startEmbeddedPostgres(
  dir: string,
  flags: readonly string[] = [],
  bin: string = path.join(nativeDir(), "bin"),
  { port: wanted, signal }: StartOptions = {},
): Promise<EmbeddedPostgres> {
  const passwordFile = path.join(path.dirname(dir), `${path.basename(dir)}.password`);
  mkdirSync(path.dirname(dir), { recursive: true });
  assertReachable(dir);
  await stopOrphan(dir);
  signal?.throwIfAborted();
  if (!existsSync(path.join(dir, "PG_VERSION"))) await initialise(dir, passwordFile, bin, signal);

  const password = readFileSync(passwordFile, "utf8").trim();
  const port = wanted ?? (await freePort());
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
    ...flags,
  ];
  const server = spawn(
    path.join(bin, "postgres"),
    ["-D", dir, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...serverUser(), detached: true, stdio: ["ignore", "ignore", "pipe"], env: serverEnv() },
  );
  const { said, exited } = watch(server);
  const gone = (): boolean => server.pid === undefined || server.exitCode !== null || server.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (!gone()) server.kill("SIGINT");
    await exited;
  };
  const url = (database: string): string => `postgresql://seawall:${password}@127.0.0.1:${port}/${database}`;

  for (const began = Date.now(); ; ) {
    const probe = new pg.Client({ connectionString: url("postgres"), connectionTimeoutMillis: 5000 });
    try {
      await probe.connect();
      await probe.end();
      break;
    } catch (cause) {
      if (signal?.aborted) await stop();
      signal?.throwIfAborted();
      if (gone() || Date.now() - began > PATIENCE_MS) {
        await stop();
        throw new Error(`The embedded PostgreSQL did not start:\n${said()}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  if (signal?.aborted) {
    await stop();
    signal.throwIfAborted();
  }
  return { url, pid: server.pid ?? 0, port, exited, stop };
}

/** Creates a database unless it exists. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
