import "server-only";
import { inTransaction, pool } from "@/lib/db";
import { appendAudit } from "../audit";
import type { Origin } from "../origin";
import { endSessions } from "../people/mutations";
import { mintScope } from "../scope";

interface Somebody {
  id: string;
  name: string;
  email: string;
}

/** Notes that a person signed in, and how. */
export async function noteSignIn(user: Somebody, way: string, origin: Origin): Promise<void> {
  await inTransaction(pool(), (tx) =>
    appendAudit(tx, mintScope(user.id, user.name, [], { origin }), {
      action: "access.signed-in",
      target: user.email,
      detail: { way },
    }),
  );
}

/** Notes a failed sign-in of a person we know. Strangers' addresses are not kept, and cannot fill the log. */
export async function noteFailedSignIn(email: string, origin: Origin): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    const { rowCount } = await tx.query(`SELECT 1 FROM "User" WHERE email = $1`, [email]);
    if (rowCount === 0) return;
    await appendAudit(tx, mintScope(null, "somebody", [], { origin }), {
      action: "access.sign-in-failed",
      target: email,
    });
  });
}

/** Notes that a person set up a second factor, and ends the sessions that were begun without it. */
export async function noteSecondFactor(user: Somebody, sessionId: string, origin: Origin): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    const ended = await endSessions(tx, user.id, sessionId);
    await appendAudit(tx, mintScope(user.id, user.name, [], { origin }), {
      action: "access.second-factor-enabled",
      target: user.email,
      detail: { sessionsEnded: ended },
    });
  });
}

/** Ends a session that must not have begun. */
export async function takeBackSession(token: string): Promise<void> {
  await pool().query(`DELETE FROM "Session" WHERE token = $1`, [token]);
}
