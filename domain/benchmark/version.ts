import type { Benchmark } from "./schema";

/** The Kubernetes that a benchmark is written for, by minor versions (`1.34`), both ends in it. */
export type KubernetesRange = NonNullable<Benchmark["kubernetes"]>;
/** A cluster that a benchmark judges though it was not written for its Kubernetes. */
export interface OutsideCluster {
  id: string;
  name: string;
  /** As its cloud tells it; null: not known, so that nobody can say that it lies within. */
  version: string | null;
}

/** Most clusters that a sentence names. */
const NAMED = 5;

const minorOf = (version: string): number | null => {
  const minor = /^v?1\.(\d{1,4})(?!\d)/.exec(version)?.[1];
  return minor === undefined ? null : Number(minor);
};

/** Clusters whose Kubernetes lies outside the range, or is not known; none where the benchmark says no range. */
export function outsideOf(range: KubernetesRange | undefined, clusters: readonly OutsideCluster[]): OutsideCluster[] {
  if (range === undefined) return [];
  const [from, to] = [minorOf(range.from) ?? 0, minorOf(range.to) ?? 0];
  return clusters
    .filter(({ version }) => {
      const minor = version === null ? null : minorOf(version);
      return minor === null || minor < from || minor > to;
    })
    .map(({ id, name, version }) => ({ id, name, version }));
}

/** `1.34`, `1.34 and 1.35`, `1.32 to 1.34`. */
function rangeWords({ from, to }: KubernetesRange): string {
  const span = (minorOf(to) ?? 0) - (minorOf(from) ?? 0);
  return span === 0 ? from : `${from} ${span === 1 ? "and" : "to"} ${to}`;
}

/** One sentence: what the benchmark is written for, and which clusters run something else. Null where none does. */
export function outsideWords(range: KubernetesRange | null, outside: readonly OutsideCluster[]): string | null {
  if (range === null || outside.length === 0) return null;
  const named = outside
    .slice(0, NAMED)
    .map(({ name, version }) => (version === null ? `${name} does not say its version` : `${name} runs ${version}`));
  const more = outside.length - NAMED;
  if (more > 0) named.push(`and ${more.toLocaleString("en")} more outside of it`);
  return `Written for Kubernetes ${rangeWords(range)}; ${named.join(", ")}. ${outside.length === 1 ? "It is" : "They are"} judged all the same.`;
}
