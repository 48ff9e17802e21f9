import type pg from "pg";
import { type KeyRing, rewrap } from "@/lib/crypto";
import { MAIL_SECRET } from "../secret";

/** Wraps the stored password's key anew, as the rotation does with every secret. Returns 1 or 0. Errors: CryptoError. */
export async function rewrapMailSecret(tx: pg.PoolClient, ring: KeyRing): Promise<number> {
  const { rows } = await tx.query<{ id: string; sealed: unknown }>(
    `SELECT "id", "sealed" FROM "MailServer" WHERE "sealed" IS NOT NULL AND "kid" IS DISTINCT FROM $1 FOR UPDATE`,
    [ring.current.kid],
  );
  for (const { id, sealed } of rows) {
    const anew = rewrap(sealed, MAIL_SECRET, ring);
    await tx.query(`UPDATE "MailServer" SET "sealed" = $2, "kid" = $3 WHERE "id" = $1`, [
      id,
      JSON.stringify(anew),
      anew.kid,
    ]);
  }
  return rows.length;
}
