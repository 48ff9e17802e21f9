import type { Metadata } from "next";
import Link from "next/link";
import { Empty } from "@/components/empty";
import { count } from "@/components/format";
import { Icon } from "@/components/icon";
import { Mark } from "@/components/marks";
import { PageHead } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { listClusters } from "@/domain/inventory/queries";
import { FindingDrawer } from "@/domain/posture/components/finding-drawer";
import { FindingFacets, FindingTable } from "@/domain/posture/components/finding-list";
import { findingFilterSchema, findingsHref } from "@/domain/posture/finding/filter";
import { countFindings, findFinding, listFindings } from "@/domain/posture/finding/queries";
import { controlCatalogue } from "@/domain/posture/queries";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Findings" };
const PAGE = 50;

export default async function FindingsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const scope = await requireScope();
  const filter = findingFilterSchema.parse(await searchParams);
  const [{ rows, more }, counts, open, controls, clusters] = await Promise.all([
    listFindings(scope, filter, PAGE),
    countFindings(scope, filter),
    filter.finding === null ? null : findFinding(scope, filter.finding),
    controlCatalogue(),
    listClusters(scope),
  ]);
  const now = new Date();
  const zone = env().SEAWALL_TIME_ZONE;
  const last = rows.at(-1);
  const index = rows.findIndex((row) => row.id === filter.finding);
  const at = (position: number) =>
    index < 0 || rows[position] === undefined ? null : findingsHref(filter, { finding: rows[position].id });
  const unseen = clusters.filter((cluster) => cluster.lastScanStatus !== "complete").length;
  const chips = [
    ...filter.severity.map((value) => ({
      key: "Severity",
      value,
      href: findingsHref(filter, { severity: filter.severity.filter((each) => each !== value).join(",") || null }),
    })),
    ...(filter.control === null
      ? []
      : [{ key: "Control", value: filter.control, href: findingsHref(filter, { control: null }) }]),
    ...(filter.cluster === null
      ? []
      : [
          {
            key: "Cluster",
            value: clusters.find((cluster) => cluster.id === filter.cluster)?.name ?? "unknown",
            href: findingsHref(filter, { cluster: null }),
          },
        ]),
    ...(filter.namespace === null
      ? []
      : [{ key: "Namespace", value: filter.namespace, href: findingsHref(filter, { namespace: null }) }]),
    ...(filter.q === null ? [] : [{ key: "Text", value: filter.q, href: findingsHref(filter, { q: null }) }]),
  ];
  const list = (
    <div className={open === null ? "" : "fl"}>
      <PageHead title="Findings" sub={`${count(counts.total)} under this filter, newest first`} />
      <div className="filters">
        <form className="search" action="/findings">
          <Icon name="search" />
          <input
            name="q"
            defaultValue={filter.q ?? ""}
            placeholder="Name or message"
            aria-label="Search findings"
            maxLength={200}
          />
          {filter.severity.length > 0 ? (
            <input type="hidden" name="severity" value={filter.severity.join(",")} />
          ) : null}
          {filter.cluster !== null ? <input type="hidden" name="cluster" value={filter.cluster} /> : null}
        </form>
        {chips.map((chip) => (
          <span className="chip" key={`${chip.key}${chip.value}`}>
            <span className="k">{chip.key}</span>
            <b className="el" style={{ maxWidth: 240 }}>
              {chip.value}
            </b>
            <Link className="x" href={chip.href} aria-label={`Remove ${chip.key} ${chip.value}`} prefetch={false}>
              <Icon name="close" />
            </Link>
          </span>
        ))}
        {chips.length > 0 ? (
          <Link className="lnk" href="/findings" prefetch={false}>
            Clear
          </Link>
        ) : null}
      </div>
      <div className="fgrid">
        <FindingFacets filter={filter} counts={counts} />
        <div className="fmain">
          <div className="trow">
            <span>
              <b style={{ fontWeight: 600 }}>{count(counts.total)}</b> findings
            </span>
            {counts.notRechecked > 0 ? (
              <span className="to">
                <Mark name="unknown" />
                <span>{count(counts.notRechecked)} not re-checked</span>
              </span>
            ) : null}
          </div>
          {rows.length > 0 ? (
            <FindingTable rows={rows} filter={filter} now={now} timeZone={zone} />
          ) : clusters.length === 0 || unseen === clusters.length ? (
            <div className="banner hat">
              <span>
                No cluster was looked at completely yet, so nothing can be said.{" "}
                <Link className="lnk" href="/scans">
                  See the scans
                </Link>
              </span>
            </div>
          ) : (
            <Empty title="No finding matches">
              <p>
                {clusters.length - unseen} of {clusters.length} clusters were looked at completely.
                {unseen > 0 ? ` ${unseen} could not be, or not in full: what they hide is not counted here.` : ""}
              </p>
              <div className="acts">
                <Link className="btn" href="/findings">
                  Clear filter
                </Link>
              </div>
            </Empty>
          )}
          <div className="trow">
            {filter.after === null ? null : (
              <Link className="btn sml" href={findingsHref(filter, {})} prefetch={false}>
                First page
              </Link>
            )}
            {more && last !== undefined ? (
              <Link
                className="btn sml spacer"
                href={findingsHref(filter, { after: `${last.firstSeenAt.getTime()}_${last.id}` })}
                prefetch={false}
              >
                Next {PAGE}
              </Link>
            ) : null}
          </div>
        </div>
      </div>
    </div>
  );
  return (
    // One tree with and without the drawer, so that the list keeps its place and its focus.
    <div className={open === null ? "" : "withdrawer"}>
      {list}
      {open === null ? null : (
        <FindingDrawer
          finding={open.finding}
          history={open.history}
          control={controls.get(open.finding.controlId)}
          now={now}
          timeZone={zone}
          position={index < 0 ? "" : `${index + 1} of ${count(counts.total)}`}
          links={{
            close: findingsHref(filter, { finding: null }),
            next: at(index + 1),
            previous: index > 0 ? at(index - 1) : null,
          }}
        />
      )}
    </div>
  );
}
