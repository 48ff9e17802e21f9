import { afterAll, beforeAll, expect, it } from "vitest";
import { uuidv7 } from "@/lib/id";
import { createQueues, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { newKey } from "./testing/connect";
import { MailSink } from "./testing/mail-sink";
import { heartbeatIsMissed, until, Workers } from "./testing/worker-process";

const { key } = newKey();
const sink = new MailSink();
let workers: Workers;
let db: Awaited<ReturnType<typeof testDatabase>>;

async function sendNow(): Promise<void> {
  const boss = jobClient(db.url, "sender");
  await boss.start();
  await boss.send("send-mail", {});
  await boss.stop({ graceful: false });
}

beforeAll(async () => {
  db = await testDatabase();
  workers = await Workers.on(db.url, key);
  const boss = jobClient(db.url, "worker");
  await boss.start();
  await createQueues(boss);
  await boss.stop({ graceful: false });
});
afterAll(async () => {
  await workers?.stop();
  await sink.stop();
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
  const first = await workers.start();
  await sendNow();
  await until(
    60,
    async () => sink.taken.length,
    (taken) => taken === 1,
  );
  await workers.kill(first);
  await lock.query(`SELECT pg_advisory_unlock(4242)`);
  lock.release();
  // The dead worker's statement may still be waiting in the server; it is gone when its connection is noticed to be.
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await until(
    30,
    async () => (await db.pool.query(waiting)).rowCount,
    (count) => count === 0,
  );
  const state = async () =>
    (await db.pool.query<{ state: string }>(`SELECT state FROM "Delivery" WHERE id = $1`, [id])).rows[0]?.state;
  expect(await state()).toBe("sending");
  await db.pool.query(`UPDATE "Delivery" SET "claimedUntil" = now() - interval '1 second' WHERE id = $1`, [id]); // three minutes later
  await heartbeatIsMissed(db, "send-mail");
  await workers.start();
  await sendNow();
  await until(60, state, (seen) => seen === "sent");
  expect(sink.taken.map(({ mail }) => mail.messageId)).toEqual([`<${id}@corp.example>`, `<${id}@corp.example>`]);
}, 240_000);
