import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sleep } from "@/lib/time";
import { systemEnv } from "./process-env";

let folder: string;
let dir: string;
let demo: ChildProcess | undefined;
let text = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir(), "seawall-demo-"));
  chmodSync(folder, 0o711);
  dir = path.join(folder, "data");
});
afterAll(async () => {
  await end("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

function start(): void {
  text = "";
  demo = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "scripts/demo.ts"], {
    env: { ...systemEnv(), SEAWALL_DATA_DIR: dir, PORT: "5116", SEAWALL_DEMO_DAYS: "3" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [demo.stdout, demo.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
}
async function says(what: RegExp): Promise<void> {
  while (!what.test(text)) {
    if (demo?.exitCode !== null) throw new Error(`the demo ended before it said ${what}:\n${text}`);
    await sleep(20);
  }
}
async function end(signal: NodeJS.Signals): Promise<void> {
  if (demo === undefined || demo.exitCode !== null || demo.signalCode !== null) return;
  const gone = new Promise((resolve) => demo?.once("exit", resolve));
  demo.kill(signal);
  await gone;
}
async function rows<T extends object>(sql: string): Promise<T[]> {
  const port = readFileSync(path.join(dir, "postgres/postmaster.pid"), "utf8").split("\n")[3];
  const password = readFileSync(path.join(dir, "postgres.password"), "utf8").trim();
  const client = new pg.Client({ connectionString: `postgresql://seawall:${password}@127.0.0.1:${port}/seawall` });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

test("killed while it makes its database, connects its accounts and lives through its days, the demo is finished by the next start", async () => {
  const points: [RegExp, number][] = [
    [/starting the embedded PostgreSQL/, 400],
    [/connected 7 accounts/, 1500],
    [/history: 2 days ago/, 700],
  ];
  for (const [point, later] of points) {
    start();
    await says(point);
    await sleep(later);
    await end("SIGKILL");
    expect(text).not.toMatch(/history: today/);
  }
  start();
  await says(/history: today/);
  await says(/history: today|could not/);
  expect(text).toMatch(/of these days are there already; going on from then/);
  expect(text).not.toMatch(/could not/);

  // Four days, each with every account asked and every cluster scanned that could be, and none twice.
  const days = await rows<{ day: string; accounts: number; clusters: number; double: number }>(
    `SELECT to_char("startedAt", 'YYYY-MM-DD') AS day, count(DISTINCT "accountId")::int AS accounts, count(DISTINCT "clusterId")::int AS clusters,
       (count("clusterId") FILTER (WHERE "status" <> 'failed') - count(DISTINCT "clusterId") FILTER (WHERE "status" <> 'failed'))::int AS double
     FROM "Scan" WHERE "trigger" = 'schedule' GROUP BY 1 ORDER BY 1`,
  );
  expect(days).toHaveLength(4);
  for (const day of days) expect(day).toMatchObject({ accounts: 7, double: 0 });
  expect(Math.min(...days.map(({ clusters }) => clusters))).toBeGreaterThanOrEqual(12);
  expect(await rows(`SELECT 1 FROM "Scan" WHERE "status" = 'running' AND "trigger" = 'schedule'`)).toEqual([]);
  const points3 = await rows<{ n: number }>(
    `SELECT count(DISTINCT to_char("at", 'YYYY-MM-DD'))::int AS n FROM "ScorePoint"`,
  );
  expect(points3).toEqual([{ n: 4 }]);
  await end("SIGTERM");
  expect(demo?.exitCode).toBe(0);
}, 300_000);
