import "server-only";
import { pool } from "@/lib/db";
import { allowAttempt } from "../throttle/store";

const MOST = 10;
const QUARTER_HOUR = 15 * 60 * 1000;
/** How many of a person's entries of the audit log are looked at. */
const LATEST = 2000;

/** Whether the person of an e-mail address signed in from this client address in the last 90 days. */
async function signedInFrom(email: string, address: string): Promise<boolean> {
  const { rowCount } = await pool().query(
    `SELECT 1 FROM (
       SELECT action, address, at FROM "AuditEntry" WHERE "actorId" = (SELECT id FROM "User" WHERE email = $1) ORDER BY seq DESC LIMIT $3
     ) e WHERE e.action = 'access.signed-in' AND e.address = $2 AND e.at > now() - interval '90 days' LIMIT 1`,
    [email, address, LATEST],
  );
  return (rowCount ?? 0) > 0;
}

/**
 * Counts one attempt to sign in with a password; false when there were too many. They are counted for the account, whoever asks: an
 * attacker chooses the client address, not the account. Strangers can use that up, so an address from which its person signed in
 * before has attempts of its own beside them. `email`: in lower case.
 */
export async function maySignIn(email: string, address: string | null): Promise<boolean> {
  if (await allowAttempt(`sign-in:${email}`, MOST, QUARTER_HOUR)) return true;
  if (address === null || !(await signedInFrom(email, address))) return false;
  return allowAttempt(`sign-in:${email} from:${address}`, MOST, QUARTER_HOUR);
}
