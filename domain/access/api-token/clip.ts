import type { Grant } from "../scope";
import type { TokenScope } from "./schema";

export interface TokenLimits {
  scopes: readonly TokenScope[];
  /** Null: every account its maker sees. */
  accountIds: readonly string[] | null;
}

/**
 * The grants of a token: its maker's present ones, cut to the token's accounts and, by its scopes, to a role: Security Reader
 * without `write`, at most Security Admin with it.
 */
export function clipGrants(makers: readonly Grant[], token: TokenLimits): Grant[] {
  const highest = token.scopes.includes("write") ? "Security Admin" : "Security Reader";
  return makers.flatMap(({ role, accountId }): Grant[] => {
    const clipped = role === "Security Reader" ? role : highest;
    if (token.accountIds === null) return [{ role: clipped, accountId }];
    if (accountId === null) return token.accountIds.map((id) => ({ role: clipped, accountId: id }));
    return token.accountIds.includes(accountId) ? [{ role: clipped, accountId }] : [];
  });
}
