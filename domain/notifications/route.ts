import type { Happening, Opened, Part } from "./event";
import { PACES, type Pace } from "./schema";

/** A route as it is stored. Empty conditions mean: any. */
export interface Route {
  id: string;
  name: string;
  enabled: boolean;
  kinds: string[];
  minSeverity: number;
  accountIds: string[];
  clusterIds: string[];
  namespaces: string[];
  owners: string[];
  toUsers: string[];
  toRoles: string[];
  toAddresses: string[];
  /** Its mails wait for a digest of this pace; `now`: as each recipient has chosen. */
  pace: Pace;
}

/** A route as its form begins with it: an edit says which version it changes. */
export interface RouteRow extends Route {
  version: string;
}

const byPace = (a: Pace, b: Pace): number => PACES.indexOf(a) - PACES.indexOf(b);
/** Of several routes to one recipient the quickest decides. */
export const quicker = (a: Pace, b: Pace): Pace => (byPace(a, b) <= 0 ? a : b);
/** Of a route and what its recipient chose the slower decides. */
export const slower = (a: Pace, b: Pace): Pace => (byPace(a, b) >= 0 ? a : b);

/** True when `value` is `pattern`, in which a star stands for any characters. Linear: no expression is built. */
export function fits(pattern: string, value: string): boolean {
  const pieces = pattern.split("*");
  const [first = "", ...rest] = pieces;
  if (rest.length === 0) return value === pattern;
  const last = rest.pop() ?? "";
  if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = value.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= value.length - last.length;
}

const any = <T>(chosen: readonly T[], value: T | null): boolean =>
  chosen.length === 0 || (value !== null && chosen.includes(value));
const anyFits = (patterns: readonly string[], value: string | null): boolean =>
  patterns.length === 0 || (value !== null && patterns.some((pattern) => fits(pattern, value)));

/** True when a namespace and its owner belong to a part. */
const inPart = (part: Part, place: { namespace: string; owner: string | null }): boolean =>
  anyFits(part.namespaces, place.namespace) && anyFits(part.owners, place.owner);

/**
 * What of an event a route takes: `null` nothing, `"all"`, or the part of its namespaces and owners. Only opened findings lie in
 * namespaces, so a route with such a condition takes nothing else. Of findings that are all exempted nothing is taken.
 */
export function taken(route: Route, happening: Happening): "all" | Part | null {
  const { body } = happening;
  if (!route.enabled || happening.severity < route.minSeverity) return null;
  if (!any(route.kinds, body.kind as string)) return null;
  if (!any(route.accountIds, happening.accountId) || !any(route.clusterIds, happening.clusterId)) return null;
  const part = { namespaces: route.namespaces, owners: route.owners };
  const whole = route.namespaces.length === 0 && route.owners.length === 0;
  if (body.kind !== "finding.opened") return whole ? "all" : null;
  if (tellable(body, whole ? null : [part]).count === 0) return null;
  return whole ? "all" : part;
}

/** What is told of opened findings. `count` and `controls` are of those that no exemption holds for; of the others it is told how many. */
export interface Tellable {
  count: number;
  exempted: number;
  controls: Omit<Opened["controls"][number], "exempted">[];
}
const counting = ({ count, exempted }: { count: number; exempted: number }): number => Math.max(0, count - exempted);

/** What of an event's findings is told of some parts; of all of it when `parts` is null. The most frequent controls first. */
export function tellable(opened: Opened, parts: readonly Part[] | null): Tellable {
  const titles = new Map(opened.controls.map(({ id, title }) => [id, title]));
  const places = parts === null ? [opened] : opened.places.filter((place) => parts.some((part) => inPart(part, place)));
  const controls = new Map<string, Tellable["controls"][number]>();
  const all: Tellable = { count: 0, exempted: 0, controls: [] };
  for (const place of places) {
    all.count += counting(place);
    all.exempted += place.exempted;
    for (const { id, examples, ...tally } of place.controls) {
      const count = counting(tally);
      const known = controls.get(id);
      if (count === 0) continue;
      if (known === undefined) controls.set(id, { id, title: titles.get(id) ?? id, count, examples });
      else {
        known.count += count;
        known.examples = [...known.examples, ...examples].slice(0, 3);
      }
    }
  }
  return { ...all, controls: [...controls.values()].sort((a, b) => b.count - a.count) };
}

/** Merges what several routes took for one recipient; whole beats any part. */
export const mergeTaken = (some: readonly ("all" | Part)[]): Part[] | null =>
  some.includes("all") ? null : some.filter((one): one is Part => one !== "all");
