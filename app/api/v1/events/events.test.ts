import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createApiToken, revokeApiToken } from "@/domain/access/api-token/mutations";
import { requestScope } from "@/domain/access/gate";
import { type AccountScope, mintScope } from "@/domain/access/scope";
import { revokeSession } from "@/domain/access/sessions/mutations";
import { makePerson, sessionHeaders } from "@/domain/access/testing/personas";
import { closeDatabase, inTransaction, pool } from "@/lib/db";
import { announce } from "@/lib/events";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { Hub } from "./hub";
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
  static async open(leaving = new AbortController(), headers: HeadersInit = bearer(token)): Promise<Client> {
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
const bearer = (of: string) => ({ authorization: `Bearer ${of}` });
/** Somebody who reads everything, with a session, and another who does. */
async function reader(name: string): Promise<{ userId: string; headers: Headers; scope: AccountScope }> {
  const userId = await makePerson(name, [["Security Reader", null]]);
  const headers = await sessionHeaders(userId);
  return { userId, headers, scope: await requestScope(new Request("http://x/", { headers })) };
}
const withdraw = (userId: string) => pool().query(`DELETE FROM "RoleGrant" WHERE "userId" = $1`, [userId]);
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
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
  drop = database.drop;
  const id = await makePerson("Olga", [["Security Reader", null]]);
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

it("ends at the next change for whose token was revoked, whose session was ended and whose role was withdrawn, and for nobody else", async () => {
  const [rita, rob, stays] = [await reader("Rita"), await reader("Rob"), await reader("Stella")];
  const lost = await createApiToken(stays.scope, { name: "lost", scopes: ["read"], accountIds: null, days: 7 });
  const lostId = (await requestScope(new Request("http://x/", { headers: bearer(lost) }))).tokenId ?? "";
  const open = (headers: HeadersInit) => Client.open(undefined, headers);
  const ending = [await open(bearer(lost)), await open(rita.headers), await open(rob.headers)];
  const staying = [await settled(), await open(stays.headers)];
  expect(await revokeApiToken(stays.scope, lostId)).toBe(true);
  expect(await revokeSession(rita.scope, rita.scope.sessionId ?? "")).toBe(true);
  await withdraw(rob.userId);
  const before = ending.map(({ told }) => told.length);
  const stayed = staying.map(({ told }) => told.length);
  await say();
  await Promise.all(staying.map((client, at) => client.toldAfter(stayed[at] ?? 0)));
  await expect.poll(() => ending.map(({ ended }) => ended), { timeout: TOLD_MS }).toEqual([true, true, true]);
  expect(ending.map(({ told }) => told.length)).toEqual(before);
  expect(staying.map(({ ended }) => ended)).toEqual([false, false]);
  expect((await GET(new Request("http://x/api/v1/events", { headers: rob.headers }))).status).toBe(403);
});

it("asks again on each beat too, in one query for all", async () => {
  const hub = new Hub(50);
  const heard = { gone: [] as string[], stays: [] as string[] };
  const [gone, stays] = [await reader("Gustav"), await reader("Sven")];
  let ended = false;
  const stop = hub.join({ scope: stays.scope, hear: (what) => heard.stays.push(what), end: () => undefined });
  const leave = hub.join({
    scope: gone.scope,
    hear: (what) => heard.gone.push(what),
    end: () => {
      ended = true;
      leave();
    },
  });
  await expect.poll(() => heard.gone, { timeout: TOLD_MS }).toContain("beat");
  expect(ended).toBe(false);
  await pool().query(`UPDATE "Session" SET "expiresAt" = now() WHERE "userId" = $1`, [gone.userId]);
  await expect.poll(() => ended, { timeout: TOLD_MS }).toBe(true);
  heard.stays.length = 0;
  await expect.poll(() => heard.stays, { timeout: TOLD_MS }).toContain("beat");
  stop();
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
