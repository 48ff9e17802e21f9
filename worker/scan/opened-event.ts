import type { Control } from "@/domain/posture/schema";
import type { FindingWrite } from "@/domain/posture/store";

/** An event stays small, however bad the cluster: it counts everything and names the most frequent. */
const MOST = { controls: 60, places: 200, controlsOfPlace: 8, examples: 3 };

interface Tally {
  count: number;
  /** Those of `count` that an exemption holds for; none of them is an example. */
  exempted: number;
  examples: { kind: string; namespace: string; name: string }[];
}
interface Place {
  namespace: string;
  owner: string | null;
  count: number;
  exempted: number;
  controls: Map<string, Tally>;
}

/** What is told of a finding. */
type Told = Pick<FindingWrite, "controlId" | "severity" | "kind" | "namespace" | "name" | "owner"> & {
  /** The exemption that holds for it. */
  exemption?: string | null;
};

function add(tallies: Map<string, Tally>, finding: Told): void {
  const { kind, namespace, name } = finding;
  const tally = tallies.get(finding.controlId) ?? { count: 0, exempted: 0, examples: [] };
  tallies.set(finding.controlId, tally);
  tally.count++;
  if (isExempted(finding)) tally.exempted++;
  else if (tally.examples.length < MOST.examples) tally.examples.push({ kind, namespace, name });
}

const isExempted = ({ exemption }: Told): boolean => (exemption ?? null) !== null;

/** Those that count first: what is exempted is nobody's news. */
const byCount = (a: Pick<Tally, "count" | "exempted">, b: Pick<Tally, "count" | "exempted">): number =>
  b.count - b.exempted - (a.count - a.exempted) || b.count - a.count;
const worst = (tallies: Map<string, Tally>, most: number): [string, Tally][] =>
  [...tallies].sort(([a, x], [b, y]) => byCount(x, y) || (a < b ? -1 : 1)).slice(0, most);

/**
 * What is told of findings of one severity: the count, how many of it are exempted, the controls with some names each, and by namespace
 * and owner, so that a route can take its part.
 */
export function openedPayload(severity: number, findings: readonly Told[], controls: readonly Control[]) {
  const titles = new Map(controls.map(({ id, title }) => [id, title]));
  const all = new Map<string, Tally>();
  const places = new Map<string, Place>();
  for (const finding of findings) {
    add(all, finding);
    const { namespace, owner } = finding;
    const key = JSON.stringify([namespace, owner]);
    const place = places.get(key) ?? { namespace, owner, count: 0, exempted: 0, controls: new Map() };
    places.set(key, place);
    place.count++;
    if (isExempted(finding)) place.exempted++;
    add(place.controls, finding);
  }
  return {
    severity,
    count: findings.length,
    exempted: findings.filter(isExempted).length,
    controls: worst(all, MOST.controls).map(([id, tally]) => ({ id, title: titles.get(id) ?? id, ...tally })),
    places: [...places.values()]
      .sort(byCount)
      .slice(0, MOST.places)
      .map((place) => ({
        ...place,
        controls: worst(place.controls, MOST.controlsOfPlace).map(([id, tally]) => ({ id, ...tally })),
      })),
  };
}

/** What is told of the findings that a scan opened: one payload per severity, the highest first. */
export const openedPayloads = (open: readonly Told[], controls: readonly Control[]): Record<string, unknown>[] =>
  [3, 2, 1, 0].flatMap((severity) => {
    const findings = open.filter((finding) => finding.severity === severity);
    return findings.length === 0 ? [] : [openedPayload(severity, findings, controls)];
  });
