"use client";

import Link from "next/link";
import { Empty } from "@/components/empty";
import { count, plural } from "@/components/format";
import { DataList, type DataListProps } from "@/components/list/list";
import type { ListSpec } from "@/components/list/spec";
import { Mark } from "@/components/marks";
import { Name, visible } from "@/components/name";
import { Ago } from "@/components/reader";
import type { ScanItem } from "../scan/schema";
import { gapsWords } from "./gap";
import { scanMark } from "./states";
import { optionsOf, TRIGGER_WORDS, triggerWord } from "./words";

const took = (row: ScanItem): string | null =>
  row.startedAt === null || row.finishedAt === null
    ? null
    : ((Date.parse(row.finishedAt) - Date.parse(row.startedAt)) / 1000).toFixed(1);
const subject = (row: ScanItem) => row.cluster?.name ?? row.account.name;
const none = <span className="zero">–</span>;

const SPEC: ListSpec<ScanItem> = {
  path: "/scans",
  api: "/api/v1/scans",
  noun: { one: "scan", many: "scans" },
  order: "newest first",
  rowId: (row) => row.id,
  rowLabel: (row) => `${row.status} scan of ${visible(subject(row))}, ${row.queuedAt}`,
  open: "scan",
  rowHeight: 46,
  className: "t-scan",
  exports: true,
  views: [
    { name: "All", query: "" },
    { name: "Under way", query: "status=queued,running" },
    { name: "Need a person", query: "status=partial,failed" },
    { name: "Asked by a person", query: "trigger=manual" },
  ],
  columns: [
    {
      id: "subject",
      head: "Of",
      narrow: "title",
      width: "24%",
      cell: (row, link) => (
        <span className="two-line">
          {link(<Name text={subject(row)} />, subject(row))}
          <span className="under">
            {row.kind === "account" ? "Discovery of the account" : <Name text={row.account.name} />}
          </span>
        </span>
      ),
    },
    {
      id: "status",
      head: "Result",
      width: "108px",
      cell: (row) => {
        const mark = scanMark(row.status);
        return (
          <>
            <Mark name={mark.name} />
            &ensp;{mark.word}
          </>
        );
      },
    },
    {
      id: "why",
      head: "Why",
      roomy: true,
      cell: (row) => {
        const words =
          row.status === "running" && row.progress !== null
            ? `${row.progress.kinds} of ${plural(row.progress.of, "kind")} read, ${plural(row.progress.objects, "object")}`
            : gapsWords(row.reasons);
        return words === "" ? null : (
          <span className="el mut" title={words}>
            {words}
          </span>
        );
      },
    },
    {
      id: "trigger",
      head: "Asked by",
      width: "96px",
      optional: "on",
      roomy: true,
      cell: (row) => triggerWord(row.trigger),
    },
    {
      id: "opened",
      head: "Opened",
      width: "76px",
      num: true,
      optional: "on",
      cell: (row) =>
        row.opened === null ? none : row.opened === 0 ? <span className="zero">0</span> : count(row.opened),
    },
    {
      id: "resolved",
      head: "Resolved",
      width: "80px",
      num: true,
      optional: "on",
      cell: (row) =>
        row.resolved === null ? none : row.resolved === 0 ? <span className="zero">0</span> : count(row.resolved),
    },
    {
      id: "evaluated",
      head: "Evaluated",
      width: "88px",
      num: true,
      optional: "on",
      roomy: true,
      cell: (row) => (row.evaluated === null ? none : count(row.evaluated)),
    },
    {
      id: "took",
      head: "Took",
      width: "72px",
      num: true,
      optional: "on",
      cell: (row) =>
        took(row) === null ? (
          none
        ) : (
          <>
            {took(row)}
            <span className="u"> s</span>
          </>
        ),
    },
    {
      id: "started",
      head: "Started",
      width: "104px",
      num: true,
      narrow: "figure",
      sort: { by: "queued", first: "descending" },
      cell: (row) => <Ago at={row.startedAt ?? row.queuedAt} date />,
    },
  ],
  facets: [
    {
      id: "status",
      label: "Result",
      options: ["queued", "running", "complete", "partial", "failed"].map((value) => {
        const mark = scanMark(value);
        return { value, label: mark.word[0]?.toUpperCase() + mark.word.slice(1), mark: <Mark name={mark.name} /> };
      }),
    },
    {
      id: "kind",
      label: "Kind",
      options: [
        { value: "cluster", label: "Of a cluster" },
        { value: "account", label: "Discovery" },
      ],
    },
    { id: "trigger", label: "Asked by", options: optionsOf(TRIGGER_WORDS) },
    { id: "cluster", label: "Cluster" },
    { id: "account", label: "Account" },
  ],
  parameters: [
    { id: "distribution", label: "Distribution" },
    { id: "after", label: "Since" },
    { id: "before", label: "Before" },
  ],
  empty: (
    <Empty title="No scan yet">
      <p>
        Scans begin when an account is connected.{" "}
        <Link className="lnk" href="/accounts/connect">
          Connect an account
        </Link>
      </p>
    </Empty>
  ),
};

/** The list of scans with its drawer. */
export function ScanList(props: Omit<DataListProps<ScanItem>, "spec" | "title">) {
  return <DataList spec={SPEC} title="Scans" {...props} />;
}
