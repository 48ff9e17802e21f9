import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { uuidv7 } from "@/lib/id";
import { createQueues, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { sleep } from "@/lib/time";
import { newKey } from "./testing/connect";
import { MailSink } from "./testing/mail-sink";

const root = fileURLToPath(new URL("..", import.meta.url));
const { key } = newKey();
const sink = new MailSink();
const workers: ChildProcess[] = [];
let db: Awaited<ReturnType<typeof testDatabase>>;
let dataDir: string;

/** Starts the worker as `npm start` does; resolves when it takes jobs. */
async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "worker/index.ts"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      DATABASE_URL: db.url,
      SEAWALL_DATA_DIR: dataDir,
      SEAWALL_KEY: key,
      SEAWALL_ALLOW_PRIVATE_NETWORKS: "true",
      LOG_LEVEL: "error",
    },
  });
  workers.push(child);
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`the worker ended with ${code} before it was ready`)));
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

async function until(seconds: number, what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s`);
    await sleep(100);
  }
}

async function sendNow(): Promise<void> {
  const boss = jobClient(db.url, "sender");
  await boss.start();
  await boss.send("send-mail", {});
  await boss.stop({ graceful: false });
}

beforeAll(async () => {
  db = await testDatabase();
  dataDir = await mkdtemp(path.join(os.tmpdir(), "seawall-mail-"));
  const boss = jobClient(db.url, "worker");
  await boss.start();
  await createQueues(boss);
  await boss.stop({ graceful: false });
});
afterAll(async () => {
  for (const worker of workers) await kill(worker);
  await sink.stop();
  await rm(dataDir, { recursive: true, force: true });
  await db.drop();
});

it("kill -9 between send and mark: the mail may come twice, never not at all, and the duplicate bears the same Message-ID", async () => {
  const port = await sink.start();
  await db.pool.query(
    `INSERT INTO "MailServer" (id, host, port, security, "fromAddress", "fromName", "baseUrl", "updatedAt") VALUES ('mail', '127.0.0.1', $1, 'none', 'seawall@corp.example', 'Seawall', 'https://seawall.example', now())`,
    [port],
  );
  const id = uuidv7();
  await db.pool.query(
    `INSERT INTO "Delivery" (id, address, template, "nextAttemptAt") VALUES ($1, 'olga@example.com', 'test', now())`,
    [id],
  );
  // The mark waits for this lock, so the worker dies after the server took the mail and before anything says so.
  const lock = await db.pool.connect();
  await db.pool.query(
    `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.state = ''sent'' THEN PERFORM pg_advisory_xact_lock(4242); END IF; RETURN NEW; END'`,
  );
  await db.pool.query(`CREATE TRIGGER wait BEFORE UPDATE ON "Delivery" FOR EACH ROW EXECUTE FUNCTION wait()`);
  await lock.query(`SELECT pg_advisory_lock(4242)`);
  const first = await startWorker();
  await sendNow();
  await until(90, () => sink.taken.length === 1);
  await kill(first);
  await lock.query(`SELECT pg_advisory_unlock(4242)`);
  lock.release();
  // The dead worker's statement may still be waiting in the server; it is gone when its connection is noticed to be.
  await until(30, async () => {
    const { rows } = await db.pool.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.waiting === 0;
  });
  const { rows } = await db.pool.query<{ state: string }>(`SELECT state FROM "Delivery" WHERE id = $1`, [id]);
  expect(rows).toEqual([{ state: "sending" }]);
  await db.pool.query(`UPDATE "Delivery" SET "claimedUntil" = now() - interval '1 second' WHERE id = $1`, [id]); // three minutes later
  await startWorker();
  await until(90, async () => {
    await sendNow(); // the dead worker's job is still active until its heartbeat is missed
    const state = await db.pool.query<{ state: string }>(`SELECT state FROM "Delivery" WHERE id = $1`, [id]);
    await sleep(1000);
    return state.rows[0]?.state === "sent";
  });
  expect(sink.taken.map(({ mail }) => mail.messageId)).toEqual([`<${id}@corp.example>`, `<${id}@corp.example>`]);
}, 240_000);
