import { DISPUTED, type Facts, known } from "@/domain/inventory/fact";

/** Facts of an object from files; DISPUTED where roles that decide one were given more than once and disagree. */
type Certain = { [K in keyof Facts]?: Facts[K] | typeof DISPUTED };

/** What files tell of an object. */
export interface FileFacts<Told = Certain> {
  /** Holds whatever else the cluster may contain. */
  certain: Told;
  /** What a role grants that is not known in full: no less than `least`, no more than `most`. */
  between: { least: Facts; most: Facts } | undefined;
}

/** What holds whichever of disputed roles a cluster has: `low` was told with what all of them give, `high` with what any does. */
export function betweenReadings(low: FileFacts<Facts>, high: FileFacts<Facts>): FileFacts {
  const { reach: _reach, namespaceReach: _narrow, sureGrants: _sure, builtIn: _own, ...rest } = high.certain;
  const { reach, namespaceReach, sureGrants, builtIn } = low.certain;
  // Lower bounds are told only when they are enough.
  const certain: Certain = { ...rest, ...known({ reach, namespaceReach, sureGrants }) };
  for (const fact of ["grants", "powers", "namespacePowers"] as const)
    if (String(low.certain[fact]) !== String(high.certain[fact])) certain[fact] = DISPUTED;
  if (builtIn !== undefined && builtIn === high.certain.builtIn) certain.builtIn = builtIn;
  const [least, most] = [grantedIn(low, "least"), grantedIn(high, "most")];
  return { certain, between: JSON.stringify(least) === JSON.stringify(most) ? undefined : { least, most } };
}

/** All that is known of one bound. */
function grantedIn({ certain, between }: FileFacts<Facts>, bound: "least" | "most"): Facts {
  const { grants, powers, namespacePowers, builtIn } = { ...certain, ...between?.[bound] };
  return known({ grants, powers, namespacePowers, builtIn });
}
