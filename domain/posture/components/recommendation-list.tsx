"use client";

import { useMemo } from "react";
import { useCarried } from "@/components/carried";
import { count, signed } from "@/components/format";
import { DataList, type DataListProps } from "@/components/list/list";
import type { ListSpec } from "@/components/list/spec";
import { Mark } from "@/components/marks";
import { type InitialUnread, useUnread } from "@/domain/inventory/components/unread";
import type { RecommendationItem } from "../recommendation/schema";
import { NothingOpen } from "./nothing-open";
import { SeverityMark } from "./severity";
import { GROUP_WORDS, optionsOf, SEVERITY_WORDS } from "./words";

const EFFORTS = { low: "Low", medium: "Medium", high: "High" } as const;
const figure = (value: number) => (value === 0 ? <span className="zero">0</span> : count(value));

const PARAMETERS = [
  { id: "account", label: "Account" },
  { id: "distribution", label: "Distribution" },
  { id: "cluster", label: "Cluster" },
];

const SPEC: Omit<ListSpec<RecommendationItem>, "empty"> = {
  path: "/recommendations",
  api: "/api/v1/recommendations",
  noun: { one: "recommendation", many: "recommendations" },
  order: "by score group, then by potential increase, which need not add up",
  search: "Title, name or id",
  rowId: (row) => row.id,
  rowLabel: (row) => `${row.id} ${row.title}: ${row.unhealthy} unhealthy`,
  rowHeight: 46,
  headings: {
    sort: "group",
    of: ({ group }) => ({
      id: group,
      title: GROUP_WORDS[group],
      ...(group === "best-practices" ? { remark: "not scored" } : {}),
    }),
  },
  className: "t-recommendation",
  exports: true,
  views: [
    { name: "By score group", query: "" },
    { name: "By potential increase", query: "sort=-increase" },
    { name: "Worst first", query: "sort=-severity" },
    { name: "Little effort", query: "effort=low" },
    { name: "Not evaluated", query: "state=not-evaluated" },
    { name: "All controls", query: "state=unhealthy,healthy,exempted,not-evaluated,not-applicable" },
  ],
  columns: [
    {
      id: "title",
      head: "Recommendation",
      narrow: "title",
      sort: { by: "title", first: "ascending" },
      cell: (row, link) => (
        <span className="two-line">
          {link(row.title, row.title)}
          <span className="under">
            <span>{row.id}</span>
            <span className="sp">·</span>
            <span className="a">{GROUP_WORDS[row.group]}</span>
            {row.maturity === "stable" ? null : (
              <>
                <span className="sp">·</span>
                <span>{row.maturity}, not scored</span>
              </>
            )}
          </span>
        </span>
      ),
    },
    {
      id: "severity",
      head: "Severity",
      width: "96px",
      sort: { by: "severity", first: "descending" },
      cell: (row) => <SeverityMark severity={row.severity} />,
    },
    {
      id: "effort",
      head: "Effort",
      width: "76px",
      optional: "on",
      sort: { by: "effort", first: "ascending" },
      cell: (row) => EFFORTS[row.effort],
    },
    {
      id: "clusters",
      head: "Clusters",
      width: "76px",
      num: true,
      optional: "on",
      cell: (row) => figure(row.clusters),
    },
    { id: "healthy", head: "Healthy", width: "80px", num: true, optional: "off", cell: (row) => figure(row.healthy) },
    {
      id: "exempted",
      head: "Exempted",
      width: "88px",
      num: true,
      optional: "off",
      cell: (row) => figure(row.exempted),
    },
    {
      id: "notEvaluated",
      head: "Not evaluated",
      width: "108px",
      num: true,
      optional: "on",
      cell: (row) =>
        row.notEvaluated === 0 ? (
          <span className="zero">0</span>
        ) : (
          <>
            <Mark name="unknown" /> {count(row.notEvaluated)}
          </>
        ),
    },
    {
      id: "unhealthy",
      head: "Unhealthy",
      width: "92px",
      num: true,
      sort: { by: "unhealthy", first: "descending" },
      cell: (row) => figure(row.unhealthy),
    },
    {
      id: "increase",
      head: "Potential",
      width: "84px",
      num: true,
      narrow: "figure",
      sort: { by: "increase", first: "descending" },
      cell: (row) =>
        row.increase < 0.05 ? <span className="zero">0.0</span> : <b className="inc">{signed(row.increase)}</b>,
    },
  ],
  facets: [
    { id: "group", label: "Score group", options: optionsOf(GROUP_WORDS) },
    {
      id: "severity",
      label: "Severity",
      options: optionsOf(SEVERITY_WORDS).map((option) => ({
        ...option,
        mark: <Mark name={option.value as keyof typeof SEVERITY_WORDS} />, // the options are made of its keys
      })),
    },
    {
      id: "state",
      label: "State",
      options: [
        { value: "unhealthy", label: "Unhealthy" },
        { value: "healthy", label: "Healthy", mark: <Mark name="healthy" /> },
        { value: "exempted", label: "Exempted" },
        { value: "not-evaluated", label: "Not evaluated", mark: <Mark name="unknown" /> },
        { value: "not-applicable", label: "Not applicable" },
      ],
    },
    { id: "effort", label: "Effort", options: optionsOf(EFFORTS) },
    {
      id: "maturity",
      label: "Maturity",
      options: optionsOf({ stable: "Stable", preview: "Preview", deprecated: "Deprecated" }),
    },
  ],
  parameters: PARAMETERS,
};

interface Props extends Omit<DataListProps<RecommendationItem>, "spec" | "title" | "notice" | "blind"> {
  unread: InitialUnread;
  /** What the accounts and clusters of the filter are called, by id. */
  names: Readonly<Record<string, string>>;
}

/** The list of recommendations. */
export function RecommendationList({ names, unread, ...props }: Props) {
  const { hrefOf } = useCarried();
  const spec = useMemo(
    (): ListSpec<RecommendationItem> => ({
      ...SPEC,
      parameters: PARAMETERS.map((each) => ({ ...each, names })),
      rowHref: (row) => hrefOf(`/recommendations/${row.id}`),
      empty: (
        <NothingOpen title="Nothing to recommend" assessed={unread.assessed}>
          <p>Every control that applies was evaluated and holds, or is exempted. All of them are under State.</p>
        </NothingOpen>
      ),
    }),
    [names, hrefOf, unread.assessed],
  );
  return <DataList spec={spec} title="Recommendations" {...useUnread(unread, "unhealthy resources")} {...props} />;
}
