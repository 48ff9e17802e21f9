import { expect } from "vitest";
import { jobClient } from "@/lib/jobs";
import { sleep } from "@/lib/time";
import type { DemoProcess } from "./demo-process";

/** Asks until it is true, through restarts of what is asked. Rejects after four minutes; `described` may tell what was seen last. */
export async function until(what: () => Promise<boolean>, described: string | (() => string)): Promise<void> {
  let last: unknown;
  for (const end = Date.now() + 240_000; Date.now() < end; await sleep(200)) {
    try {
      if (await what()) return;
    } catch (error) {
      last = error; // it is being started again
    }
  }
  throw new Error(`never: ${typeof described === "string" ? described : described()}`, { cause: last });
}

export interface Running {
  id: string;
  clusterId: string;
}
/** What was there before a kill: the scans in their middle, the jobs that were acknowledged and the findings that were known. */
export interface Held {
  began: Date;
  worker: number;
  scans: Running[];
  /** Jobs that the queue said it has. */
  acknowledged: string[];
  findings: string[];
}

export const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);
const listed = (ids: string[]): string => `('{${ids.join()}}'::uuid[])`;

/** Asks for a scan of every cluster. Resolves with the jobs that the queue took; a cluster that is being scanned joins that. */
async function askForScans(demo: DemoProcess): Promise<string[]> {
  const boss = jobClient(demo.url(), "sender");
  await boss.start();
  const taken: string[] = [];
  for (const { id } of await demo.rows<Running>(`SELECT "id" FROM "Cluster" WHERE "goneAt" IS NULL`)) {
    const job = await boss.send("scan-cluster", { clusterId: id, trigger: "manual" }, { singletonKey: id });
    if (job !== null) taken.push(job);
  }
  await boss.stop({ graceful: false });
  return taken;
}

const running = (demo: DemoProcess) =>
  demo.rows<Running>(
    `SELECT "id", "clusterId" FROM "Scan" WHERE "status" = 'running' AND "clusterId" IS NOT NULL ORDER BY "id"`,
  );

/** Scans of every cluster are asked for, and stand still in the middle, for their pods do not come. */
export async function holdScans(demo: DemoProcess): Promise<Held> {
  const began = new Date();
  const findings = idsOf(await demo.rows(`SELECT "id" FROM "Finding"`));
  await demo.estate("POST", "/faults", { service: "kubernetes", action: "list pods", kind: "hang" });
  const acknowledged = await askForScans(demo);
  let scans: Running[] = [];
  await until(async () => {
    const before = await running(demo);
    await sleep(1000);
    const still = new Set(idsOf(await running(demo)));
    scans = before.filter(({ id }) => still.has(id));
    return scans.length > 0;
  }, "a scan in its middle");
  return { began, worker: demo.child("worker/index.ts"), scans, acknowledged, findings };
}

/** The 45 s after which the clusters that a dead process held are another's. */
export async function clustersAreFree(demo: DemoProcess, pid: number): Promise<void> {
  await demo.rows(`UPDATE "Cluster" SET "leaseUntil" = now() WHERE "leaseOwner" LIKE '${pid}-%'`);
}

/**
 * The time after which what a dead worker held is another's: its clusters, and 30 to 90 s for its jobs. `died`: a moment when it
 * was dead and no other lived yet; until it was, it may have begun more of them than were seen.
 */
export async function leasesRunOut(demo: DemoProcess, { worker }: Held, died: Date): Promise<void> {
  await clustersAreFree(demo, worker);
  await demo.rows(
    `UPDATE jobs.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active' AND started_on <= '${died.toISOString()}'`,
  );
  await demo.rows(`UPDATE jobs.queue SET monitor_on = NULL, monitor_claim_on = NULL`);
  const boss = jobClient(demo.url(), "sender");
  await boss.start();
  await boss.supervise();
  await boss.stop({ graceful: false });
}

/** Resolves when no scan is left to do and every cluster has been looked at since `began`. */
async function settled(demo: DemoProcess, began: Date): Promise<void> {
  let left: unknown[] = [];
  await until(
    async () => {
      left = await demo.rows(
        `SELECT 'cluster ' || "id" || ', leased until ' || coalesce("leaseUntil"::text, '-') AS "left" FROM "Cluster"
         WHERE "goneAt" IS NULL AND ("lastScanAt" IS NULL OR "lastScanAt" < '${began.toISOString()}')
         UNION ALL SELECT 'job ' || coalesce(singleton_key, '-') || ' ' || state || ', retry ' || retry_count || ', from ' || start_after || ', begun '
           || coalesce(started_on::text, '-') || ', heard of ' || coalesce(heartbeat_on::text, '-')
         FROM jobs.job WHERE name = 'scan-cluster' AND state < 'completed'`,
      );
      return left.length === 0;
    },
    () => `every cluster scanned, no job left; left are ${JSON.stringify(left)}`,
  );
}

/**
 * Waits for the scans that were asked for, then proves that the kill cost nothing: each acknowledged job was done and none given up,
 * each scan that was cut off is closed, no lease is held, no finding was lost, and none opened twice or closed.
 */
export async function nothingIsLost(demo: DemoProcess, held: Held): Promise<void> {
  await settled(demo, held.began);
  const jobs = await demo.rows<{ state: string }>(
    `SELECT state FROM jobs.job WHERE "id" = ANY ${listed(held.acknowledged)}`,
  );
  expect(jobs.map(({ state }) => state)).toEqual(held.acknowledged.map(() => "completed"));
  const givenUp = `SELECT name, data, output FROM jobs.job WHERE name = 'dead-letter' OR (name = 'scan-cluster' AND state = 'failed')`;
  expect(await demo.rows(givenUp)).toEqual([]);

  expect(await running(demo)).toEqual([]);
  expect(await demo.rows(`SELECT "name" FROM "Cluster" WHERE "leaseOwner" IS NOT NULL`)).toEqual([]);
  const cutOff = `SELECT 1 FROM "Scan" WHERE "id" = ANY ${listed(idsOf(held.scans))} AND "finishedAt" IS NOT NULL AND ("status" = 'complete' OR "reasons" <> '[]')`;
  expect((await demo.rows(cutOff)).length).toBe(held.scans.length); // one that is not complete says why

  const after = new Set(idsOf(await demo.rows(`SELECT "id" FROM "Finding"`)));
  expect(held.findings.filter((id) => !after.has(id))).toEqual([]);
  const twice = `SELECT "findingId" FROM "FindingTransition" WHERE "change" = 'opened' GROUP BY "findingId" HAVING count(*) > 1`;
  expect(await demo.rows(twice)).toEqual([]);
  const closed = `SELECT "change", "reason" FROM "FindingTransition" WHERE "change" = 'resolved' AND "at" >= '${held.began.toISOString()}'`;
  expect(await demo.rows(closed)).toEqual([]);
}

/** Proves that every cluster was read, those whose scan was cut off by another scan. */
export async function allAreRead(demo: DemoProcess, { began, scans }: Held): Promise<void> {
  const failed = `SELECT "name" FROM "Cluster" WHERE "goneAt" IS NULL AND "lastScanStatus" = 'failed'`;
  expect(await demo.rows(failed)).toEqual([]);
  const others = await demo.rows<{ clusterId: string }>(
    `SELECT DISTINCT "clusterId" FROM "Scan" WHERE "status" IN ('complete', 'partial') AND "queuedAt" >= '${began.toISOString()}'
       AND "id" <> ALL ${listed(idsOf(scans))}`,
  );
  const read = new Set(others.map(({ clusterId }) => clusterId));
  expect(scans.filter(({ clusterId }) => !read.has(clusterId))).toEqual([]);
}

/** Asks for all once more, as a person would, and waits. */
export async function scanAgain(demo: DemoProcess): Promise<void> {
  const began = new Date();
  await askForScans(demo);
  await settled(demo, began);
}
