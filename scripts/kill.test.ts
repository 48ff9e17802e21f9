import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sleep } from "@/lib/time";
import { DemoProcess } from "./demo-process";

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
  demo.start();
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
