/** How the last scan of a cluster that could not be read completely ended. */
export const UNREAD_SCANS = ["partial", "failed", "none"] as const;
/** Most of such clusters that are named. */
export const MOST_NAMED = 3;

/** What of a list's filter says where it looks. */
const PLACE = ["account", "cluster", "distribution"] as const;

/** The part of an address that says where a list looks, as the list of clusters takes it, with `?`; empty for everywhere. One spelling for one place. */
export function placeOf(params: Pick<URLSearchParams, "getAll">): string {
  const parts = PLACE.flatMap((name) => {
    const values = [...new Set(params.getAll(name).flatMap((each) => each.split(",")))].filter((each) => each !== "");
    return values.length === 0 ? [] : [`${name}=${values.sort().map(encodeURIComponent).join(",")}`];
  });
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
