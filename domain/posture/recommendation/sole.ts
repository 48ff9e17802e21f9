import { SYSTEM_NAMESPACES } from "@/domain/inventory/system-namespace";
import type { ScoredControl } from "../score";

/** The controls with an open finding on one resource. */
export interface Failing {
  open: ReadonlySet<string>;
  namespace: string;
}
/** Resources that only one control keeps unhealthy. */
export interface Sole {
  resources: number;
  /** Those outside the namespaces that the cluster makes and restores: what people can change. */
  own: number;
}

/** Resources that only one stable control keeps unhealthy in a score group, by that control: what fixing it alone would make healthy. */
export function countSoleFailures(
  failing: Iterable<Failing>,
  controls: ReadonlyMap<string, ScoredControl>,
): Map<string, Sole> {
  const counts = new Map<string, Sole>();
  for (const { open, namespace } of failing) {
    const byGroup = new Map<string, string | null>();
    for (const id of open) {
      const control = controls.get(id);
      if (control?.maturity === "stable") byGroup.set(control.scoreGroup, byGroup.has(control.scoreGroup) ? null : id);
    }
    const own = SYSTEM_NAMESPACES.has(namespace) ? 0 : 1;
    for (const id of byGroup.values()) if (id !== null) addSole(counts, id, { resources: 1, own });
  }
  return counts;
}

/** Adds to what one control alone keeps unhealthy; what comes to nothing is left out. */
export function addSole(counts: Map<string, Sole>, id: string, { resources, own }: Sole, sign: 1 | -1 = 1): void {
  const known = counts.get(id);
  const next = { resources: (known?.resources ?? 0) + sign * resources, own: (known?.own ?? 0) + sign * own };
  if (next.resources === 0 && next.own === 0) counts.delete(id);
  else counts.set(id, next);
}
