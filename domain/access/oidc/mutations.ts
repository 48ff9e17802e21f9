import "server-only";
import { createHash } from "node:crypto";
import type pg from "pg";
import { z } from "zod";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { appendAudit } from "../audit";
import type { Origin } from "../origin";
import { endSessions, keepAnOwner, PeopleError } from "../people/mutations";
import { emailSchema } from "../people/schema";
import { mintScope, type Role } from "../scope";
import { type Claims, OidcError } from "./id-token";
import { mappedRole, type OidcSetting } from "./setting";

const nameSchema = z.string().trim().min(1).max(120);

/** The person that an identity belongs to, made when it comes for the first time. The identity is issuer and subject, nothing else. */
async function personOf(
  tx: pg.PoolClient,
  claims: Claims,
): Promise<{ id: string; name: string; email: string; fresh: boolean }> {
  // Two first sign-ins of one identity at once must not make two people.
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`oidc ${claims.iss} ${claims.sub}`]);
  const { rows } = await tx.query<{ id: string; name: string; email: string }>(
    `SELECT u.id, u.name, u.email FROM "SignInMethod" m JOIN "User" u ON u.id = m."userId" WHERE m."providerId" = $1 AND m."accountId" = $2`,
    [claims.iss, claims.sub],
  );
  if (rows[0] !== undefined) return { ...rows[0], fresh: false };
  const told = claims.email_verified === false ? undefined : emailSchema.safeParse(claims.email).data;
  // Without an address of its own a person still needs a unique one here; nothing is ever sent to .invalid.
  const email =
    told ?? `${createHash("sha256").update(`${claims.iss} ${claims.sub}`).digest("hex").slice(0, 24)}@oidc.invalid`;
  const name = nameSchema.safeParse(claims.name).data ?? told ?? "Somebody";
  const { rowCount } = await tx.query(`SELECT 1 FROM "User" WHERE email = $1`, [email]);
  // Never joined by address: whoever can choose an address at the provider would become that person.
  // Who is told of it: only whom the provider vouches that the address is theirs.
  if ((rowCount ?? 0) > 0)
    throw new OidcError(
      "Another person here has the e-mail address of this new identity.",
      claims.email_verified === true ? "taken" : "failed",
    );
  const id = uuidv7();
  await tx.query(`INSERT INTO "User" (id, name, email, "emailVerified", "updatedAt") VALUES ($1, $2, $3, $4, now())`, [
    id,
    name,
    email,
    told !== undefined,
  ]);
  await tx.query(
    `INSERT INTO "SignInMethod" (id, "userId", "accountId", "providerId", "updatedAt") VALUES ($1, $2, $3, $4, now())`,
    [uuidv7(), id, claims.sub, claims.iss],
  );
  return { id, name, email, fresh: true };
}

/** Brings the role that the claim stands for; the same as before is confirmed. The last Owner of everything stays Owner. */
async function bringRole(
  tx: pg.PoolClient,
  userId: string,
  role: Role | null,
): Promise<{ was: string | null; is: string | null }> {
  const { rows } = await tx.query<{ role: string }>(
    `SELECT role FROM "RoleGrant" WHERE "userId" = $1 AND source = 'claim' FOR UPDATE`,
    [userId],
  );
  const was = rows[0]?.role ?? null;
  if (was === role) {
    await tx.query(`UPDATE "RoleGrant" SET "confirmedAt" = now() WHERE "userId" = $1 AND source = 'claim'`, [userId]);
    return { was, is: was };
  }
  if (was === "Owner") {
    try {
      await keepAnOwner(tx, userId);
    } catch (error) {
      if (error instanceof PeopleError) return { was, is: was };
      throw error;
    }
  }
  await tx.query(`DELETE FROM "RoleGrant" WHERE "userId" = $1 AND source = 'claim'`, [userId]);
  if (role !== null)
    await tx.query(`INSERT INTO "RoleGrant" (id, "userId", role, source) VALUES ($1, $2, $3, 'claim')`, [
      uuidv7(),
      userId,
      role,
    ]);
  return { was, is: role };
}

/**
 * Takes a verified identity in: finds or makes its person, and brings the role of its claim. A changed role ends the older sessions in the same
 * transaction. Returns the person's id. Throws OidcError when another person has its e-mail address.
 */
export async function takeIdentity(claims: Claims, setting: OidcSetting, origin: Origin): Promise<string> {
  return inTransaction(pool(), async (tx) => {
    const person = await personOf(tx, claims);
    const scope = mintScope(person.id, person.name, [], { origin });
    if (person.fresh)
      await appendAudit(tx, scope, {
        action: "access.identity-joined",
        target: person.email,
        detail: { issuer: claims.iss, subject: claims.sub },
      });
    // Without a mapping roles are given by hand, and what an earlier mapping brought goes.
    const wanted = setting.role === null ? null : mappedRole(setting.role.of, claims[setting.role.claim]);
    const { was, is } = await bringRole(tx, person.id, wanted);
    if (was !== is) {
      const ended = await endSessions(tx, person.id, null);
      await appendAudit(tx, scope, {
        action: "access.role-by-claim",
        target: person.email,
        before: { role: was },
        after: { role: is },
        detail: { claim: setting.role?.claim ?? null, sessionsEnded: ended },
      });
    }
    await appendAudit(tx, scope, {
      action: "access.signed-in",
      target: person.email,
      detail: { way: "single sign-on" },
    });
    return person.id;
  });
}
