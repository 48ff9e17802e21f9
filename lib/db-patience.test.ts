import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase, inTransaction, pool, prisma, reachDatabase } from "./db";
import { setEnv } from "./env";
import { openSnapshot } from "./http/snapshot";
import { testDatabase } from "./testing/database";

const PATIENCE_MS = 1_500;
/** A busy machine may need longer than that for connections. */
const SLOW = { timeout: 30_000 };
const sockets = new Set<Socket>();
let server: Server;
let drop: () => Promise<void>;

/** From here on the database takes connections and queries, and says nothing; or it speaks again. */
function hang(on: boolean): void {
  for (const socket of sockets)
    if (on) socket.pause();
    else socket.resume();
  hanging = on;
}
let hanging = false;

beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  const real = new URL(database.url);
  const [host, port] = [real.hostname, Number(real.port)];
  server = createServer((near) => {
    const far = createConnection(port, host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => to.write(data)).on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      if (hanging) from.pause();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  real.hostname = "127.0.0.1";
  real.port = String(address.port);
  setEnv({ DATABASE_URL: real.href });
  process.env.SEAWALL_DATABASE_PATIENCE_MS = String(PATIENCE_MS);
});
afterAll(async () => {
  hang(false);
  await closeDatabase();
  delete process.env.SEAWALL_DATABASE_PATIENCE_MS;
  for (const socket of sockets) socket.destroy();
  server.close();
  await drop();
});

const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["a query", () => pool().query("SELECT 1")],
  ["many queries at once", () => Promise.all(Array.from({ length: 15 }, () => pool().query("SELECT 1")))],
  ["a query of Prisma's", () => prisma().account.count()],
  ["a transaction of Prisma's", () => prisma().$transaction(async (tx) => tx.account.count())],
  ["a transaction", () => inTransaction(pool(), (tx) => tx.query("SELECT 1"))],
  [
    "a stream",
    () => openSnapshot(pool(), "SELECT 1 AS one", "SELECT 1 AS total, now() AS at", []).then((it) => it.close()),
  ],
];

test.each(ways)(
  "%s of the console ends where the database says nothing, and works when it speaks again",
  async (_what, ask) => {
    await vi.waitFor(ask, SLOW);
    hang(true);
    const began = Date.now();
    const error = await ask().then(
      () => null,
      (reason: unknown) => reason,
    );
    const took = Date.now() - began;
    hang(false);
    expect(String(error)).toMatch(/Query read timeout|timeout exceeded when trying to connect/);
    expect(took).toBeGreaterThanOrEqual(PATIENCE_MS - 50);
    expect(took).toBeLessThan(PATIENCE_MS * 1.6); // once, not once more for a ROLLBACK of the same connection
    await vi.waitFor(ask, SLOW);
  },
);

const LONG = `SELECT pg_sleep(${(PATIENCE_MS * 1.5) / 1000})`;

test("a transaction and a stream that were begun may take longer, a query by itself may not", async () => {
  await expect(inTransaction(pool(), (tx) => tx.query(LONG))).resolves.toMatchObject({ rowCount: 1 });
  const stream = await openSnapshot(pool(), LONG, "SELECT 1 AS total, now() AS at", []);
  const rows = [];
  for await (const batch of stream.batches) rows.push(...batch);
  expect(rows).toHaveLength(1);
  await expect(pool().query(LONG)).rejects.toThrow("canceling statement due to statement timeout");
});

test("a database whose connections are all at work here is reached", async () => {
  const busy = inTransaction(pool(), async (tx) => {
    const others = await Promise.all(Array.from({ length: pool().options.max - 1 }, () => pool().connect()));
    await tx.query("SELECT 1");
    expect(pool()).toMatchObject({ idleCount: 0, totalCount: pool().options.max });
    const told = await reachDatabase(1_000).then(
      () => "reached",
      (reason: unknown) => String(reason),
    );
    for (const other of others) other.release();
    return told;
  });
  expect(await busy).toBe("reached");
});

test("that it is not reached is known sooner than the patience ends", async () => {
  await vi.waitFor(() => reachDatabase(), SLOW);
  hang(true);
  await expect(reachDatabase(100)).rejects.toThrow("The database does not answer.");
  hang(false);
  await vi.waitFor(() => reachDatabase(), SLOW);
});
