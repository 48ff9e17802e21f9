import "server-only";
import { prisma } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import type { Prisma } from "@/prisma/generated/client";
import type { OwnerInput } from "./schema";
import { hashToken } from "./token";

/** Why a one-time token was refused; the person is told no more than this. */
export class TokenError extends Error {
  override name = "TokenError";
  readonly code = "token";
}

/** Marks a token used, once: the conditional update lets exactly one of two simultaneous requests through. */
async function spend(
  tx: Prisma.TransactionClient,
  purpose: "setup" | "sign-in",
  token: string,
): Promise<{ userId: string | null }> {
  const now = new Date();
  const hash = hashToken(token);
  const { count } = await tx.oneTimeToken.updateMany({
    where: { hash, purpose, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  const row = count === 1 ? await tx.oneTimeToken.findUnique({ where: { hash }, select: { userId: true } }) : null;
  if (row === null)
    throw new TokenError("This link was used already or has expired. Start Seawall again to print a new one.");
  return row;
}

/** Creates the first Owner. `passwordHash` comes from the sign-in library. Throws TokenError. */
export async function createOwner(input: Omit<OwnerInput, "password">, passwordHash: string): Promise<string> {
  return prisma().$transaction(async (tx) => {
    await spend(tx, "setup", input.token);
    const id = uuidv7();
    if ((await tx.roleGrant.count({ where: { role: "Owner", accountId: null } })) > 0) {
      throw new TokenError("This installation already has an Owner. Sign in instead.");
    }
    await tx.user.create({ data: { id, name: input.name, email: input.email, emailVerified: true } });
    await tx.signInMethod.create({
      data: { id: uuidv7(), userId: id, accountId: id, providerId: "credential", password: passwordHash },
    });
    await tx.roleGrant.create({ data: { id: uuidv7(), userId: id, role: "Owner" } });
    await tx.auditEntry.create({
      data: { id: uuidv7(), actorId: id, actor: input.name, action: "access.owner-created", target: input.email },
    });
    return id;
  });
}

/** Spends a sign-in token and names its user. Throws TokenError. */
export async function spendSignInToken(token: string): Promise<string> {
  return prisma().$transaction(async (tx) => {
    const { userId } = await spend(tx, "sign-in", token);
    const user = userId === null ? null : await tx.user.findUnique({ where: { id: userId } });
    if (user === null) throw new TokenError("This link belongs to nobody. Start Seawall again to print a new one.");
    await tx.auditEntry.create({
      data: {
        id: uuidv7(),
        actorId: user.id,
        actor: user.name,
        action: "access.signed-in-by-link",
        target: user.email,
      },
    });
    return user.id;
  });
}
