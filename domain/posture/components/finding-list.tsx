"use client";

import { useMemo } from "react";
import { DataList, type DataListProps } from "@/components/list/list";
import type { ListSpec } from "@/components/list/spec";
import { Mark, type MarkName } from "@/components/marks";
import { Name, visible } from "@/components/name";
import { Ago } from "@/components/reader";
import { type InitialUnread, useUnread } from "@/domain/inventory/components/unread";
import { DISTRIBUTION_WORDS, distributionWord } from "@/domain/inventory/components/words";
import { selectedWords, targetOf } from "../exemption/choice";
import { ExemptDialog } from "../exemption/components/exempt-dialog";
import { MOST_TARGETS } from "../exemption/limit";
import type { FindingItem } from "../finding/schema";
import { NothingOpen } from "./nothing-open";
import { SeverityMark } from "./severity";
import { GROUP_WORDS, optionsOf, SEVERITY_WORDS, severityWord } from "./words";

const place = (row: FindingItem): string =>
  row.namespace === "" ? `${row.kind}/${row.name}` : `${row.namespace}/${row.name}`;

/** What is to be said of a finding besides that it is open. */
function StateWords({ row }: { row: FindingItem }) {
  const said: [MarkName, string, string?] | null =
    row.state === "resolved"
      ? ["healthy", "resolved"]
      : row.exemption !== null
        ? ["exempt", "exempted", row.exemption.type]
        : row.notRechecked !== null
          ? ["unknown", "not re-checked"]
          : null;
  if (said === null) return null;
  const [mark, words, more] = said;
  return (
    <>
      <span className="sp">·</span>
      <span className="nw" {...(more === undefined ? {} : { title: more })}>
        <Mark name={mark} /> {words}
      </span>
    </>
  );
}

const PARAMETERS = [
  { id: "exemption", label: "Exemption" },
  { id: "firstSeenAfter", label: "First seen after" },
  { id: "firstSeenBefore", label: "First seen before" },
  { id: "lastSeenAfter", label: "Last seen after" },
  { id: "lastSeenBefore", label: "Last seen before" },
] as const;

const SPEC: Omit<ListSpec<FindingItem>, "empty"> = {
  path: "/findings",
  api: "/api/v1/findings",
  noun: { one: "finding", many: "findings" },
  order: "worst first",
  search: "Name, namespace, message, control",
  rowId: (row) => row.id,
  rowLabel: (row) =>
    `${severityWord(row.severity)}: ${visible(row.message)} ${row.kind} ${visible(place(row))} in ${visible(row.cluster.name)}`,
  open: "finding",
  rowHeight: 46,
  className: "t-finding",
  exports: true,
  views: [
    { name: "All open", query: "" },
    { name: "Critical and high", query: "severity=critical,high" },
    { name: "Not re-checked", query: "state=not-rechecked" },
    { name: "Came back", query: "reopened=true" },
    { name: "Exempted", query: "exempted=true" },
    { name: "Newest", query: "sort=-firstSeen" },
  ],
  columns: [
    {
      id: "severity",
      head: "Severity",
      quiet: true,
      width: "28px",
      sort: { by: "severity", first: "descending" },
      narrow: "hidden",
      cell: (row) => <SeverityMark severity={row.severity} tight />,
    },
    {
      id: "message",
      head: "Finding and evidence path",
      narrow: "title",
      sort: { by: "name", first: "ascending" },
      cell: (row, link) => (
        <span className="two-line">
          {link(
            <>
              <span className="narrow">
                <SeverityMark severity={row.severity} tight />{" "}
              </span>
              <Name text={row.message} />
            </>,
            row.message,
          )}
          <span className="under">
            <span className="a">
              <Name text={place(row)} />
            </span>
            {row.evidence[0] === undefined ? null : (
              <>
                <span className="sp">·</span>
                <span className="b" title={row.evidence[0].path}>
                  <bdi>{row.evidence[0].path}</bdi>
                </span>
              </>
            )}
          </span>
        </span>
      ),
    },
    {
      id: "control",
      head: "Control",
      width: "22%",
      optional: "on",
      roomy: true,
      sort: { by: "control", first: "ascending" },
      cell: (row) => (
        <span className="two-line">
          <span className="el mut" title={row.control.title}>
            {row.control.title}
          </span>
          <span className="under">{row.control.id}</span>
        </span>
      ),
    },
    {
      id: "cluster",
      head: "Cluster",
      width: "156px",
      optional: "on",
      sort: { by: "cluster", first: "ascending" },
      cell: (row) => (
        <span className="two-line">
          <span className="el">
            <Name text={row.cluster.name} />
          </span>
          <span className="under">
            {distributionWord(row.cluster.distribution)}
            <StateWords row={row} />
          </span>
        </span>
      ),
    },
    {
      id: "owner",
      head: "Owner",
      width: "112px",
      optional: "off",
      roomy: true,
      cell: (row) => (row.owner === null ? <span className="zero">–</span> : <Name text={row.owner} />),
    },
    {
      id: "account",
      head: "Account",
      width: "132px",
      optional: "off",
      roomy: true,
      cell: (row) => <Name text={row.account.name} />,
    },
    {
      id: "kind",
      head: "Kind",
      width: "116px",
      optional: "off",
      roomy: true,
      cell: (row) => row.kind,
    },
    {
      id: "lastSeen",
      head: "Last seen",
      width: "84px",
      num: true,
      optional: "off",
      roomy: true,
      cell: (row) => <Ago at={row.lastSeenAt} />,
    },
    {
      id: "age",
      head: "Age",
      width: "64px",
      num: true,
      narrow: "figure",
      sort: { by: "firstSeen", first: "descending" },
      cell: (row) => <Ago at={row.firstSeenAt} />,
    },
  ],
  facets: [
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
        { value: "open", label: "Open" },
        { value: "not-rechecked", label: "Not re-checked", mark: <Mark name="unknown" /> },
        { value: "resolved", label: "Resolved", mark: <Mark name="healthy" /> },
      ],
    },
    {
      id: "distribution",
      label: "Distribution",
      options: optionsOf(DISTRIBUTION_WORDS),
    },
    {
      id: "group",
      label: "Score group",
      options: optionsOf(GROUP_WORDS),
    },
    { id: "cluster", label: "Cluster", shown: 5 },
    { id: "control", label: "Control", shown: 5 },
    { id: "namespace", label: "Namespace", shown: 5 },
    { id: "owner", label: "Owner", shown: 5 },
    { id: "kind", label: "Kind", shown: 4 },
    { id: "account", label: "Account", shown: 4 },
    {
      id: "reopened",
      label: "Came back",
      single: true,
      options: [
        { value: "true", label: "After it was resolved" },
        { value: "false", label: "Never resolved before" },
      ],
    },
    {
      id: "exempted",
      label: "Exempted",
      single: true,
      options: [
        { value: "true", label: "By an exemption in force" },
        { value: "false", label: "Not exempted" },
      ],
    },
  ],
};

/** For those who may exempt what they select, or ask for it where another person must approve. */
const withExempt = (approval: boolean): typeof SPEC => ({
  ...SPEC,
  selection: (rows) => {
    const open = rows.filter(({ state }) => state === "open");
    if (open.length === 0) return null;
    const taken = open.slice(0, MOST_TARGETS);
    return (
      <ExemptDialog
        choices={[{ label: selectedWords(taken, open.length - taken.length), targets: taken.map(targetOf) }]}
        approval={approval}
        small
      />
    );
  },
});
const SPECS = { no: SPEC, exempt: withExempt(false), ask: withExempt(true) } as const;

/** The list of findings with its drawer. */
export function FindingList({
  exempting,
  exemptions,
  unread,
  ...props
}: Omit<DataListProps<FindingItem>, "spec" | "title" | "notice" | "blind"> & {
  exempting: keyof typeof SPECS;
  /** Why the exemptions that the address names were asked for, by their id. */
  exemptions: Readonly<Record<string, string>>;
  unread: InitialUnread;
}) {
  const spec = useMemo(
    (): ListSpec<FindingItem> => ({
      ...SPECS[exempting],
      parameters: PARAMETERS.map((each) => (each.id === "exemption" ? { ...each, names: exemptions } : each)),
      empty: (
        <NothingOpen title="No open findings" assessed={unread.assessed}>
          <p>Every control that applies was evaluated and holds. Resolved findings are under State.</p>
        </NothingOpen>
      ),
    }),
    [exempting, exemptions, unread.assessed],
  );
  return <DataList spec={spec} title="Findings" {...useUnread(unread, "findings")} {...props} />;
}
