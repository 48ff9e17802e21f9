import { type FacetValue, MOST_FACET_VALUES } from "./answer";

/** Counts of one facet while they are added up, by value. */
export class Facet {
  readonly #counts = new Map<string, number>();

  add(value: string, count: number): void {
    if (count !== 0) this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
  }

  /**
   * Values by falling count, then label. Chosen values are there even when nothing matches them. `within` keeps those whose value or label
   * holds the text. `more` tells that some were left out.
   */
  values(
    label: (value: string) => string,
    chosen: readonly string[] = [],
    within: string | null = null,
  ): { values: FacetValue[]; more: boolean } {
    for (const value of chosen) if (!this.#counts.has(value)) this.#counts.set(value, 0);
    const all = within === null ? [...this.#counts] : this.#holding(within.toLowerCase(), label);
    // Ten thousand namespaces are not put in order for the few that are shown.
    const least = all.length > MOST_FACET_VALUES ? Float64Array.from(all, ([, count]) => -count).sort() : null;
    const from = -(least?.[MOST_FACET_VALUES - 1] ?? 0);
    const shown = all
      .filter(([, count]) => count >= from)
      .map(([value, count]) => ({ value, label: label(value), count }))
      .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
    return { values: shown.slice(0, MOST_FACET_VALUES), more: all.length > MOST_FACET_VALUES };
  }

  #holding(text: string, label: (value: string) => string): [string, number][] {
    const holds = (word: string): boolean => word.toLowerCase().includes(text);
    return [...this.#counts].filter(([value]) => holds(value) || holds(label(value)));
  }
}
