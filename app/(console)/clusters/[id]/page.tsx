import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache } from "react";
import { age, count, moment, plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name, visible } from "@/components/name";
import { Stale } from "@/components/problem";
import { PageHead } from "@/components/section";
import { TabLinks } from "@/components/tab-links";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { scanClusterNow } from "@/domain/accounts/actions";
import { ScanButton } from "@/domain/accounts/components/scan-button";
import { scanMark } from "@/domain/inventory/components/states";
import { distributionWord } from "@/domain/inventory/components/words";
import { findCluster } from "@/domain/inventory/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { uuid } from "@/lib/uuid";
import { readerZone } from "../../../zone";
import { AccessTab } from "./access";
import { FindingsTab } from "./findings";
import { gapsOf } from "./gaps";
import { NodesTab } from "./nodes";
import { OverviewTab } from "./overview";
import { ChangesTab, ImagesTab, ScansTab, SettingsTab, WorkloadsTab } from "./tabs";

/** The cluster that an address names, as far as the reader sees it; asked once for the page and its title. */
const asked = cache(async (given: string) => {
  const scope = await requireScope();
  const id = uuid().safeParse(given);
  return id.success ? findCluster(scope, id.data) : null;
});

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }): Promise<Metadata> {
  const cluster = await asked((await params).id);
  return { title: cluster === null ? "Cluster" : visible(cluster.name) };
}

const TABS = [
  "overview",
  "findings",
  "workloads",
  "nodes",
  "images",
  "access",
  "changes",
  "scans",
  "settings",
] as const;
const LABELS: Readonly<Record<(typeof TABS)[number], string>> = {
  overview: "Score and facts",
  findings: "Findings",
  workloads: "Workloads",
  nodes: "Nodes",
  images: "Images",
  access: "Access",
  changes: "Changes",
  scans: "Scans",
  settings: "Settings as read",
};

export default async function ClusterPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<QueryRecord>;
}) {
  const scope = await requireScope();
  const cluster = await asked((await params).id);
  if (cluster === null) notFound();
  const { tab: chosen, before } = await searchParams;
  const older = uuid().safeParse(before);
  const tab = TABS.find((each) => each === chosen) ?? "overview";
  const now = new Date();
  const scan = scanMark(cluster.lastScanStatus);
  const gaps = gapsOf(cluster).length;
  const amounts: Partial<Record<(typeof TABS)[number], number>> = {
    findings: cluster.open,
    workloads: cluster.workloads,
    nodes: cluster.nodes,
  };
  const shared = { scope, cluster, now };
  return (
    <>
      <PageHead
        title={cluster.name}
        crumbs={
          <>
            <Link href="/clusters">Clusters</Link>
            <span className="sep">/</span>
            <Link href={`/accounts/${cluster.accountId}`}>
              <Name text={cluster.accountName} />
            </Link>
            <span className="sep">/</span>
            {distributionWord(cluster.distribution)}
          </>
        }
        sub={
          <>
            <Mark name={scan.name} />{" "}
            {cluster.lastScanAt === null
              ? "Never scanned."
              : `Last scan ${scan.word}, ${age(cluster.lastScanAt, now)} ago.`}{" "}
            {gaps > 0 ? `${plural(gaps, "thing")} could not be read.` : ""}
            {cluster.goneAt === null ? "" : ` Gone from the cloud since ${age(cluster.goneAt, now)}.`}
          </>
        }
      >
        {hasRole(scope, "Security Admin", cluster.accountId) ? (
          <ScanButton action={scanClusterNow} id={cluster.id} label="Scan now" />
        ) : null}
      </PageHead>
      {cluster.waitUntil === null || cluster.waitUntil <= now ? null : (
        <Stale>
          The cluster’s API asked to wait until {moment(cluster.waitUntil, await readerZone())}. It is scanned right
          after that, and shown as it was last seen.
        </Stale>
      )}
      <TabLinks
        label="Parts of the cluster"
        tabs={TABS.map((each) => ({
          href: each === "overview" ? `/clusters/${cluster.id}` : `/clusters/${cluster.id}?tab=${each}`,
          label: LABELS[each],
          current: each === tab,
          ...(amounts[each] === undefined ? {} : { amount: count(amounts[each]) }),
        }))}
      />
      <div className="tab-body">
        {tab === "overview" ? <OverviewTab {...shared} /> : null}
        {tab === "findings" ? <FindingsTab {...shared} /> : null}
        {tab === "workloads" ? <WorkloadsTab {...shared} /> : null}
        {tab === "nodes" ? <NodesTab {...shared} /> : null}
        {tab === "images" ? <ImagesTab {...shared} /> : null}
        {tab === "access" ? <AccessTab {...shared} /> : null}
        {tab === "changes" ? <ChangesTab {...shared} before={older.data ?? null} /> : null}
        {tab === "scans" ? <ScansTab {...shared} /> : null}
        {tab === "settings" ? <SettingsTab {...shared} /> : null}
      </div>
    </>
  );
}
