/**
 * Where one looks: everything that may be seen, one account, or one cluster; and whether as if no exemption held. Safe in the browser.
 */
export type Place = ({ scope: "fleet" } | { scope: "account" | "cluster"; id: string }) & { exemptions?: "without" };
export const FLEET: Place = { scope: "fleet" };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const uuidOf = (value: unknown): string | null => {
  const text = typeof value === "string" ? value.toLowerCase() : "";
  return UUID.test(text) ? text : null;
};

/** A place as an address names it; a cluster is nearer than an account. What does not parse counts as not given. */
export function placeOf(search: {
  readonly account?: unknown;
  readonly cluster?: unknown;
  readonly exemptions?: unknown;
}): Place {
  const [cluster, account] = [uuidOf(search.cluster), uuidOf(search.account)];
  const bare = search.exemptions === "without" ? { exemptions: "without" as const } : {};
  if (cluster !== null) return { scope: "cluster", id: cluster, ...bare };
  return account === null ? { ...FLEET, ...bare } : { scope: "account", id: account, ...bare };
}

/** `?account=…`, `?cluster=…` or nothing, and `exemptions=without`; `more` are further parameters. */
export function placeSearch(place: Place, more: Readonly<Record<string, string | undefined>> = {}): string {
  const params = new URLSearchParams(place.scope === "fleet" ? {} : { [place.scope]: place.id });
  if (place.exemptions !== undefined) params.set("exemptions", place.exemptions);
  for (const [name, value] of Object.entries(more)) if (value !== undefined && value !== "") params.set(name, value);
  return params.size === 0 ? "" : `?${params}`;
}

/**
 * Name of a file about a benchmark, which says of where and what its figures leave out: `seawall-mcsb-account-payments-prod-2026-11-22.csv`,
 * `seawall-mcsb-2026-11-22-without-exemptions.csv`. `name`: that of the account or cluster, which holds anything.
 */
export function fileName(
  benchmark: string,
  { place, name }: { readonly place: Place; readonly name: string },
  ending: string,
  now = new Date(),
): string {
  const bare = place.exemptions === undefined ? "" : "-without-exemptions";
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40);
  const where = place.scope === "fleet" ? "" : `-${place.scope}-${plain === "" ? place.id : plain}`;
  return `seawall-${benchmark}${where}-${now.toISOString().slice(0, 10)}${bare}.${ending}`;
}
