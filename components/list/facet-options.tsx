"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { count } from "../format";
import { type FacetCount, fetchCounts } from "./fetch";
import type { ListFacet } from "./spec";
import { type ListState, rowsQuery } from "./state";

const SHOWN = 6;
/** Above this many values a facet has a search of its own. */
const SEARCHED = 8;

interface Option {
  value: string;
  label: string;
  mark?: React.ReactNode;
  count: number | undefined;
}

/** Closed sets in their own order; open ones as counted, with what is chosen but counted nowhere still in sight. */
function optionsOf(facet: ListFacet, counts: readonly FacetCount[] | undefined, chosen: readonly string[]): Option[] {
  const amount = new Map(counts?.map((each) => [each.value, each.count]));
  if (facet.options !== undefined)
    return facet.options.map((option) => ({
      ...option,
      count: facet.single === true || counts === undefined ? undefined : (amount.get(option.value) ?? 0),
    }));
  const lost = chosen.filter((value) => !amount.has(value));
  return [...lost.map((value) => ({ value, label: value, count: 0 })), ...(counts ?? [])];
}

interface FacetOptionsProps {
  api: string;
  facet: ListFacet;
  state: ListState;
  counts: readonly FacetCount[] | undefined;
  /** There are more values than the counts hold. */
  more: boolean;
  /** The figures are lower bounds. */
  capped: boolean;
  chosen: readonly string[];
  onChoose: (value: string) => void;
}

/** One facet: its most frequent values, the rest behind "more" with a search. */
export function FacetOptions({ api, facet, state, counts, more, capped, chosen, onChoose }: FacetOptionsProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const within = useDeferredValue(text.trim());
  const query = rowsQuery({ ...state, sort: null });
  // Values beyond the first are asked for by their text; the ones at hand are searched here.
  const asked = useQuery({
    queryKey: ["facet", api, facet.id, query, within],
    queryFn: ({ signal }) => fetchCounts(api, query, [facet.id], within, signal),
    enabled: more && within !== "",
    placeholderData: keepPreviousData,
  });
  const known = more && within !== "" ? asked.data?.facets[facet.id] : counts;
  const needle = within.toLowerCase();
  const all = optionsOf(facet, known, chosen);
  const matching = needle === "" ? all : all.filter((option) => option.label.toLowerCase().includes(needle));
  const size = facet.shown ?? SHOWN;
  // What is chosen stays in sight.
  const [first, rest] =
    open || facet.options !== undefined
      ? [matching, []]
      : [
          matching.filter((option, index) => index < size || chosen.includes(option.value)),
          matching.filter((option, index) => index >= size && !chosen.includes(option.value)),
        ];
  if (facet.options === undefined && all.length === 0 && counts !== undefined) return null;
  return (
    <fieldset className="facet">
      <legend>{facet.label}</legend>
      {open && (all.length > SEARCHED || more) ? (
        <input
          className="inp facet-search"
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={`Search ${facet.label.toLowerCase()}`}
          aria-label={`Search ${facet.label.toLowerCase()}`}
          maxLength={200}
        />
      ) : null}
      <div className={open ? "facet-all" : ""}>
        {first.map((option) => (
          <label key={option.value} className={option.count === 0 ? "off" : ""}>
            <input
              type="checkbox"
              className="ck"
              checked={chosen.includes(option.value)}
              onChange={() => onChoose(option.value)}
            />
            <span className="el" title={option.label}>
              {option.mark}
              <bdi>{option.label}</bdi>
            </span>
            <span>{option.count === undefined ? "" : `${count(option.count)}${capped ? "+" : ""}`}</span>
          </label>
        ))}
        {first.length === 0 ? (
          <p className="dim sm">{counts === undefined ? "Counting" : "None by that name"}</p>
        ) : null}
      </div>
      {rest.length > 0 || (more && !open) ? (
        <button type="button" className="facet-more" onClick={() => setOpen(true)}>
          {more ? "Search more" : `${count(rest.length)} more`}
        </button>
      ) : open ? (
        <button
          type="button"
          className="facet-more"
          onClick={() => {
            setOpen(false);
            setText("");
          }}
        >
          Fewer
        </button>
      ) : null}
    </fieldset>
  );
}
