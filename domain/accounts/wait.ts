import type { Gap } from "@/domain/inventory/schema";

/** The longest that a server's wish keeps us away: one that asks for years is not obeyed for years. */
export const MAX_WAIT_MS = 6 * 3_600_000;

/** Until when the failures of one look ask not to be called again; null when none of them asks for anything. */
export function waitUntilOf(gaps: readonly Gap[], now: Date): Date | null {
  const wishes = gaps.flatMap(({ code, retryAfterMs }) =>
    retryAfterMs !== undefined && retryAfterMs > 0 && (code === "throttled" || code === "server_error")
      ? [retryAfterMs]
      : [],
  );
  return wishes.length === 0 ? null : new Date(now.getTime() + Math.min(MAX_WAIT_MS, Math.max(...wishes)));
}
