import type { ScoredControl } from "../score";

/**
 * Resources that only one stable control keeps unhealthy in a score group, by that control: what fixing it alone would make healthy.
 * `openByResource` are the controls with an open finding on each resource.
 */
export function countSoleFailures(
  openByResource: Iterable<ReadonlySet<string>>,
  controls: ReadonlyMap<string, ScoredControl>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const open of openByResource) {
    const byGroup = new Map<string, string | null>();
    for (const id of open) {
      const control = controls.get(id);
      if (control?.maturity === "stable") byGroup.set(control.scoreGroup, byGroup.has(control.scoreGroup) ? null : id);
    }
    for (const id of byGroup.values()) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
