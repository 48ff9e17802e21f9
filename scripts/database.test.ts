import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sleep } from "@/lib/time";
import { assertDatabase, KeptPostgres } from "./database";

let folder: string;
let said: string[];
let postgres: KeptPostgres;
beforeAll(() => {
  folder = mkdtempSync(path.join(existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir(), "seawall-kept-"));
  chmodSync(folder, 0o711);
  said = [];
  postgres = new KeptPostgres(path.join(folder, "postgres"), (line) => said.push(line), ["fsync=off"]);
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("killed, it comes back on the same address with its data, as often as it is killed; a pool goes on by itself", async () => {
  const url = await postgres.start();
  const pool = new pg.Pool({ connectionString: url, max: 2 }).on("error", () => {}); // what is told of idle connections
  await pool.query("CREATE TABLE kept AS SELECT 0 AS times");
  for (const times of [1, 2]) {
    const before = postgres.pid ?? 0;
    process.kill(before, "SIGKILL");
    for (const end = Date.now() + 60_000; ; await sleep(100)) {
      const done = await pool.query(`UPDATE kept SET times = times + 1`).catch(() => null);
      if (done !== null && postgres.pid !== before) break;
      if (Date.now() > end) throw new Error(`it did not come back: ${said.join("; ")}`);
    }
    expect(said.filter((line) => line.startsWith("the database ended (SIGKILL)"))).toHaveLength(times);
    expect(said.at(-1)).toBe("the database runs again");
  }
  expect((await pool.query("SELECT times >= 2 AS kept FROM kept")).rows).toEqual([{ kept: true }]);
  await pool.end();
}, 150_000);

test("a stop is no end that anybody should mend, and a second one does nothing", async () => {
  const lines = said.length;
  const last = postgres.pid ?? 0;
  await postgres.stop();
  await postgres.stop();
  await sleep(300);
  expect(said).toHaveLength(lines);
  expect(() => process.kill(last, 0)).toThrow(/ESRCH/);
});

test("stopped while it makes its folder or starts, it leaves no process and no half of a database", async () => {
  for (const after of [0, 150, 900]) {
    const dir = path.join(folder, `early-${after}`);
    const early = new KeptPostgres(dir, (line) => said.push(line), ["fsync=off"]);
    const starting = early.start().catch((error: Error) => error.message);
    await sleep(after);
    await early.stop();
    await starting;
    expect(existsSync(path.join(dir, "postmaster.pid"))).toBe(false);
  }
}, 60_000);

test("a DATABASE_URL that leads nowhere is named, with what to do, and its password is not", async () => {
  const failed = assertDatabase("postgresql://seawall:hunter2@127.0.0.1:1/seawall");
  await expect(failed).rejects.toThrow(
    /^DATABASE_URL: the database seawall on 127.0.0.1:1 cannot be used: connect ECONNREFUSED.*Start that server, correct the setting/s,
  );
  await expect(failed).rejects.not.toThrow(/hunter2/);
});
