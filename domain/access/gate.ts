import "server-only";
import type { AccountScope } from "./scope";
import { currentScope } from "./session";

/** Nobody is signed in, or the token is unknown, expired or revoked. Transports map it to 401. */
export class UnauthenticatedError extends Error {
  override name = "UnauthenticatedError";
  readonly code = "unauthenticated";
}

/** The gate of every route handler: mints the scope of the session that the request carries, or throws UnauthenticatedError. */
export async function requestScope(_request: Request): Promise<AccountScope> {
  const scope = await currentScope();
  if (scope === null) throw new UnauthenticatedError("Sign in first.");
  return scope;
}
