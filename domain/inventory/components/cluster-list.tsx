"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { Empty } from "@/components/empty";
import { count } from "@/components/format";
import { DataList, type DataListProps } from "@/components/list/list";
import type { ListSpec } from "@/components/list/spec";
import { Mark } from "@/components/marks";
import { Name, visible } from "@/components/name";
import { Ago } from "@/components/reader";
import type { ClusterItem } from "../cluster/schema";
import { EXEMPTION_SWITCH, type Exemptions, scoreFor } from "../exemptions";
import { type AccountSight, unseenUnder } from "../sight";
import { ScoreWithTrend } from "./score-trend";
import { CoverageFigure, ScoreFigure, scanMark } from "./states";
import { UnseenAccounts } from "./unseen-accounts";
import { DISTRIBUTION_WORDS, distributionWord, optionsOf, PROVIDER_WORDS } from "./words";

const figure = (value: number) => (value === 0 ? <span className="zero">0</span> : count(value));

/** A version, and below it the build that a distribution makes of it: `1.35.7`, `eks-3cfe0ce`. */
function Version({ version }: { version: string }) {
  const [, release = version, build = ""] = /^([\d.]+)[-+](.+)$/.exec(version) ?? [];
  return (
    <span className="two-line" title={visible(version)}>
      <span>{visible(release)}</span>
      <span className="under el">{visible(build)}</span>
    </span>
  );
}

const specOf = (exemptions: Exemptions): ListSpec<ClusterItem> => ({
  path: "/clusters",
  api: "/api/v1/clusters",
  noun: { one: "cluster", many: "clusters" },
  order: "by name",
  search: "Name",
  rowId: (row) => row.id,
  rowLabel: (row) => `${visible(row.name)}, ${distributionWord(row.distribution)}, ${visible(row.account.name)}`,
  rowHref: (row) => `/clusters/${row.id}`,
  rowHeight: 46,
  className: "t-cluster",
  exports: true,
  toggle: EXEMPTION_SWITCH,
  views: [
    { name: "All", query: "" },
    { name: "Lowest score", query: "sort=score" },
    { name: "Most urgent", query: "sort=-urgent" },
    { name: "Need a person", query: "scan=partial,failed,none" },
  ],
  columns: [
    {
      id: "name",
      head: "Cluster",
      width: exemptions === "without" ? "164px" : "184px",
      narrow: "title",
      sort: { by: "name", first: "ascending" },
      cell: (row, link) => (
        <span className="two-line">
          {link(<Name text={row.name} />, row.name)}
          <span className="under">
            <span className="a">
              {distributionWord(row.distribution)}
              {row.region === null ? "" : `, ${visible(row.region)}`}
            </span>
          </span>
        </span>
      ),
    },
    {
      id: "account",
      head: "Account",
      optional: "on",
      cell: (row) => (
        <span className="lines">
          <Name text={row.account.name} />
        </span>
      ),
    },
    {
      id: "version",
      head: "Version",
      width: "84px",
      optional: "on",
      sort: { by: "version", first: "ascending" },
      cell: ({ version }) => (version === null ? <span className="zero">–</span> : <Version version={version} />),
    },
    {
      id: "nodes",
      head: "Nodes",
      width: "72px",
      num: true,
      optional: "off",
      sort: { by: "nodes", first: "descending" },
      cell: (row) => figure(row.nodes),
    },
    {
      id: "workloads",
      head: "Workloads",
      width: "88px",
      num: true,
      optional: "on",
      sort: { by: "workloads", first: "descending" },
      cell: (row) => figure(row.workloads),
    },
    {
      id: "open",
      head: "Open",
      width: "76px",
      num: true,
      sort: { by: "open", first: "descending" },
      cell: (row) =>
        row.lastScanAt === null ? (
          <Mark name="unknown" label="not scanned" />
        ) : (
          <Link href={`/findings?cluster=${row.id}`} prefetch={false}>
            {count(row.open)}
          </Link>
        ),
    },
    {
      id: "urgent",
      head: "Critical, high",
      width: "102px",
      num: true,
      optional: "on",
      sort: { by: "urgent", first: "descending" },
      cell: (row) => figure(row.urgent),
    },
    {
      id: "scan",
      head: "Last scan",
      width: "98px",
      sort: { by: "lastScan", first: "ascending" },
      cell: (row) => {
        const mark = scanMark(row.scan === "none" ? null : row.scan);
        return (
          <span className="two-line">
            <span title={row.reasons[0]?.message ?? ""}>
              <Mark name={mark.name} /> {mark.word}
            </span>
            <span className="under">{row.lastScanAt === null ? "" : <Ago at={row.lastScanAt} suffix=" ago" />}</span>
          </span>
        );
      },
    },
    {
      id: "coverage",
      head: "Coverage",
      width: "84px",
      num: true,
      cell: (row) => <CoverageFigure expected={row.expected} evaluated={row.evaluated} />,
    },
    {
      id: "score",
      head: exemptions === "without" ? "Without exemptions" : "Score",
      width: exemptions === "without" ? "138px" : "110px",
      num: true,
      narrow: "figure",
      sort: { by: "score", first: "ascending" },
      cell: (row) => (
        <ScoreWithTrend score={scoreFor(exemptions, row)} stale={row.scan === "failed"} trend={row.trend} />
      ),
    },
    {
      id: "other",
      head: exemptions === "without" ? "With exemptions" : "Without exemptions",
      width: "150px",
      num: true,
      optional: "off",
      cell: (row) => <ScoreFigure score={scoreFor(other(exemptions), row)} stale={row.scan === "failed"} />,
    },
  ],
  facets: [
    { id: "distribution", label: "Distribution", options: optionsOf(DISTRIBUTION_WORDS) },
    {
      id: "scan",
      label: "Last scan",
      options: [
        { value: "complete", label: "Complete", mark: <Mark name="complete" /> },
        { value: "partial", label: "Partial", mark: <Mark name="partial" /> },
        { value: "failed", label: "Failed", mark: <Mark name="failed" /> },
        { value: "none", label: "Not scanned yet", mark: <Mark name="unknown" /> },
      ],
    },
    { id: "provider", label: "Provider", options: optionsOf(PROVIDER_WORDS) },
    { id: "account", label: "Account", shown: 8 },
    { id: "region", label: "Region" },
    { id: "version", label: "Version" },
  ],
  empty: (
    <Empty title="The clouds have no cluster">
      <p>
        The connected accounts are looked at on their schedule.{" "}
        <Link className="lnk" href="/accounts">
          See when each was looked at
        </Link>
      </p>
    </Empty>
  ),
});
const other = (exemptions: Exemptions): Exemptions => (exemptions === "without" ? "with" : "without");

/** The list of clusters. */
export function ClusterList({
  accounts,
  ...props
}: Omit<DataListProps<ClusterItem>, "spec" | "title" | "notice" | "blind"> & { accounts: readonly AccountSight[] }) {
  const params = useSearchParams();
  const blind = unseenUnder(params, accounts).length > 0;
  const { initial } = props;
  const exemptions = params.get(EXEMPTION_SWITCH.id) === EXEMPTION_SWITCH.value ? "without" : "with";
  const spec = useMemo(() => {
    const names = Object.fromEntries((initial?.page.items ?? []).map(({ id, name }) => [id, visible(name)]));
    return { ...specOf(exemptions), parameters: [{ id: "cluster", label: "Cluster", names }] };
  }, [initial, exemptions]);
  return (
    <DataList spec={spec} title="Clusters" notice={<UnseenAccounts accounts={accounts} />} blind={blind} {...props} />
  );
}
