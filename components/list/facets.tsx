"use client";

import { useState } from "react";
import { Button } from "../button";
import { plural } from "../format";
import { FacetOptions } from "./facet-options";
import type { ListCounts } from "./fetch";
import type { ListRow, ListSpec } from "./spec";
import { type ListState, toggled } from "./state";

interface FacetsProps<Row extends ListRow> {
  spec: ListSpec<Row>;
  state: ListState;
  counts: ListCounts | undefined;
  change: (patch: Partial<ListState>) => void;
  /** Called after a choice was applied, e.g. to close the sheet that this stands in. */
  onApplied?: () => void;
}
type Filters = ListState["filters"];

const same = (a: readonly string[] = [], b: readonly string[] = []): boolean =>
  a.length === b.length && a.every((value) => b.includes(value));

/** Facets with counts. Choices are gathered here and applied together: one change of the address, one request. */
export function Facets<Row extends ListRow>({ spec, state, counts, change, onApplied }: FacetsProps<Row>) {
  const [pending, setPending] = useState<Filters | null>(null);
  const [base, setBase] = useState(state.filters);
  // A chip, a view or Back changed the address: what was being chosen here was chosen under another one.
  if (base !== state.filters) {
    setBase(state.filters);
    setPending(null);
  }
  const chosen = pending ?? state.filters;
  const changes = spec.facets.filter((facet) => !same(chosen[facet.id], state.filters[facet.id])).length;
  const choose = (id: string, value: string, single: boolean) => {
    const before = chosen[id] ?? [];
    const after = single ? (before.includes(value) ? [] : [value]) : toggled(before, value);
    const { [id]: _old, ...rest } = chosen;
    setPending(after.length === 0 ? rest : { ...rest, [id]: after });
  };
  const apply = () => {
    change({ filters: chosen });
    onApplied?.();
  };
  return (
    <form
      className="facets"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (changes > 0) apply();
      }}
    >
      {spec.facets.map((facet) => (
        <FacetOptions
          key={facet.id}
          api={spec.api}
          facet={facet}
          state={state}
          counts={counts?.facets[facet.id]}
          more={counts?.more.includes(facet.id) ?? false}
          capped={counts?.capped.includes(facet.id) ?? false}
          chosen={chosen[facet.id] ?? []}
          onChoose={(value) => choose(facet.id, value, facet.single === true)}
        />
      ))}
      {changes === 0 ? null : (
        <div className="facets-apply">
          <Button variant="primary" small type="submit">
            Apply {plural(changes, "change")}
          </Button>
          <Button variant="ghost" small onClick={() => setPending(null)}>
            Reset
          </Button>
        </div>
      )}
    </form>
  );
}
