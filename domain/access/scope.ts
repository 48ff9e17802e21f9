import type { Origin } from "./origin";

/** Roles, strongest first. A grant is on everything (`accountId: null`) or on one account. */
export const ROLES = ["Owner", "Security Admin", "Security Reader"] as const;
export type Role = (typeof ROLES)[number];
const RANK: Readonly<Record<Role, number>> = { Owner: 2, "Security Admin": 1, "Security Reader": 0 };

export interface Grant {
  role: Role;
  accountId: string | null;
}

declare const minted: unique symbol;

/** Who asks and what they may see: the first argument of every query. Only `mintScope` makes one. */
export interface AccountScope {
  readonly [minted]: true;
  /** Null for a job, which acts for the installation. */
  readonly userId: string | null;
  readonly actor: string;
  readonly grants: readonly Grant[];
  /** Accounts that may be seen; null means all of them. */
  readonly accountIds: readonly string[] | null;
  /** The API token that asks; null for a person's session and for a job. */
  readonly tokenId: string | null;
  /** The session that asks; null for a token and for a job. */
  readonly sessionId: string | null;
  readonly origin: Origin;
}

/** By what a scope was asked for; everything may be left out, as for a job. */
export interface ScopeSource {
  tokenId?: string;
  sessionId?: string;
  origin?: Origin;
}
const NOWHERE: Origin = { address: null, userAgent: null };

/** A role was missing. Transports map it to 403. */
export class ForbiddenError extends Error {
  override name = "ForbiddenError";
  readonly code = "forbidden";
}

/** For the session gate, the API-token gate and a job's payload only. */
export function mintScope(
  userId: string | null,
  actor: string,
  grants: readonly Grant[],
  { tokenId, sessionId, origin }: ScopeSource = {},
): AccountScope {
  const everything = grants.some((grant) => grant.accountId === null);
  const accountIds = everything ? null : [...new Set(grants.flatMap((grant) => grant.accountId ?? []))];
  // The brand exists only in types; this is the one place that may put it on.
  return Object.freeze({
    userId,
    actor,
    grants,
    accountIds,
    tokenId: tokenId ?? null,
    sessionId: sessionId ?? null,
    origin: origin ?? NOWHERE,
  }) as AccountScope;
}

/** The scope as if it reached these accounts only: what it may not see stays unseen, and where it may act it acts. */
export function narrowScope(scope: AccountScope, accountIds: readonly string[]): AccountScope {
  const grants = scope.grants.flatMap((grant): Grant[] =>
    grant.accountId === null
      ? accountIds.map((accountId) => ({ role: grant.role, accountId }))
      : accountIds.includes(grant.accountId)
        ? [grant]
        : [],
  );
  return Object.freeze({
    ...scope,
    grants,
    accountIds: [...new Set(grants.flatMap(({ accountId }) => accountId ?? []))],
  });
}

/** True if the scope holds `role` or a stronger one, on everything or (when given) on `accountId`. */
export function hasRole(scope: AccountScope, role: Role, accountId?: string): boolean {
  return scope.grants.some(
    (grant) => RANK[grant.role] >= RANK[role] && (grant.accountId === null || grant.accountId === accountId),
  );
}

/** Accounts on which the scope holds `role` or a stronger one; null for everything. */
export function accountsWith(scope: AccountScope, role: Role): string[] | null {
  if (hasRole(scope, role)) return null;
  const there = scope.grants.filter((grant) => RANK[grant.role] >= RANK[role]);
  return [...new Set(there.flatMap((grant) => grant.accountId ?? []))];
}

/** True if the scope holds `role` or a stronger one on everything or on any account. */
export const holdsAnywhere = (scope: AccountScope, role: Role): boolean =>
  scope.grants.some((grant) => RANK[grant.role] >= RANK[role]);

/** Throws ForbiddenError unless the scope holds `role` or a stronger one there. */
export function requireRole(scope: AccountScope, role: Role, accountId?: string): void {
  if (!hasRole(scope, role, accountId)) throw new ForbiddenError(`This needs the role ${role}. Ask an Owner for it.`);
}

/** Throws ForbiddenError unless the scope holds a role anywhere. */
export function requireAnyRole(scope: AccountScope): void {
  if (scope.grants.length === 0) throw new ForbiddenError("You have no role yet. Ask an Owner for one.");
}

/** What grants amount to: one text for grants that allow the same, whatever they say twice. */
export function effectOf(grants: readonly Grant[]): string {
  const scope = mintScope(null, "", grants);
  return JSON.stringify(ROLES.map((role) => accountsWith(scope, role)?.sort() ?? null));
}

/** The strongest role held anywhere; undefined when none is. For display only. */
export function strongestRole(scope: AccountScope): Role | undefined {
  return ROLES.find((role) => scope.grants.some((grant) => grant.role === role));
}
