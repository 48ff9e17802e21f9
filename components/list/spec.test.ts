import { expect, it } from "vitest";
import { clearedOf, type ListSpec, shapeOf, viewOf } from "./spec";
import { readState, rowsQuery } from "./state";

const spec: ListSpec<{ id: string }> = {
  ...{
    path: "/x",
    api: "/api/v1/x",
    noun: { one: "x", many: "x" },
    columns: [],
    order: "",
    rowHeight: 1,
    className: "",
  },
  ...{ rowId: ({ id }) => id, rowLabel: ({ id }) => id, empty: null },
  facets: [{ id: "severity", label: "Severity" }],
  parameters: [{ id: "cluster", label: "Cluster" }],
  toggle: { id: "exemptions", value: "without", off: "Look without", on: "Look with", said: "without" },
};

it("has its toggle in the address and in what the API is asked, and keeps it when filters are cleared", () => {
  const state = readState(new URLSearchParams("severity=high&cluster=a&exemptions=without&other=1"), shapeOf(spec));
  expect(rowsQuery(state)).toBe("cluster=a&exemptions=without&severity=high");
  expect(rowsQuery({ ...state, filters: clearedOf(spec, state.filters) })).toBe("exemptions=without");
  expect(clearedOf({}, state.filters)).toEqual({});
  expect(clearedOf(spec, { severity: ["high"] })).toEqual({});
});

it("keeps a view marked where its rows are looked at in the toggle's way, or in other columns", () => {
  const views = [
    { name: "All", query: "" },
    { name: "High", query: "severity=high" },
    { name: "High without", query: "severity=high&exemptions=without" },
  ];
  const shown = (address: string) => {
    const { same, current } = viewOf(spec, views, address);
    return [same?.name, current?.name];
  };
  expect(shown("")).toEqual(["All", "All"]);
  expect(shown("exemptions=without")).toEqual([undefined, "All"]);
  expect(shown("severity=high&columns=a")).toEqual([undefined, "High"]);
  expect(shown("severity=high&exemptions=without")).toEqual(["High without", "High without"]);
  expect(shown("severity=low&exemptions=without")).toEqual([undefined, undefined]);
});
