import { randomBytes } from "node:crypto";
import type pg from "pg";
import type { EstateAccount } from "@/connectors/testing/estate";
import { type KeyRing, seal } from "@/lib/crypto";
import { loadKeyRing } from "@/lib/crypto-key";
import { uuidv7 } from "@/lib/id";

/** A key of this run only, as an operator would set SEAWALL_KEY, and its ring. */
export function newKey(): { key: string; ring: KeyRing } {
  const key = randomBytes(32).toString("base64");
  return { key, ring: loadKeyRing({ key, dataDir: "/nonexistent" }) };
}

/** Short waits, in the words of every provider's own settings. */
const IMPATIENT = {
  azure: { requestTimeoutMs: 1000, maxRetries: 0 },
  aws: { requestTimeoutMs: 1000, connectTimeoutMs: 1000, maxAttempts: 1 },
  gcp: { requestTimeoutMs: 1000, totalTimeoutMs: 1500, connectTimeoutMs: 1000, maxAttempts: 1 },
  self: {},
} as const;

/** Makes every account wait as little as it can, or as long as it does by default again. */
export async function setPatience(pool: pg.Pool, patient: boolean): Promise<void> {
  for (const [provider, waits] of Object.entries(IMPATIENT)) {
    const changed = patient ? `"settings" - $2::text[]` : `"settings" || $2::jsonb`;
    await pool.query(`UPDATE "Account" SET "settings" = ${changed} WHERE "provider" = $1`, [
      provider,
      patient ? Object.keys(waits) : JSON.stringify(waits),
    ]);
  }
}

/** Stores an account of the estate with its secrets sealed, due in a day. Resolves with its id. */
export async function connect(pool: pg.Pool, ring: KeyRing, account: EstateAccount): Promise<string> {
  const id = uuidv7();
  await pool.query(
    `INSERT INTO "Account" ("id", "provider", "name", "externalId", "settings", "nextScanAt", "updatedAt") VALUES ($1, $2, $3, $4, $5, now() + interval '1 day', now())`,
    [id, account.provider, account.name, account.externalId, JSON.stringify(account.settings)],
  );
  for (const [field, plain] of Object.entries(account.secrets)) {
    const sealed = seal(plain, { accountId: id, field }, ring);
    await pool.query(
      `INSERT INTO "Secret" ("id", "accountId", "field", "kid", "sealed", "updatedAt") VALUES ($1, $2, $3, $4, $5, now())`,
      [uuidv7(), id, field, sealed.kid, JSON.stringify(sealed)],
    );
  }
  return id;
}
