import "server-only";
import { CrossSiteError, UnauthenticatedError } from "@/domain/access/gate";
import { ForbiddenError } from "@/domain/access/scope";
import { AccountError } from "@/domain/accounts/account-error";
import { ExemptionError, NoPlaceError } from "@/domain/posture/exemption/reach";
import { CursorError } from "@/lib/http/cursor";
import { Problem } from "@/lib/http/problem";
import { uuidv7 } from "@/lib/id";
import { logFor, reasonOf } from "@/lib/log";

const log = logFor("api");
const LOST = "08006";
/**
 * What pg says, without a code, of a connection that was lost, and of a server that says nothing; and Better Auth, which keeps the cause
 * to itself, when it could not read a session, for which it asks nobody but the database.
 */
const SILENT =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Failed to get session)/;
/** What pg and Node say when the server is not there: connection refused or lost, shutting down. */
const AWAY = new Set([LOST, "ECONNREFUSED", "ECONNRESET", "EPIPE", "57P01", "57P02", "57P03", "08003"]);

/** What PostgreSQL says of a text with a NUL in it, plain or within JSON. */
const UNSTORABLE = new Set(["22021", "22P05"]);

/** Codes of an error and of what caused it: Prisma, for one, wraps what pg and Node say. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") codes.push(at.code);
    // Whatever kept it from connecting, as the missing socket of a server that ended.
    if (("syscall" in at && at.syscall === "connect") || SILENT.test(at.message)) codes.push(LOST);
    if (at instanceof AggregateError) codes.push(...at.errors.flatMap(codesOf));
  }
  return codes;
}

/** Any error as a problem: those that are meant for people by their own words, all others by a reference into the log. */
export function problemOf(error: unknown, what: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof UnauthenticatedError)
    return new Problem("unauthenticated", error.message, { headers: { "WWW-Authenticate": "Bearer" } });
  if (error instanceof ForbiddenError) return new Problem("forbidden", error.message);
  if (error instanceof CrossSiteError) return new Problem("cross-site", error.message);
  if (error instanceof CursorError) return new Problem("invalid", error.message);
  if (error instanceof NoPlaceError) return new Problem("not-found", error.message);
  if (error instanceof AccountError && error.fields !== undefined)
    return new Problem("invalid", error.message, {
      errors: Object.entries(error.fields).map(([at, message]) => ({
        at: at.replace(/^secret\./, "secrets."),
        message,
      })),
    });
  if (error instanceof AccountError || error instanceof ExemptionError) return new Problem("conflict", error.message);
  const codes = codesOf(error);
  if (codes.some((code) => UNSTORABLE.has(code)))
    return new Problem("invalid", "A text holds a NUL, which cannot be kept.");
  const reference = uuidv7();
  log.error("a request failed", { what, reference, reason: reasonOf(error) });
  if (codes.some((code) => AWAY.has(code)))
    return new Problem("unavailable", "The database does not answer.", { reference, headers: { "Retry-After": "5" } });
  return new Problem("internal", "This is a fault of ours; nothing was changed.", { reference });
}
