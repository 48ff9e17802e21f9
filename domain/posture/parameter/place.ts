/** A place as a form names it; what its scope does not need is passed over. */
interface NamedPlace {
  scope: string;
  account?: string;
  cluster?: string;
  namespace?: string;
}

/** What a place is called where parameters are stored: `fleet`, an account's or a cluster's id, or `CLUSTER/NAMESPACE`. Safe in the browser. */
export function placeKey({ scope, account = "", cluster = "", namespace = "" }: NamedPlace): string {
  if (scope === "fleet") return "fleet";
  if (scope === "account") return account;
  return scope === "cluster" ? cluster : `${cluster}/${namespace}`;
}
