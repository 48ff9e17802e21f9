/** `href` with further parameters; empty ones are left out. */
export function withParameters(href: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const [path = "", search = ""] = href.split("?");
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== "") params.set(name, value);
  return params.size === 0 ? path : `${path}?${params.toString().replaceAll("%2C", ",")}`; // a comma parts values
}
