/** Where a request came from, as the audit log and the list of sessions keep it. */
export interface Origin {
  /** The client's address; null when the server in front did not tell. */
  address: string | null;
  userAgent: string | null;
}

/** Set for every request by scripts/client-address.mjs from the connection itself; whatever the client sent under this name is lost. */
export const ADDRESS_HEADER = "x-seawall-address";

const printable = (text: string | null, max: number): string | null =>
  text === null || text === "" ? null : text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, max);

/** The origin that a request's headers tell, bounded and printable. */
export function originOf(headers: Headers): Origin {
  return {
    address: printable(headers.get(ADDRESS_HEADER), 45),
    userAgent: printable(headers.get("user-agent"), 300),
  };
}
