import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sleep } from "@/lib/time";
import { DemoProcess } from "./demo-process";
import {
  allAreRead,
  clustersAreFree,
  holdScans,
  idsOf,
  leasesRunOut,
  nothingIsLost,
  type Running,
  scanAgain,
  until,
} from "./held-scans";

let folder: string;
let demo: DemoProcess;
beforeAll(async () => {
  folder = mkdtempSync(path.join(existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir(), "seawall-kill-"));
  chmodSync(folder, 0o711);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  server.close();
  demo = new DemoProcess(path.join(folder, "data"), typeof address === "object" ? (address?.port ?? 0) : 0);
});
afterAll(async () => {
  await demo?.end("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

test("killed while its database starts, and in its history and its build, the demo is finished by the next start", async () => {
  const points: [RegExp, number][] = [
    [/starting the embedded PostgreSQL/, 400],
    [/connected 7 accounts/, 1500],
  ];
  for (const [point, later] of points) {
    demo.start();
    await demo.says(point);
    await sleep(later);
    await demo.end("SIGKILL");
    expect(demo.text).not.toMatch(/history: today/);
  }
  const dead = demo.pid;
  demo.start();
  await demo.says(/database ready/);
  await clustersAreFree(demo, dead);
  await demo.says(/Sign in here/);

  // Two days, each with every account asked and every cluster scanned that could be, and none twice.
  const days = await demo.rows<{ accounts: number; clusters: number; double: number }>(
    `SELECT count(DISTINCT "accountId")::int AS accounts, count(DISTINCT "clusterId")::int AS clusters,
       (count("clusterId") FILTER (WHERE "status" <> 'failed') - count(DISTINCT "clusterId") FILTER (WHERE "status" <> 'failed'))::int AS double
     FROM "Scan" WHERE "trigger" = 'schedule' GROUP BY "startedAt"::date ORDER BY "startedAt"::date`,
  );
  expect(days).toHaveLength(2);
  for (const day of days) expect(day).toMatchObject({ accounts: 7, double: 0 });
  expect(Math.min(...days.map(({ clusters }) => clusters))).toBeGreaterThanOrEqual(12);
}, 600_000);

test("worker, web and database killed in the middle of scans are started again, and nothing is lost", async () => {
  const held = await holdScans(demo);
  expect(held.findings.length).toBeGreaterThan(100);
  for (const pid of [held.worker, demo.child("next-server"), demo.postgres()]) process.kill(pid, "SIGKILL");
  const died = new Date();
  await demo.estate("DELETE", "/faults");
  await until(async () => (await demo.rows("SELECT 1")).length === 1, "the database");
  await leasesRunOut(demo, held, died);
  await nothingIsLost(demo, held);
  const cutOff = await demo.rows<Running>(
    `SELECT "id" FROM "Scan" WHERE "reasons"::text LIKE '%This scan was broken off%'`,
  );
  expect(idsOf(cutOff)).toEqual(expect.arrayContaining(idsOf(held.scans)));
  await allAreRead(demo, held);
  await until(() => demo.answers(), "the console");
  for (const name of ["worker", "web", "the database"]) expect(demo.text).toMatch(`${name} ended (SIGKILL)`);
}, 600_000);

test("the parent killed when it serves and scans takes all with it, and the next start does them", async () => {
  const held = await holdScans(demo);
  const web = demo.child("next-server");
  await demo.end("SIGKILL");
  await until(async () => !existsSync(`/proc/${web}`), "its console gone");
  const died = new Date();
  demo.start();
  await demo.says(/Sign in here/);
  await leasesRunOut(demo, held, died);
  await nothingIsLost(demo, held);
  // The estate went with the parent: the old worker may have recorded a scan without it before it ended.
  await scanAgain(demo);
  await allAreRead(demo, held);
  expect(await demo.end("SIGTERM")).toBe(0);
}, 600_000);
