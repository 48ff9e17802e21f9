import type { Role } from "../scope";
import type { HeldRole } from "./schema";

/** Where a change of a person begins: `accountIds` null is everything, an empty list nothing. */
export interface Beginning {
  role: Role;
  accountIds: readonly string[] | null;
}

/**
 * What a person was given where this Owner may change it, so that saving at once changes nothing: the role on everything, else the first
 * role with every account that it is held on. Who was given nothing there begins with the least role, on nothing.
 */
export function beginningOf(
  grants: readonly HeldRole[],
  accounts: readonly { id: string }[],
  everything: boolean,
): Beginning {
  const mine = new Set(accounts.map((account) => account.id));
  const given = grants.filter((grant) => grant.source === "given");
  const onAll = given.find((grant) => grant.accountId === null);
  if (everything && onAll !== undefined) return { role: onAll.role, accountIds: null };
  const there = given.flatMap(({ role, accountId }) =>
    accountId !== null && mine.has(accountId) ? [{ role, accountId }] : [],
  );
  const role = there[0]?.role ?? "Security Reader";
  return { role, accountIds: there.flatMap((grant) => (grant.role === role ? [grant.accountId] : [])) };
}
