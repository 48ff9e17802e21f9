import type { Metadata } from "next";
import Link from "next/link";
import { Bar } from "@/components/bar";
import { Empty } from "@/components/empty";
import { age, count, decimal, exact, percent, plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { PageHead, Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { navigationCounts } from "@/domain/accounts/queries";
import { coverageOf, distributionWord, scanMark } from "@/domain/inventory/components/clusters";
import { listClusters } from "@/domain/inventory/queries";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Clusters" };

export default async function ClustersPage() {
  const scope = await requireScope();
  const [clusters, counts] = await Promise.all([listClusters(scope), navigationCounts(scope)]);
  if (counts.accounts === 0) return <FirstRun scope={scope} />;
  const now = new Date();
  const zone = env().SEAWALL_TIME_ZONE;
  return (
    <>
      <PageHead
        title="Clusters"
        sub={`${plural(clusters.length, "cluster")} in ${plural(counts.accounts, "account")}`}
      />
      <Section title="All clusters" remark="Score and coverage of the last look">
        {clusters.length === 0 ? (
          <Empty title="No cluster was found yet">
            <p>
              The connected accounts are looked at on their schedule.{" "}
              <Link className="lnk" href="/accounts">
                See when each was looked at
              </Link>
            </p>
          </Empty>
        ) : (
          <table className="flow t-plain">
            <thead>
              <tr>
                <th>Cluster</th>
                <th>Kind</th>
                <th>Account</th>
                <th>Version</th>
                <th className="num">Workloads</th>
                <th className="num">Open</th>
                <th className="num">Critical, high</th>
                <th className="num">Coverage</th>
                <th>Last scan</th>
                <th className="num">Score</th>
              </tr>
            </thead>
            <tbody>
              {clusters.map((cluster) => {
                const scan = scanMark(cluster.lastScanStatus);
                const coverage = coverageOf(cluster);
                return (
                  <tr key={cluster.id}>
                    <td className="wrap">
                      <Link href={`/clusters/${cluster.id}`} prefetch={false}>
                        {cluster.name}
                      </Link>
                    </td>
                    <td className="mut nw">{distributionWord(cluster.distribution)}</td>
                    <td className="mut wrap">{cluster.accountName}</td>
                    <td className="mut nw">
                      {cluster.version ?? (
                        <>
                          <Mark name="unknown" /> not told
                        </>
                      )}
                    </td>
                    <td className="num" data-l="Workloads">
                      {count(cluster.workloads)}
                    </td>
                    <td className="num" data-l="Open">
                      <Link href={`/findings?cluster=${cluster.id}`} prefetch={false}>
                        {count(cluster.open)}
                      </Link>
                    </td>
                    <td className="num" data-l="Critical, high">
                      {count(cluster.urgent)}
                    </td>
                    <td className="num" data-l="Coverage">
                      {coverage === null ? (
                        <>
                          <Mark name="unknown" /> nothing seen
                        </>
                      ) : (
                        <>
                          {coverage < 1 ? (
                            <>
                              <Mark name="unknown" />{" "}
                            </>
                          ) : null}
                          {percent(coverage)}
                          <span className="u"> %</span>
                        </>
                      )}
                    </td>
                    <td
                      className="nw"
                      {...(cluster.lastScanAt === null ? {} : { title: exact(cluster.lastScanAt, zone) })}
                    >
                      <Mark name={scan.name} /> {scan.word}
                      {cluster.lastScanAt === null ? "" : `, ${age(cluster.lastScanAt, now)} ago`}
                    </td>
                    <td className="num" data-l="Score">
                      <span
                        style={{
                          display: "inline-grid",
                          gridTemplateColumns: "56px 32px",
                          gap: 8,
                          alignItems: "center",
                        }}
                      >
                        <Bar
                          thin
                          filled={cluster.score ?? 0}
                          missing={cluster.score === null ? 100 : 0}
                          stale={cluster.lastScanStatus === "failed"}
                        />
                        <b style={{ fontWeight: 600 }}>
                          {cluster.score === null ? <Mark name="unknown" label="no score" /> : decimal(cluster.score)}
                        </b>
                      </span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </Section>
    </>
  );
}
