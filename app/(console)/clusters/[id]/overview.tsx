import Link from "next/link";
import { CoverageFigure } from "@/components/coverage-figure";
import { CouldNotLook } from "@/components/empty";
import { age, count, plural, signClass, signed } from "@/components/format";
import { Section } from "@/components/section";
import { permissions as aks } from "@/connectors/aks/permissions";
import { permissions as arc } from "@/connectors/arc/permissions";
import { permissions as eks } from "@/connectors/eks/permissions";
import { permissions as gke } from "@/connectors/gke/permissions";
import { grantOf } from "@/connectors/kubernetes/permissions";
import type { AccountScope } from "@/domain/access/scope";
import { optionalGrants } from "@/domain/accounts/grant";
import { ClusterFacts } from "@/domain/inventory/components/facts";
import { GapTable } from "@/domain/inventory/components/scans";
import { coverageOf } from "@/domain/inventory/components/states";
import type { ClusterDetail } from "@/domain/inventory/queries";
import type { Distribution, Gap } from "@/domain/inventory/schema";
import { MissingTable } from "@/domain/posture/components/missing-table";
import { NothingOpen } from "@/domain/posture/components/nothing-open";
import { GroupTable } from "@/domain/posture/components/tables";
import { clusterStanding } from "@/domain/posture/queries";
import { scoresOf } from "@/domain/posture/standing";
import { scoreAt } from "@/domain/posture/trend/queries";
import { scoreText } from "@/lib/score-text";
import { gapsOf } from "./gaps";

export interface TabProps {
  scope: AccountScope;
  cluster: ClusterDetail;
  now: Date;
}
const DAY = 86_400_000;

const PERMISSIONS = { aks, arc, eks, gke } as const;
/** What grants the permissions that are missing inside a cluster, in the words of the account's connection test. */
const repairOf = (distribution: Distribution, gaps: readonly Gap[]): string =>
  grantOf([...new Set(gaps.flatMap(({ permission }) => permission ?? []))], PERMISSIONS[distribution]);

/** Score beside coverage, facts, gaps and score groups. */
export async function OverviewTab({ scope, cluster, now }: TabProps) {
  const [standing, yesterday] = await Promise.all([
    clusterStanding(scope, cluster.id),
    scoreAt(scope, new Date(now.getTime() - DAY), { scope: "cluster", id: cluster.id }),
  ]);
  const coverage = coverageOf(cluster);
  const missing = cluster.expected - cluster.evaluated;
  const gaps = gapsOf(cluster);
  const told = Object.keys(cluster.missing).length > 0;
  const { score, scoreWithoutExemptions: bare } = scoresOf(standing);
  const change = yesterday === null || cluster.score === null ? null : cluster.score - yesterday;
  return (
    <>
      <section className="c-head bare" aria-label="Score and facts">
        <div>
          <h2 className="lbl">Secure score</h2>
          <div className="score">
            {cluster.score === null ? null : <b>{scoreText(cluster.score)}</b>}
            <span>{cluster.score === null ? "nothing scored" : "of 100"}</span>
          </div>
          {bare === score ? null : (
            <p className="sm mut">
              <Link href="/exemptions?state=active">
                {bare === null ? "No score" : scoreText(bare)} without exemptions
              </Link>
            </p>
          )}
          <div className="delta">
            {change === null ? null : (
              <span>
                {signClass(change) === "zero" ? (
                  "No change"
                ) : (
                  <span className={signClass(change)}>{signed(change)}</span>
                )}{" "}
                since yesterday
              </span>
            )}
            <Link className="lnk" href={`/score-history?scope=cluster&cluster=${cluster.id}`} prefetch={false}>
              History
            </Link>
          </div>
          <div className="cov">
            <CoverageFigure ratio={coverage} none="nothing evaluated" done="evaluated" />
            <p className="sm mut">
              {cluster.expected === 0 ? (
                "Nothing was there to evaluate yet."
              ) : missing === 0 ? (
                `All ${count(cluster.expected)} expected assessments were made.`
              ) : (
                <>
                  <a className="lnk" href={told ? "#missing" : "#gaps"}>
                    {plural(missing, "assessment")} could not be made: why
                  </a>
                  <br />
                  Of {count(cluster.expected)} expected. None counts as healthy.
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
          <GapTable gaps={gaps} repair={repairOf(cluster.distribution, gaps)} />
        </Section>
      )}
      <div id="missing" />
      {told ? (
        <Section
          className={gaps.length === 0 ? "" : "gap"}
          title="Assessments that could not be made"
          remark="a control where nothing could be looked at counts once for the cluster"
        >
          <MissingTable missing={cluster.missing} cluster={cluster.id} grants={optionalGrants(cluster.distribution)} />
        </Section>
      ) : null}
      <Section
        className={gaps.length === 0 && !told ? "" : "gap"}
        title="Score groups"
        remark="Bar length is the maximum; filled is healthy, hatched not evaluated: resources, not assessments"
        more={{ href: `/findings?cluster=${cluster.id}`, label: `All ${plural(cluster.open, "finding")}` }}
      >
        {cluster.lastScanAt === null ? (
          <CouldNotLook>This cluster was not scanned yet, so nothing can be said.</CouldNotLook>
        ) : cluster.expected === 0 ? (
          <CouldNotLook>No scan could evaluate anything here yet, so nothing can be said.</CouldNotLook>
        ) : cluster.open === 0 && cluster.lastScanStatus === "complete" ? (
          <NothingOpen title="No open findings" assessed={cluster} place={{ cluster: cluster.id }}>
            <p>Every control that applies was evaluated {age(cluster.lastScanAt, now)} ago.</p>
          </NothingOpen>
        ) : (
          <GroupTable totals={standing.totals} place={{ cluster: cluster.id }} />
        )}
      </Section>
    </>
  );
}
