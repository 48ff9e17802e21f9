import type { Distribution, Provider } from "./schema";

/** An account, and how much the last look at it told: all that was asked, a part, or nothing; `unasked`: there was none yet. */
export interface AccountSight {
  id: string;
  name: string;
  provider: Provider;
  told: "all" | "part" | "nothing" | "unasked";
}

/** How many assessments were due in clusters, and how many of them were made. */
export interface Assessed {
  expected: number;
  evaluated: number;
}

const PROVIDER_OF: Readonly<Record<Distribution, Provider>> = { aks: "azure", arc: "azure", eks: "aws", gke: "gcp" };

/** Accounts under a list's address that were not looked at completely. None where it names clusters: those are known. */
export function unseenUnder(
  params: Pick<URLSearchParams, "getAll">,
  accounts: readonly AccountSight[],
): readonly AccountSight[] {
  const values = (name: string) =>
    params
      .getAll(name)
      .flatMap((each) => each.split(","))
      .filter((each) => each !== "");
  const [ids, providers, distributions] = [values("account"), values("provider"), values("distribution")];
  if (values("cluster").length > 0) return [];
  return accounts.filter(
    ({ id, provider, told }) =>
      told !== "all" &&
      (ids.length === 0 || ids.includes(id)) &&
      (providers.length === 0 || providers.includes(provider)) &&
      (distributions.length === 0 || distributions.some((each) => PROVIDER_OF[each as Distribution] === provider)),
  );
}
