"use client";

import Link from "next/link";
import { Empty } from "@/components/empty";
import { count } from "@/components/format";
import { DataList, type DataListProps } from "@/components/list/list";
import type { ListSpec } from "@/components/list/spec";
import { Mark } from "@/components/marks";
import { Name, visible } from "@/components/name";
import { Ago } from "@/components/reader";
import { imageName } from "../image-name";
import type { InventoryItem } from "../item/schema";
import { type InitialUnread, useUnread } from "./unread";
import { DISTRIBUTION_WORDS, distributionWord, optionsOf } from "./words";

const SEVERITY: Readonly<Record<NonNullable<InventoryItem["worst"]>, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
};
const TYPES = { workload: "Workloads", pod: "Their pods", image: "Running images" } as const;
const PARTS = { own: "Yours", system: "The cluster’s own" } as const;
const none = <span className="zero">–</span>;

/** Findings of the workload that this row is, or belongs to. */
function findingsHref(row: InventoryItem): string {
  const params = new URLSearchParams({ cluster: row.cluster.id });
  if (row.namespace !== "") params.set("namespace", row.namespace);
  params.set("q", row.workload?.name ?? row.name);
  return `/findings?${params}`;
}

/** The same image anywhere, by digest; else what belongs to the same workload; else what it is itself. */
function itemHref(row: InventoryItem): string {
  if (row.digest !== null) return `/inventory?type=image&digest=${encodeURIComponent(row.digest)}`;
  const owner = row.workload ?? { kind: row.kind, name: row.name };
  return `/inventory?${new URLSearchParams({ cluster: row.cluster.id, namespace: row.namespace, workload: `${owner.kind}/${owner.name}` })}`;
}

/** Which container runs an image, which build of it, and from where that came. */
function Build({ row: { name, digest, container, workload } }: { row: InventoryItem }) {
  const { registry } = imageName(name);
  const runs = `${container ?? ""} of ${workload?.name ?? ""}`;
  return (
    <span className="el" title={`${runs}: ${name}${digest === null ? "" : ` ${digest}`}`}>
      {visible(runs)}:{" "}
      {digest === null ? (
        <>
          <Mark name="unknown" /> which build runs is not known
        </>
      ) : (
        <span className="mono">{digest.slice(0, 19)}…</span>
      )}
      {registry === "" ? "" : ` from ${visible(registry)}`}
    </span>
  );
}

/** A pod's images: the first, and how many more. */
function Images({ of: images }: { of: InventoryItem["images"] }) {
  const [first, ...more] = images ?? [];
  if (first === undefined) return none;
  return (
    <span className="two-line" title={images?.map(visible).join("\n")}>
      <Name className="el" text={imageName(first).image} />
      <span className="under">{more.length === 0 ? "" : `and ${count(more.length)} more`}</span>
    </span>
  );
}

/** What the API server called the pod's state when it was read. */
function PodPhase({ row: { kind, phase } }: { row: InventoryItem }) {
  if (kind !== "Pod") return none;
  return phase === null ? <Mark name="unknown" label="not read yet" /> : phase;
}

const SPEC: ListSpec<InventoryItem> = {
  path: "/inventory",
  api: "/api/v1/inventory",
  noun: { one: "thing", many: "things" },
  order: "by name",
  search: "Name, image, digest",
  rowId: (row) => row.id,
  rowLabel: (row) =>
    `${row.kind} ${visible(row.namespace)}/${visible(row.name)} in ${visible(row.cluster.name)}${row.digest === null ? "" : ` ${row.digest}`}`,
  rowHref: itemHref,
  rowHeight: 46,
  className: "t-item",
  exports: true,
  views: [
    { name: "Your workloads", query: "part=own&type=workload" },
    { name: "All workloads", query: "type=workload" },
    { name: "Pods", query: "kind=Pod&columns=cluster,image,node,phase" },
    { name: "Running images", query: "type=image" },
    { name: "Everything", query: "" },
  ],
  columns: [
    {
      id: "name",
      head: "Name",
      narrow: "title",
      sort: { by: "name", first: "ascending" },
      cell: (row, link) => (
        <span className="two-line">
          {link(<Name text={row.type === "image" ? imageName(row.name).image : row.name} />, row.name)}
          <span className="under">
            {row.type === "image" ? (
              <Build row={row} />
            ) : row.workload === null ? (
              ""
            ) : (
              <span className="a">
                of {row.workload.kind} <Name text={row.workload.name} />
              </span>
            )}
          </span>
        </span>
      ),
    },
    {
      id: "kind",
      head: "Kind",
      width: "112px",
      optional: "on",
      sort: { by: "kind", first: "ascending" },
      cell: (row) => row.kind,
    },
    {
      id: "namespace",
      head: "Namespace",
      width: "14%",
      sort: { by: "namespace", first: "ascending" },
      cell: (row) => (row.namespace === "" ? none : <Name text={row.namespace} />),
    },
    {
      id: "cluster",
      head: "Cluster",
      width: "156px",
      optional: "on",
      cell: (row) => (
        <span className="two-line">
          <Link className="el" href={`/clusters/${row.cluster.id}`} prefetch={false} style={{ fontWeight: 400 }}>
            <Name text={row.cluster.name} />
          </Link>
          <span className="under">{distributionWord(row.cluster.distribution)}</span>
        </span>
      ),
    },
    {
      id: "account",
      head: "Account",
      width: "14%",
      optional: "off",
      cell: (row) => <Name text={row.account.name} />,
    },
    { id: "image", head: "Image", width: "18%", optional: "off", cell: (row) => <Images of={row.images} /> },
    {
      id: "node",
      head: "Node",
      width: "14%",
      optional: "off",
      cell: (row) =>
        row.node === null ? (
          row.images === null ? (
            none
          ) : (
            <span className="dim">on none yet</span>
          )
        ) : (
          <Name text={row.node} />
        ),
    },
    { id: "phase", head: "Phase", width: "84px", optional: "off", cell: (row) => <PodPhase row={row} /> },
    {
      id: "pods",
      head: "Pods",
      width: "64px",
      num: true,
      optional: "on",
      cell: (row) => (row.pods === null ? none : count(row.pods)),
    },
    {
      id: "worst",
      head: "Worst",
      width: "92px",
      optional: "on",
      cell: (row) =>
        row.worst === null ? (
          none
        ) : (
          <span className={`sev ${row.worst}`}>
            <Mark name={row.worst} />
            {SEVERITY[row.worst]}
          </span>
        ),
    },
    {
      id: "open",
      head: "Open",
      width: "68px",
      num: true,
      narrow: "figure",
      cell: (row) =>
        row.open === null ? (
          none
        ) : row.open === 0 ? (
          <span className="zero">0</span>
        ) : (
          <Link href={findingsHref(row)} prefetch={false}>
            {count(row.open)}
          </Link>
        ),
    },
    {
      id: "changed",
      head: "Changed",
      width: "80px",
      num: true,
      optional: "off",
      cell: (row) => (row.changedAt === null ? none : <Ago at={row.changedAt} />),
    },
  ],
  facets: [
    { id: "type", label: "What", options: optionsOf(TYPES) },
    { id: "part", label: "Whose", options: optionsOf(PARTS) },
    { id: "kind", label: "Kind", shown: 8 },
    { id: "distribution", label: "Distribution", options: optionsOf(DISTRIBUTION_WORDS) },
    { id: "cluster", label: "Cluster" },
    { id: "namespace", label: "Namespace" },
    { id: "account", label: "Account", shown: 4 },
  ],
  parameters: [
    { id: "workload", label: "Workload" },
    { id: "digest", label: "Digest" },
  ],
  empty: (
    <Empty title="Nothing runs">
      <p>Every account and every cluster was looked at completely: there is no workload, no pod and no image.</p>
    </Empty>
  ),
};

/** One search over every workload, pod and running image of the fleet. */
export function ItemList({
  unread,
  ...props
}: Omit<DataListProps<InventoryItem>, "spec" | "title" | "notice" | "blind"> & { unread: InitialUnread }) {
  return <DataList spec={SPEC} title="Inventory" {...useUnread(unread, "workloads, pods and images")} {...props} />;
}
