"use client";

import { isToggled, type ListSpec } from "./spec";
import type { ListState } from "./state";

interface ListToggleProps {
  toggle: NonNullable<ListSpec<never>["toggle"]>;
  state: ListState;
  hrefOf: (patch: Partial<ListState>) => string;
  change: (patch: Partial<ListState>) => void;
}

/** Looks at the same rows in another way, and back. A link, so that it can be opened beside this one. */
export function ListToggle({ toggle, state, hrefOf, change }: ListToggleProps) {
  const { [toggle.id]: _given, ...rest } = state.filters;
  const isOn = isToggled({ toggle }, state.filters);
  const other = { filters: isOn ? rest : { ...rest, [toggle.id]: [toggle.value] } };
  return (
    <a
      className="btn"
      href={hrefOf(other)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        change(other);
      }}
    >
      {isOn ? toggle.on : toggle.off}
    </a>
  );
}
