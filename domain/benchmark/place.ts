/** Where one looks: everything that may be seen, one account, or one cluster. Safe in the browser. */
export type Place = { scope: "fleet" } | { scope: "account" | "cluster"; id: string };
export const FLEET: Place = { scope: "fleet" };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const uuidOf = (value: unknown): string | null => {
  const text = typeof value === "string" ? value.toLowerCase() : "";
  return UUID.test(text) ? text : null;
};

/** A place as an address names it; a cluster is nearer than an account. What does not parse counts as not given. */
export function placeOf(search: { readonly account?: unknown; readonly cluster?: unknown }): Place {
  const [cluster, account] = [uuidOf(search.cluster), uuidOf(search.account)];
  if (cluster !== null) return { scope: "cluster", id: cluster };
  return account === null ? FLEET : { scope: "account", id: account };
}

/** `?account=…`, `?cluster=…` or nothing; `more` are further parameters. */
export function placeSearch(place: Place, more: Readonly<Record<string, string | undefined>> = {}): string {
  const params = new URLSearchParams(place.scope === "fleet" ? {} : { [place.scope]: place.id });
  for (const [name, value] of Object.entries(more)) if (value !== undefined && value !== "") params.set(name, value);
  return params.size === 0 ? "" : `?${params}`;
}
