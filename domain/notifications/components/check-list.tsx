"use client";

import { useId, useState } from "react";
import type { Choice } from "../queries";

/** Many of many: checkboxes under a heading, with a search when there are more than eight. Hidden ones stay chosen. */
export function CheckList({
  legend,
  name,
  choices,
  chosen,
  empty,
}: {
  legend: string;
  name: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  /** Said when nothing is chosen. */
  empty: string;
}) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set(chosen));
  const [search, setSearch] = useState("");
  const id = useId();
  const wanted = search.trim().toLowerCase();
  const toggle = (value: string) =>
    setPicked((before) => {
      const next = new Set(before);
      if (!next.delete(value)) next.add(value);
      return next;
    });
  const fits = (choice: Choice) =>
    wanted === "" || choice.name.toLowerCase().includes(wanted) || (choice.detail ?? "").toLowerCase().includes(wanted);
  const shown = choices.filter(fits).slice(0, 200);
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <legend className="mut sm" style={{ padding: 0 }}>
        {legend} <span className="dim">{picked.size === 0 ? empty : `${picked.size} chosen`}</span>
      </legend>
      {[...picked].map((value) => (
        <input key={value} type="hidden" name={name} value={value} />
      ))}
      {choices.length > 8 ? (
        <input
          className="inp"
          type="search"
          aria-label={`Search ${legend.toLowerCase()}`}
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          style={{ margin: "4px 0" }}
        />
      ) : null}
      {/* A region that scrolls must be reachable by keyboard; its checkboxes are. */}
      <div style={{ maxHeight: 148, overflowY: "auto" }}>
        {shown.map((choice) => (
          <label className="check" key={choice.id} htmlFor={`${id}-${choice.id}`}>
            <input
              id={`${id}-${choice.id}`}
              type="checkbox"
              className="ck"
              checked={picked.has(choice.id)}
              onChange={() => toggle(choice.id)}
            />
            <span className="wrap">
              <bdi>{choice.name}</bdi>
              {choice.detail === undefined ? null : <small>{choice.detail}</small>}
            </span>
          </label>
        ))}
        {shown.length === 0 ? <p className="dim sm">None.</p> : null}
      </div>
    </fieldset>
  );
}
