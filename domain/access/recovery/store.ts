import type { PoolClient } from "pg";
import { uuidv7 } from "@/lib/id";
import { appendAudit } from "../audit";
import type { AccountScope } from "../scope";
import { hashToken, newToken } from "../token";
import { RECOVERY_HOURS } from "./schema";

/** A way back in that cannot be made; the message says why. */
export class RecoveryError extends Error {
  override name = "RecoveryError";
  readonly code = "recovery";
}

/** A one-time token's purpose says whether spending it also takes the second factor off. */
export const PURPOSES = { keep: "recovery", off: "recovery-factor-off" } as const;
export type Factor = keyof typeof PURPOSES;

export interface Recovery {
  person: { id: string; email: string };
  /** Path of the page that sets a new password, with the token: seen this one time. */
  link: string;
  expiresAt: Date;
}

/** The link of a way back in is a secret: it leaves the outbox as soon as nobody can or need use it. */
export const forgetRecoveryLink = (tx: PoolClient, userId: string) =>
  tx.query(
    `UPDATE "OutboxEvent" SET payload = payload - 'link' WHERE kind = 'person.recovery' AND payload->>'person' = $1`,
    [userId],
  );

/**
 * Makes a way back in for the person of an id or an e-mail address (in lower case), good for a day, with its audit entry; an older one no
 * longer works. Throws RecoveryError for nobody, and for who does not sign in with a password here.
 */
export async function makeRecovery(
  tx: PoolClient,
  scope: AccountScope,
  who: { id: string } | { email: string },
  factor: Factor,
): Promise<Recovery> {
  const [column, value] = "id" in who ? ["id", who.id] : ["email", who.email];
  const { rows } = await tx.query<{ id: string; email: string; password: boolean }>(
    `SELECT u.id, u.email, EXISTS (SELECT 1 FROM "SignInMethod" m WHERE m."userId" = u.id AND m."providerId" = 'credential') AS password
     FROM "User" u WHERE u.${column} = $1 FOR UPDATE`,
    [value],
  );
  const person = rows[0];
  if (person === undefined)
    throw new RecoveryError("email" in who ? `Nobody here has the address ${who.email}.` : "This person is gone.");
  if (!person.password)
    throw new RecoveryError(
      `${person.email} does not sign in with a password here: there is none to set anew. Help with single sign-on is at its provider.`,
    );
  const token = newToken();
  const expiresAt = new Date(Date.now() + RECOVERY_HOURS * 3_600_000);
  await tx.query(
    `UPDATE "OneTimeToken" SET "usedAt" = now() WHERE "userId" = $1 AND purpose = ANY($2) AND "usedAt" IS NULL`,
    [person.id, Object.values(PURPOSES)],
  );
  await forgetRecoveryLink(tx, person.id);
  await tx.query(`INSERT INTO "OneTimeToken" (id, purpose, hash, "userId", "expiresAt") VALUES ($1, $2, $3, $4, $5)`, [
    uuidv7(),
    PURPOSES[factor],
    hashToken(token),
    person.id,
    expiresAt,
  ]);
  await appendAudit(tx, scope, {
    action: "access.recovery-made",
    target: person.email,
    detail: { person: person.id, secondFactor: factor, expiresAt: expiresAt.toISOString() },
  });
  return { person: { id: person.id, email: person.email }, link: `/welcome?recovery=${token}`, expiresAt };
}
