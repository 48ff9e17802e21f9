"use client";

import { Icon } from "../icon";
import type { ListCounts } from "./fetch";
import { clearedOf, type ListRow, type ListSpec } from "./spec";
import type { ListState } from "./state";

interface ChipsProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  state: ListState;
  counts: ListCounts | undefined;
  change: (patch: Partial<ListState>) => void;
}

/** The words of a value: the facet's own, else those that the counts or the page know it by, else the value itself. */
export function wordsOf<Row extends ListRow>(
  spec: ListSpec<Row>,
  counts: ListCounts | undefined,
  facet: string,
  value: string,
): string {
  return (
    spec.facets.find((each) => each.id === facet)?.options?.find((option) => option.value === value)?.label ??
    counts?.facets[facet]?.find((each) => each.value === value)?.label ??
    spec.parameters?.find((each) => each.id === facet)?.names?.[value] ??
    value
  );
}

/** One chip for each filter in the address, no more and no less; each goes at a press, and all at once. */
export function Chips<Row extends ListRow>({ spec, state, counts, change }: ChipsProps<Row>) {
  const named = [...spec.facets, ...(spec.parameters ?? [])].filter((facet) => state.filters[facet.id] !== undefined);
  if (named.length === 0 && state.q === "") return null;
  const without = (id: string) =>
    change({ filters: Object.fromEntries(Object.entries(state.filters).filter(([key]) => key !== id)) });
  return (
    <>
      {named.map(({ id, label }) => {
        const values = (state.filters[id] ?? []).map((value) => wordsOf(spec, counts, id, value));
        return (
          <span className="chip" key={id}>
            <span className="k">{label}</span>
            <b className="el" title={values.join(", ")}>
              <bdi>{values.slice(0, 3).join(", ")}</bdi>
              {values.length > 3 ? ` and ${values.length - 3} more` : ""}
            </b>
            <button type="button" className="x" onClick={() => without(id)} aria-label={`Remove the filter ${label}`}>
              <Icon small name="close" />
            </button>
          </span>
        );
      })}
      {state.q === "" ? null : (
        <span className="chip">
          <span className="k">Text</span>
          <b className="el" title={state.q}>
            <bdi>{state.q}</bdi>
          </b>
          <button type="button" className="x" onClick={() => change({ q: "" })} aria-label="Remove the text">
            <Icon small name="close" />
          </button>
        </span>
      )}
      <button
        type="button"
        className="btn ghost sml lnk"
        onClick={() => change({ filters: clearedOf(spec, state.filters), q: "" })}
      >
        Clear all
      </button>
    </>
  );
}
