import "server-only";
import { notFound } from "next/navigation";
import { CouldNotLook, Empty } from "@/components/empty";
import type { AccountScope } from "@/domain/access/scope";
import { PlaceSwitch } from "@/domain/benchmark/components/place-switch";
import { type Place, placeOf, placeSearch } from "@/domain/benchmark/place";
import { listPlaces, type NamedPlace, readPlace } from "@/domain/benchmark/report/queries";
import { ExemptionSwitch as Switch } from "@/domain/inventory/components/exemption-switch";
import type { AccountSight } from "@/domain/inventory/sight";
import type { QueryRecord } from "@/lib/http/list-query";

/** The place that a page's address names. Not found when it is not there or not to be seen. */
export async function askedPlace(scope: AccountScope, search: QueryRecord): Promise<NamedPlace> {
  return (await readPlace(scope, placeOf(search))) ?? notFound();
}

/** No benchmark, or not the one that is looked at, concerns a cluster here: because there is none, or because not all was looked at. */
export function NoCluster({ at, accounts }: { at: NamedPlace; accounts: readonly AccountSight[] }) {
  const blind =
    at.place.scope !== "cluster" && accounts.some(({ id, told }) => told !== "all" && id === (at.accountId ?? id));
  return blind ? (
    <CouldNotLook>
      No cluster to judge was found where it could be looked, so nothing was judged and nothing can be said.
    </CouldNotLook>
  ) : (
    <Empty title="No cluster here to judge">
      <p>What is chosen above holds none that is meant: no requirement was judged.</p>
    </Empty>
  );
}

/** The switch between places, keeping the rest of the address. `distributions`: those that the benchmark is meant for; none for all. */
export async function PlaceMenu({
  scope,
  at,
  path,
  distributions = [],
  more = {},
}: {
  scope: AccountScope;
  at: NamedPlace;
  path: string;
  distributions?: readonly string[] | undefined;
  more?: Readonly<Record<string, string | undefined>>;
}) {
  const places = await listPlaces(scope, distributions);
  const whole = scope.accountIds === null ? "Everything" : "Your accounts";
  const bare = at.place.exemptions === "without" ? { exemptions: "without" as const } : {};
  const hrefOf = (place: Place) => `${path}${placeSearch({ ...place, ...bare }, more)}`;
  const choices = [
    { name: whole, note: "All accounts and clusters", href: hrefOf({ scope: "fleet" }) },
    ...places.map((place) => ({
      name: place.name,
      note: place.accountName === null ? "Account" : `Cluster of ${place.accountName}`,
      href: hrefOf({ scope: place.scope, id: place.id }),
    })),
  ];
  return <PlaceSwitch current={at.name} choices={choices} />;
}

/** Looks at the same with exemptions, or as if there were none. */
export function ExemptionSwitch({
  at,
  path,
  more = {},
}: {
  at: NamedPlace;
  path: string;
  more?: Readonly<Record<string, string | undefined>>;
}) {
  const { exemptions, ...place } = at.place;
  const without: Place = { ...place, exemptions: "without" };
  const other = `${path}${placeSearch(exemptions === undefined ? without : place, more)}`;
  return <Switch exemptions={exemptions ?? "with"} href={other} />;
}
