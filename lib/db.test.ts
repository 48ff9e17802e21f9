import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, inTransaction, pool, poolSize, serverConnections } from "./db";
import { setEnv } from "./env";
import { SETTINGS } from "./settings";
import { testDatabase } from "./testing/database";

const SCANS = 12;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  setEnv({ DATABASE_URL: database.url, SEAWALL_WORKER_CONCURRENCY: String(SCANS) });
});
afterAll(async () => {
  await closeDatabase();
  await drop();
});

test("as many scans as the setting lets may hold a transaction, and their leases are renewed meanwhile", async () => {
  let renewed = 0;
  let open = 0;
  let letGo = (): void => undefined;
  const allOpen = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const scan = () =>
    inTransaction(pool(), async (tx) => {
      await tx.query("SELECT 1");
      if (++open === SCANS) letGo();
      await allOpen;
      await pool().query("SELECT 1");
      renewed++;
    });
  await Promise.all(Array.from({ length: SCANS }, scan));
  expect(renewed).toBe(SCANS);
});

test("the server of our own has room for the most that the setting lets, and the usual pool is what it was", () => {
  const usual = SETTINGS.SEAWALL_WORKER_CONCURRENCY.schema.parse(undefined);
  expect(poolSize(usual)).toBe(10);
  for (const scans of [usual, SCANS, 64]) expect(serverConnections(scans)).toBeGreaterThan(poolSize(scans) + 36);
});
