import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { migrate } from "./migrate";
import { type EmbeddedPostgres, ensureDatabase, startEmbeddedPostgres } from "./postgres";
import { ownedDatabase } from "./postgres-role";

const FLAGS = ["fsync=off"];
let folder: string;
let dir: string;
let server: EmbeddedPostgres;

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: gone
  }
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir(), "seawall-postgres-"));
  chmodSync(folder, 0o711);
  dir = path.join(folder, "postgres");
  vi.stubEnv("SEAWALL_KEY", "a-key-nobody-else-may-see");
  vi.stubEnv("DATABASE_URL", "postgresql://u:secret@elsewhere/x");
  server = await startEmbeddedPostgres(dir, FLAGS);
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(existsSync("/proc/self/environ"))("the server's environment holds no secret", () => {
  const given = readFileSync(`/proc/${server.pid}/environ`, "utf8");
  expect(given).not.toMatch(/SEAWALL_|DATABASE_URL|secret|a-key-nobody/);
  expect(given).toContain("LC_ALL=C");
});

test("a folder whose database the superuser owned is moved to a role that may not run programs", async () => {
  await ensureDatabase(server.url("postgres"), "seawall");
  const old = server.url("seawall");
  await migrate(old, "prisma/migrations");
  await query(
    old,
    `CREATE SCHEMA jobs; CREATE TYPE jobs.state AS ENUM ('a'); CREATE TABLE jobs.job (id int) PARTITION BY LIST (id);
    CREATE TABLE jobs.part PARTITION OF jobs.job FOR VALUES IN (1); CREATE FUNCTION jobs.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  );

  for (let start = 0; start < 2; start++) {
    const url = await ownedDatabase(server, "seawall");
    const [who] = await query<{ rolsuper: boolean; rolcreaterole: boolean }>(
      url,
      "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user",
    );
    expect(who).toEqual({ rolsuper: false, rolcreaterole: false });
    await expect(query(url, `CREATE TEMP TABLE x (y text); COPY x FROM PROGRAM 'id'`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(query(url, `SELECT pg_read_file('postmaster.pid')`)).rejects.toThrow(/permission denied/);
    await query(
      url,
      `INSERT INTO jobs.job VALUES (1); ALTER TABLE jobs.job ADD COLUMN c${start} jobs.state; SELECT jobs.f();
       ALTER TABLE "Account" ADD COLUMN "c${start}" int; CREATE TABLE "New${start}" (a int); CREATE EXTENSION IF NOT EXISTS pg_trgm`,
    );
  }
  expect(await migrate(await ownedDatabase(server, "seawall"), "prisma/migrations")).toEqual([]);
});

test("a new database is migrated by that role from the start, search indexes included", async () => {
  const url = await ownedDatabase(server, "fresh");
  expect((await migrate(url, "prisma/migrations")).length).toBeGreaterThan(5);
  expect(await query(url, `SELECT 1 AS one FROM pg_indexes WHERE indexname = 'Finding_search'`)).toEqual([{ one: 1 }]);
});

test("a start that is aborted leaves no process, whether it was making the folder or starting the server", async () => {
  const fresh = path.join(folder, "fresh");
  const during = AbortSignal.timeout(300);
  await expect(startEmbeddedPostgres(fresh, FLAGS, undefined, { signal: during })).rejects.toThrow(/abort|timeout/i);
  expect(existsSync(path.join(fresh, "PG_VERSION"))).toBe(false);

  const whole = await startEmbeddedPostgres(fresh, FLAGS);
  await whole.stop();
  const starting = startEmbeddedPostgres(fresh, FLAGS, undefined, { signal: AbortSignal.timeout(30) });
  await expect(starting).rejects.toThrow(/abort|timeout/i);
  expect(existsSync(path.join(fresh, "postmaster.pid"))).toBe(false);
}, 60_000);

test("a killed server says how it went, and starts again on the same port with what was committed", async () => {
  const url = await ownedDatabase(server, "kept");
  await query(url, "CREATE TABLE kept AS SELECT 42 AS answer");
  const before = server;
  process.kill(before.pid, "SIGKILL");
  expect(await before.exited).toBe("SIGKILL");
  const deadline = Date.now() + 30_000;
  // Its backends may hold the old shared memory for a moment: refused then, and asked again.
  for (;;) {
    try {
      server = await startEmbeddedPostgres(dir, FLAGS, undefined, { port: before.port });
      break;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  expect(isAlive(before.pid)).toBe(false);
  expect(await query(url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
}, 60_000);
