import type { Happening, Part } from "../event";
import { mergeTaken, quicker, type Route, taken } from "../route";
import type { Pace } from "../schema";

/** A person with the grants he holds. */
export interface Person {
  id: string;
  email: string;
  grants: { role: string; accountId: string | null }[];
}

/** Somebody an event goes to: a person by id, or an address outside Seawall; `parts` null means the whole event, `pace` is its routes'. */
export interface Chosen {
  key: string;
  userId: string | null;
  address: string;
  parts: Part[] | null;
  pace: Pace;
}

/** Whether a person may see what belongs to an account; what belongs to none is for those who see everything. */
export const maySee = (person: Pick<Person, "grants">, accountId: string | null): boolean =>
  person.grants.some((grant) => grant.accountId === null || (accountId !== null && grant.accountId === accountId));

const holds = (person: Person, role: string, accountId: string | null): boolean =>
  person.grants.some((grant) => grant.role === role && (grant.accountId === null || grant.accountId === accountId));

/** Addresses of the reserved domain `invalid` belong to nobody (the demo's Owner has one). */
const isReal = (address: string): boolean => address.includes("@") && !/\.invalid$/i.test(address);

/** An event goes to so many at the most. */
const MOST = 500;

/**
 * Who gets an event by the routes. A person gets it once, however many routes name him, and only of accounts that he may see; an
 * address that is a person's counts as that person.
 */
export function recipientsOf(happening: Happening, routes: readonly Route[], people: readonly Person[]): Chosen[] {
  const found = new Map<string, { userId: string | null; address: string; took: ("all" | Part)[]; pace: Pace }>();
  const add = (userId: string | null, address: string, took: "all" | Part, pace: Pace) => {
    if (!isReal(address)) return;
    const key = userId === null ? `mail:${address}` : `user:${userId}`;
    const known = found.get(key);
    if (known !== undefined) {
      known.took.push(took);
      known.pace = quicker(known.pace, pace);
    } else if (found.size < MOST) found.set(key, { userId, address, took: [took], pace });
  };
  const byAddress = new Map(people.map((person) => [person.email.toLowerCase(), person]));
  for (const route of routes) {
    const took = taken(route, happening);
    if (took === null) continue;
    for (const person of people) {
      const named =
        route.toUsers.includes(person.id) ||
        route.toRoles.some((role) => holds(person, role, happening.accountId)) ||
        route.toAddresses.includes(person.email.toLowerCase());
      if (named && maySee(person, happening.accountId)) add(person.id, person.email.toLowerCase(), took, route.pace);
    }
    for (const address of route.toAddresses) if (!byAddress.has(address)) add(null, address, took, route.pace);
  }
  return [...found].map(([key, { took, ...to }]) => ({ key, ...to, parts: mergeTaken(took) }));
}
