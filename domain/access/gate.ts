import "server-only";
import { clipGrants } from "./api-token/clip";
import { noteTokenUse } from "./api-token/mutations";
import { liveToken } from "./api-token/queries";
import type { TokenScope } from "./api-token/schema";
import { originOf } from "./origin";
import { grantsOf } from "./queries";
import { type AccountScope, ForbiddenError, mintScope } from "./scope";
import { sessionStanding } from "./session";

/** Nobody is signed in, or the token is unknown, expired or revoked. Transports map it to 401. */
export class UnauthenticatedError extends Error {
  override name = "UnauthenticatedError";
  readonly code = "unauthenticated";
}

/** A change came with a session's cookie, but from no page of ours. Transports map it to 403. */
export class CrossSiteError extends Error {
  override name = "CrossSiteError";
  readonly code = "cross-site";
}

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/** A cookie travels by itself, so a change must come from a page of ours. Browsers tell where from, and pages cannot forge it. */
function requireOwnPage(request: Request): void {
  if (READS.has(request.method)) return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  const own =
    site === null ? origin !== null && URL.canParse(origin) && new URL(origin).host === host : site === "same-origin";
  if (!own) throw new CrossSiteError("This change was not sent by a page of this console.");
}

async function tokenScope(request: Request, authorization: string, needs: TokenScope): Promise<AccountScope> {
  const token = /^Bearer +(\S{1,200})$/i.exec(authorization)?.[1];
  const live = token === undefined ? null : await liveToken(token);
  if (live === null) throw new UnauthenticatedError("This API token is unknown, expired or revoked.");
  const origin = originOf(request.headers);
  if (live.lastUsedAt === null || Date.now() - live.lastUsedAt.getTime() >= 60_000)
    await noteTokenUse(live.id, origin.address);
  if (!live.scopes.includes(needs)) throw new ForbiddenError(`This needs a token with the scope ${needs}.`);
  const grants = clipGrants(await grantsOf(live.userId), live);
  return mintScope(live.userId, `${live.maker} (token ${live.name})`, grants, { tokenId: live.id, origin });
}

/**
 * The gate of every route handler. A request with an Authorization header is judged by its API token alone, which must hold
 * `needs`; any other by its session, which may do what its person may. Without `needs`, reading needs `read` and every other
 * method `write`. Throws UnauthenticatedError (401), ForbiddenError (403: scope missing), CrossSiteError (403: a session's change that
 * no page of ours sent).
 */
export async function requestScope(request: Request, needs?: TokenScope): Promise<AccountScope> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null)
    return tokenScope(request, authorization, needs ?? (READS.has(request.method) ? "read" : "write"));
  const standing = await sessionStanding(request.headers);
  if (standing === null) throw new UnauthenticatedError("Sign in first.");
  if (standing.mustEnrol) throw new UnauthenticatedError("Set up your second factor first.");
  requireOwnPage(request);
  return standing.scope;
}
