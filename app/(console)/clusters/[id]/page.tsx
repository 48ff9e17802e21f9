import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { Bar } from "@/components/bar";
import { Empty } from "@/components/empty";
import { age, count, decimal, percent, plural, signClass, signed } from "@/components/format";
import { Mark } from "@/components/marks";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { scanClusterNow } from "@/domain/accounts/actions";
import { ScanButton } from "@/domain/accounts/components/scan-button";
import { coverageOf, distributionWord, scanMark } from "@/domain/inventory/components/clusters";
import { ClusterFacts, NodePools } from "@/domain/inventory/components/facts";
import { GapTable, ScanTable } from "@/domain/inventory/components/scans";
import { findCluster, listScans, listWorkloads } from "@/domain/inventory/queries";
import { SeverityMark, severityOf } from "@/domain/posture/components/severity";
import { GroupTable } from "@/domain/posture/components/tables";
import { findingMatrix } from "@/domain/posture/finding/queries";
import { clusterTotals, scoreAt } from "@/domain/posture/queries";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Cluster" };

export default async function ClusterPage({ params }: { params: Promise<{ id: string }> }) {
  const scope = await requireScope();
  const id = z.uuid().safeParse((await params).id);
  const cluster = id.success ? await findCluster(scope, id.data) : null;
  if (cluster === null) notFound();
  const now = new Date();
  const zone = env().SEAWALL_TIME_ZONE;
  const [totals, matrix, scans, workloads, yesterday] = await Promise.all([
    clusterTotals(scope, cluster.id),
    findingMatrix(scope, cluster.id),
    listScans(scope, 10, cluster.id),
    listWorkloads(scope, cluster.id, 15),
    scoreAt(scope, new Date(now.getTime() - 86_400_000), { scope: "cluster", id: cluster.id }),
  ]);
  const scan = scanMark(cluster.lastScanStatus);
  const coverage = coverageOf(cluster);
  const missing = cluster.expected - cluster.evaluated;
  const gaps = [
    ...cluster.reasons,
    ...cluster.gaps.filter(
      (gap) => !cluster.reasons.some((reason) => reason.what === gap.what && reason.code === gap.code),
    ),
  ];
  const change = yesterday === null || cluster.score === null ? null : cluster.score - yesterday;
  const severities = [3, 2, 1, 0].map((rank) => ({
    rank,
    amount: matrix.reduce((sum, cell) => sum + (cell.severity === rank ? cell.amount : 0), 0),
  }));
  return (
    <>
      <PageHead
        title={cluster.name}
        crumbs={
          <>
            <Link href="/clusters">Clusters</Link>
            <span className="sep">/</span>
            <Link href={`/accounts/${cluster.accountId}`}>{cluster.accountName}</Link>
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
            {gaps.length > 0 ? `${plural(gaps.length, "thing")} could not be read.` : ""}
            {cluster.goneAt === null ? "" : ` Gone from the cloud since ${age(cluster.goneAt, now)}.`}
          </>
        }
      >
        {hasRole(scope, "Security Admin", cluster.accountId) ? (
          <ScanButton action={scanClusterNow} id={cluster.id} label="Scan now" />
        ) : null}
      </PageHead>
      <section className="c-head" aria-label="Score and facts">
        <div>
          <h2 className="lbl">Secure score</h2>
          <div className="score">
            <b>{cluster.score === null ? "–" : decimal(cluster.score)}</b>
            <span>{cluster.score === null ? "nothing scored" : "of 100"}</span>
          </div>
          <div className="delta">
            {change === null ? null : (
              <span>
                <span className={signClass(change)}>{signed(change)}</span> since yesterday
              </span>
            )}
          </div>
          <div className="cov">
            <h2 className="lbl">Coverage</h2>
            <div className="v">
              <b>
                {coverage === null ? "0.0" : percent(coverage)}
                <span className="u"> %</span>
              </b>
            </div>
            <Bar
              filled={(coverage ?? 0) * 100}
              missing={coverage === null ? 100 : (1 - coverage) * 100}
              label={coverage === null ? "nothing evaluated" : `${percent(coverage)} percent evaluated`}
            />
            <p className="sm mut">
              {missing === 0 && cluster.expected > 0 ? (
                `All ${count(cluster.expected)} expected assessments were made.`
              ) : (
                <>
                  <a className="lnk" href="#gaps">
                    {count(missing)} assessments could not be made: why
                  </a>
                  <br />
                  Of {count(cluster.expected)} expected.
                </>
              )}
            </p>
          </div>
        </div>
        <ClusterFacts cluster={cluster} />
      </section>
      <div id="gaps" />
      {gaps.length === 0 ? null : (
        <Section title="What could not be read" remark="until repaired nothing here counts as healthy">
          <GapTable gaps={gaps} />
        </Section>
      )}
      <Section
        className={gaps.length === 0 ? "" : "gap"}
        title="Findings by score group"
        remark={severities.map(({ rank, amount }) => (
          <span key={rank} style={{ marginRight: 12 }}>
            <SeverityMark severity={severityOf(rank)} tight /> {count(amount)}
          </span>
        ))}
        more={{ href: `/findings?cluster=${cluster.id}`, label: `All ${count(cluster.open)}` }}
      >
        {cluster.lastScanAt === null ? (
          <div className="banner hat">
            <span>This cluster was not scanned yet, so nothing can be said.</span>
          </div>
        ) : cluster.open === 0 && cluster.lastScanStatus === "complete" ? (
          <Empty title="No open findings">
            <p>Every control that applies was evaluated {age(cluster.lastScanAt, now)} ago.</p>
          </Empty>
        ) : (
          <GroupTable totals={totals} />
        )}
      </Section>
      <div className="half gap">
        <div>
          <Section title="Node pools" remark={`${count(cluster.nodes)} nodes seen`}>
            <NodePools cluster={cluster} />
          </Section>
          <Section className="gap" title="Workloads that stand out" remark={`${count(cluster.workloads)} in all`}>
            {workloads.length === 0 ? (
              <p className="mut">No workload is known.</p>
            ) : (
              <table className="flow t-plain">
                <thead>
                  <tr>
                    <th>Workload</th>
                    <th>Kind</th>
                    <th>Worst</th>
                    <th className="num">Open</th>
                  </tr>
                </thead>
                <tbody>
                  {workloads.map((workload) => (
                    <tr key={`${workload.kind}/${workload.namespace}/${workload.name}`}>
                      <td className="wrap">
                        <Link
                          prefetch={false}
                          href={`/findings?${new URLSearchParams({ cluster: cluster.id, namespace: workload.namespace, q: workload.name })}`}
                        >
                          {workload.namespace}/{workload.name}
                        </Link>
                      </td>
                      <td className="mut nw">{workload.kind}</td>
                      <td>
                        {workload.worst === null ? (
                          <>
                            <Mark name="healthy" /> none
                          </>
                        ) : (
                          <SeverityMark severity={severityOf(workload.worst)} />
                        )}
                      </td>
                      <td className="num" data-l="Open">
                        {count(workload.open)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Section>
        </div>
        <Section title="Scans" remark="newest first">
          {scans.length === 0 ? (
            <p className="mut">There was none yet.</p>
          ) : (
            <ScanTable scans={scans} timeZone={zone} />
          )}
        </Section>
      </div>
    </>
  );
}
