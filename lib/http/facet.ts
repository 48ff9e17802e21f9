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
    const wanted = within?.toLowerCase() ?? "";
    const all = [...this.#counts]
      .map(([value, count]) => ({ value, label: label(value), count }))
      .filter((one) => one.label.toLowerCase().includes(wanted) || one.value.toLowerCase().includes(wanted))
      .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
    return { values: all.slice(0, MOST_FACET_VALUES), more: all.length > MOST_FACET_VALUES };
  }
}
