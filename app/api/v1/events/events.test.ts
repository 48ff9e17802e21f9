import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createApiToken } from "@/domain/access/api-token/mutations";
import { insertPerson } from "@/domain/access/mutations";
import { mintScope } from "@/domain/access/scope";
import { closeDatabase, inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { GET } from "./route";

/** Ends what hangs; the hub tells within a second. */
const TOLD_MS = 20_000;
let drop: () => Promise<void>;
let token: string;
const clients: Client[] = [];

/** A page that listens: keeps what it was sent, and when. */
class Client {
  readonly told: number[] = [];
  readonly type: string | null;
  ended = false;
  text = "";
  readonly #leaving: AbortController;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  private constructor(response: Response, leaving: AbortController) {
    this.type = response.headers.get("content-type");
    this.#leaving = leaving;
    this.#reader = response.body?.getReader();
    void this.#read();
    clients.push(this);
  }
  static async open(leaving = new AbortController()): Promise<Client> {
    const headers = { authorization: `Bearer ${token}` };
    return new Client(await GET(new Request("http://x/api/v1/events", { headers, signal: leaving.signal })), leaving);
  }
  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const part = await this.#reader?.read();
      if (part?.value === undefined) break;
      const text = decoder.decode(part.value);
      this.text += text;
      for (const _ of text.matchAll(/^event: changed\ndata: 1\n\n/gm)) this.told.push(performance.now());
    }
    this.ended = true;
  }
  /** Resolves when it was told more often than `before`. */
  async toldAfter(before: number): Promise<void> {
    await expect.poll(() => this.told.length, { timeout: TOLD_MS, interval: 20 }).toBeGreaterThan(before);
  }
  /** The connection is gone, as the server's request signal tells it. */
  leave(): void {
    this.#leaving.abort();
  }
  /** The body is no longer wanted, as a server that pipes it tells it. */
  cancel(): Promise<void> | undefined {
    return this.#reader?.cancel();
  }
}
const say = (): Promise<void> => inTransaction(pool(), (tx) => announce(tx, "scan"));
/** Backends that listen for this process. */
async function listening(): Promise<number[]> {
  const { rows } = await pool().query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
  );
  return rows.map((row) => row.pid);
}
/** A page that listens and was told what every page is told when the process begins to listen. */
async function settled(): Promise<Client> {
  const client = await Client.open();
  if (clients.length === 1) await client.toldAfter(0);
  return client;
}

beforeAll(async () => {
  const database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  drop = database.drop;
  const id = await inTransaction(pool(), (tx) => insertPerson(tx, { name: "Olga", email: "olga@example.com" }, "none"));
  await pool().query(`INSERT INTO "RoleGrant" (id, "userId", role) VALUES ($1, $2, 'Security Reader')`, [uuidv7(), id]);
  const scope = mintScope(id, "Olga", [{ role: "Security Reader", accountId: null }], { sessionId: uuidv7() });
  token = await createApiToken(scope, { name: "events", scopes: ["read"], accountIds: null, days: 7 });
});
afterEach(() => {
  for (const client of clients) client.leave();
});
afterAll(async () => {
  // The process listens until it ends: its connection goes with the database.
  await Promise.all([closeDatabase(), drop()]);
});

it("tells of a commit that announced, not before it and not of one rolled back; two pages share one LISTEN", async () => {
  const [page, other] = [await settled(), await settled()];
  expect(page.type).toBe("text/event-stream");
  expect(page.text).toMatch(/^retry: 3000\n\n/);
  const [before, beforeOther] = [page.told.length, other.told.length];
  await inTransaction(pool(), async (tx) => {
    await announce(tx, "scan");
    await pause(1300);
    expect(page.told).toHaveLength(before);
  });
  await Promise.all([page.toldAfter(before), other.toldAfter(beforeOther)]);
  const after = page.told.length;
  const failed = inTransaction(pool(), async (tx) => {
    await announce(tx, "scan");
    throw new Error("this rolls back");
  });
  await expect(failed).rejects.toThrow("rolls back");
  await pause(1300);
  expect(page.told).toHaveLength(after);
  expect(await listening()).toHaveLength(1);
});

it("tells at most once a second, however much is announced, and of the last one too", async () => {
  const page = await settled();
  const before = page.told.length;
  const began = performance.now();
  let last = began;
  while (last < began + 3200) {
    await say();
    last = performance.now();
    await pause(50);
  }
  await expect.poll(() => page.told.at(-1), { timeout: TOLD_MS }).toBeGreaterThan(last);
  const told = page.told.length - before;
  expect(told).toBeGreaterThanOrEqual(2);
  expect(told).toBeLessThanOrEqual((performance.now() - began) / 1000);
});

it("tells again after its connection was lost and made anew, also of what was announced meanwhile", async () => {
  const page = await settled();
  const [pid] = await listening();
  const before = page.told.length;
  await pool().query("SELECT pg_terminate_backend($1)", [pid]);
  await say(); // nobody listens now
  await page.toldAfter(before);
  const [anew, ...more] = await listening();
  expect(more).toEqual([]);
  expect(anew).not.toBe(pid);
  const again = page.told.length;
  await say();
  await page.toldAfter(again);
});

it("ends when the client leaves, in whichever way, and goes on telling the others", async () => {
  const [gone, cancelled, stays] = [await settled(), await settled(), await settled()];
  gone.leave();
  await cancelled.cancel();
  await expect.poll(() => [gone.ended, cancelled.ended], { timeout: TOLD_MS }).toEqual([true, true]);
  cancelled.leave(); // a server tells both, in either order
  const left = new AbortController();
  left.abort();
  const late = await Client.open(left);
  await expect.poll(() => late.ended, { timeout: TOLD_MS }).toBe(true);
  const before = [gone, cancelled, late].map((client) => client.told.length);
  await say();
  await stays.toldAfter(stays.told.length);
  expect([gone, cancelled, late].map((client) => client.told.length)).toEqual(before);
});

it("gives one person or token a bounded number of streams, and each back when it ends", async () => {
  const ask = (signal: AbortSignal) =>
    GET(new Request("http://x/api/v1/events", { headers: { authorization: `Bearer ${token}` }, signal }));
  const leaving = new AbortController();
  const statuses: number[] = [];
  for (let n = 0; n < 41; n++) statuses.push((await ask(leaving.signal)).status);
  expect(statuses).toEqual([...Array.from({ length: 40 }, () => 200), 429]);
  leaving.abort();
  expect((await Client.open()).type).toBe("text/event-stream");
});
