import { type AccountScope, hasRole, requireRole } from "@/domain/access/scope";
import type { ExemptionTarget } from "./schema";

/** An exemption can't be had so; the message says why. */
export class ExemptionError extends Error {
  override name = "ExemptionError";
  readonly code = "exemption";
}

/** An account or a cluster that is not there, or not there for who asks. */
export class NoPlaceError extends ExemptionError {
  override name = "NoPlaceError";
}

/** Where an exemption reaches: the fleet, or these accounts. */
export interface Reach {
  everywhere: boolean;
  accountIds: string[];
}

/** The reach of targets whose clusters have their account named. */
export const reachOf = (targets: readonly ExemptionTarget[]): Reach => ({
  everywhere: targets.some(({ account }) => account === undefined),
  accountIds: [...new Set(targets.flatMap(({ account }) => account ?? []))].sort(),
});

/** Whether the scope may decide on what reaches so far. For display; the mutations ask again. */
export const mayChange = (scope: AccountScope, { everywhere, accountIds }: Reach): boolean =>
  everywhere
    ? hasRole(scope, "Security Admin")
    : accountIds.every((accountId) => hasRole(scope, "Security Admin", accountId));

const DAY = 86_400_000;

/** What is wrong with an end; null when nothing is. */
export function expiryProblem(expiresAt: string | null, longestDays: number | null, now: Date): string | null {
  if (expiresAt === null)
    return longestDays === null
      ? null
      : `It must end within ${longestDays} ${longestDays === 1 ? "day" : "days"}. Say when.`;
  const days = (Date.parse(expiresAt) - now.getTime()) / DAY;
  if (days <= 0) return "It must end in the future.";
  // A day named in a form ends with it, in whatever time zone.
  return longestDays !== null && days > longestDays + 1
    ? `It must end within ${longestDays} ${longestDays === 1 ? "day" : "days"}.`
    : null;
}

/** Throws ForbiddenError unless the scope may change exemptions wherever this reaches. */
export function requireReach(scope: AccountScope, { everywhere, accountIds }: Reach): void {
  if (everywhere) requireRole(scope, "Security Admin");
  else for (const accountId of accountIds) requireRole(scope, "Security Admin", accountId);
}
