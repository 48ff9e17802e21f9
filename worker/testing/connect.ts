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

/** How long an answer is waited for and how often it is asked for; absent: as the product does by default. */
export interface Patience {
  cloudMs?: number;
  kubernetesMs?: number;
  attempts?: number;
}

/** Makes every account as patient as is said, in its own settings. */
export async function setPatience(pool: pg.Pool, patience: Patience): Promise<void> {
  const { cloudMs = 20_000, kubernetesMs = 30_000, attempts = 4 } = patience;
  const words = {
    connectTimeoutMs: cloudMs,
    requestTimeoutMs: cloudMs,
    maxAttempts: attempts,
    kubernetesTimeoutMs: kubernetesMs,
    kubernetesMaxAttempts: attempts,
  };
  await pool.query(
    `UPDATE "Account" SET "settings" = "settings" || $1::jsonb || CASE "provider" WHEN 'gcp' THEN $2::jsonb ELSE '{}' END`,
    [JSON.stringify(words), JSON.stringify({ totalTimeoutMs: cloudMs * 2 })],
  );
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
