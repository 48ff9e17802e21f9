import { z } from "zod";

/** Where one looks: everything that may be seen, one account, or one cluster. Safe in the browser. */
export type Place = { scope: "fleet" } | { scope: "account" | "cluster"; id: string };
export const FLEET: Place = { scope: "fleet" };

const placeQuery = z.object({
  account: z.uuid().toLowerCase().optional().catch(undefined),
  cluster: z.uuid().toLowerCase().optional().catch(undefined),
});

/** A place as an address names it; a cluster is nearer than an account. What does not parse counts as not given. */
export function placeOf(search: Readonly<Record<string, unknown>>): Place {
  const { account, cluster } = placeQuery.parse({ account: search.account, cluster: search.cluster });
  if (cluster !== undefined) return { scope: "cluster", id: cluster };
  return account === undefined ? FLEET : { scope: "account", id: account };
}

/** `?account=…`, `?cluster=…` or nothing; `more` are further parameters. */
export function placeSearch(place: Place, more: Readonly<Record<string, string | undefined>> = {}): string {
  const params = new URLSearchParams(place.scope === "fleet" ? {} : { [place.scope]: place.id });
  for (const [name, value] of Object.entries(more)) if (value !== undefined && value !== "") params.set(name, value);
  return params.size === 0 ? "" : `?${params}`;
}
