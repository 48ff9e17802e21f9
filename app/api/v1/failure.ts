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
/** What pg says, without a code, of a connection that was lost, and of a server that says nothing. */
const SILENT = /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect)/;
/** Better Auth's words for a session that it could not read, and for one that was ended while it was read: its status tells them apart. */
const NO_SESSION = "Failed to get session";
/** What pg and Node say when the server is not there: connection refused or lost, shutting down; and when it ended a statement that took too long. */
const AWAY = new Set([LOST, "ECONNREFUSED", "ECONNRESET", "EPIPE", "57014", "57P01", "57P02", "57P03", "08003"]);

/** What PostgreSQL says of a text with a NUL in it, plain or within JSON. */
const UNSTORABLE = new Set(["22021", "22P05"]);

/** Whether Better Auth says this of the session, whose cause it keeps to itself; for a session it asks nobody but the database. */
const saysOfSession = (error: unknown, status: "UNAUTHORIZED" | "INTERNAL_SERVER_ERROR"): boolean =>
  error instanceof Error && error.message === NO_SESSION && "status" in error && error.status === status;

/** What an error wraps; Prisma hides what the driver said of a query in a field of its own. */
function wrappedBy(error: object): unknown {
  const meta = "meta" in error && typeof error.meta === "object" && error.meta !== null ? error.meta : {};
  if ("driverAdapterError" in meta) return meta.driverAdapterError;
  return "cause" in error ? error.cause : undefined;
}

/** Codes of an error and of what caused it: Prisma, for one, wraps what pg and Node say, and not always in an error. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 8; at = wrappedBy(at), depth++) {
    if ("code" in at && typeof at.code === "string") codes.push(at.code);
    if ("originalCode" in at && typeof at.originalCode === "string") codes.push(at.originalCode);
    if (!(at instanceof Error)) continue;
    // Whatever kept it from connecting, as the missing socket of a server that ended.
    if ("syscall" in at && at.syscall === "connect") codes.push(LOST);
    if (SILENT.test(at.message) || saysOfSession(at, "INTERNAL_SERVER_ERROR")) codes.push(LOST);
    if (at instanceof AggregateError) codes.push(...at.errors.flatMap(codesOf));
  }
  return codes;
}

/** Any error as a problem: those that are meant for people by their own words, all others by a reference into the log. */
export function problemOf(error: unknown, what: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof UnauthenticatedError)
    return new Problem("unauthenticated", error.message, { headers: { "WWW-Authenticate": "Bearer" } });
  if (saysOfSession(error, "UNAUTHORIZED")) return problemOf(new UnauthenticatedError("Sign in first."), what);
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
