import { expect, it } from "vitest";
import { clearedOf, type ListSpec, shapeOf } from "./spec";
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
  toggle: { id: "exemptions", value: "without", off: "Look without", on: "Look with" },
};

it("has its toggle in the address and in what the API is asked, and keeps it when filters are cleared", () => {
  const state = readState(new URLSearchParams("severity=high&cluster=a&exemptions=without&other=1"), shapeOf(spec));
  expect(rowsQuery(state)).toBe("cluster=a&exemptions=without&severity=high");
  expect(rowsQuery({ ...state, filters: clearedOf(spec, state.filters) })).toBe("exemptions=without");
  expect(clearedOf({}, state.filters)).toEqual({});
  expect(clearedOf(spec, { severity: ["high"] })).toEqual({});
});
