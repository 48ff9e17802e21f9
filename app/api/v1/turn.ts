import "server-only";
import type { TokenScope } from "@/domain/access/api-token/schema";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { Problem } from "@/lib/http/problem";
import { type Turn, takeTurn } from "@/lib/http/rate-limit";

const MINUTE_MS = 60_000;
/** Requests a minute, per token or, without one, per person. */
export const LIMITS: Readonly<Record<TokenScope, number>> = { read: 600, export: 30, write: 60 };

/** Counts this request; throws a 429 that says how long to wait. */
export async function requireTurn(scope: AccountScope, needs: TokenScope): Promise<Turn> {
  const who = scope.tokenId === null ? `person:${scope.userId}` : `token:${scope.tokenId}`;
  const turn = await takeTurn(pool(), `${needs}:${who}`, LIMITS[needs], MINUTE_MS);
  if (turn.allowed) return turn;
  throw new Problem("too-many-requests", `${turn.limit} of these a minute are allowed. Try again in ${turn.reset} s.`, {
    headers: { "Retry-After": String(turn.reset), ...turnHeaders(turn) },
  });
}

export const turnHeaders = (turn: Turn): Record<string, string> => ({
  RateLimit: `limit=${turn.limit}, remaining=${turn.remaining}, reset=${turn.reset}`,
});
