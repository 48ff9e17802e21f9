import type pg from "pg";
import { appendAudit } from "@/domain/access/audit";
import { mintScope } from "@/domain/access/scope";
import { type KeyRing, rewrap } from "@/lib/crypto";

/** How many secrets are stored. */
export async function countSecrets(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ amount: number }>(`SELECT count(*)::int AS amount FROM "Secret"`);
  return rows[0]?.amount ?? 0;
}

/**
 * Wraps every stored secret's own key anew with the ring's current key; the secrets themselves are not decrypted to disk and do not
 * change. Run it in one transaction: a half-rotated store never commits. Returns how many were rewrapped. Errors: CryptoError
 * when one cannot be opened with the ring.
 */
export async function rewrapSecrets(tx: pg.PoolClient, ring: KeyRing): Promise<number> {
  const { rows } = await tx.query<{ id: string; accountId: string; field: string; sealed: unknown }>(
    `SELECT "id", "accountId", "field", "sealed" FROM "Secret" WHERE "kid" <> $1 FOR UPDATE`,
    [ring.current.kid],
  );
  for (const { id, accountId, field, sealed } of rows) {
    const anew = rewrap(sealed, { accountId, field }, ring);
    await tx.query(`UPDATE "Secret" SET "kid" = $2, "sealed" = $3, "updatedAt" = now() WHERE "id" = $1`, [
      id,
      anew.kid,
      JSON.stringify(anew),
    ]);
  }
  await tx.query(`DELETE FROM "AccountDraft"`); // edits in hand are sealed with the old key: an hour's worth at most, entered again
  await appendAudit(tx, mintScope(null, "operator", []), {
    action: "secrets.rewrapped",
    target: ring.current.kid,
    detail: { secrets: rows.length },
  });
  return rows.length;
}
