import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EncryptionKey, type KeyRing, open, seal } from "@/lib/crypto";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { rewrapSecrets } from "./store";

const key = (kid: string): EncryptionKey => ({ kid, key: randomBytes(32) });
const ring = (current: EncryptionKey, ...older: EncryptionKey[]): KeyRing => ({
  current,
  keys: new Map([current, ...older].map((each) => [each.kid, each])),
});

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("after a rotation every secret opens with the new key alone, and a lost key changes nothing", async () => {
  const [old, fresh, other] = [key("old"), key("fresh"), key("other")];
  const accountId = uuidv7();
  await database.pool.query(
    `INSERT INTO "Account" ("id", "provider", "name", "externalId", "settings", "updatedAt") VALUES ($1, 'aws', 'a', '1', '{}', now())`,
    [accountId],
  );
  for (const field of ["one", "two"]) {
    const sealed = seal(`secret ${field}`, { accountId, field }, ring(old));
    await database.pool.query(
      `INSERT INTO "Secret" ("id", "accountId", "field", "kid", "sealed", "updatedAt") VALUES ($1, $2, $3, $4, $5, now())`,
      [uuidv7(), accountId, field, sealed.kid, JSON.stringify(sealed)],
    );
  }
  await expect(inTransaction(database.pool, (tx) => rewrapSecrets(tx, ring(other)))).rejects.toThrow();
  expect(await inTransaction(database.pool, (tx) => rewrapSecrets(tx, ring(fresh, old)))).toBe(2);
  expect(await inTransaction(database.pool, (tx) => rewrapSecrets(tx, ring(fresh, old)))).toBe(0);
  const { rows } = await database.pool.query<{ field: string; sealed: unknown }>(
    `SELECT "field", "sealed" FROM "Secret"`,
  );
  expect(rows.map(({ field, sealed }) => open(sealed, { accountId, field }, ring(fresh))).sort()).toEqual([
    "secret one",
    "secret two",
  ]);
});
