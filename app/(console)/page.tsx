import Link from "next/link";
import { withParameters } from "@/components/address";
import { CouldNotLook } from "@/components/empty";
import { age, plural } from "@/components/format";
import { Name } from "@/components/name";
import { NarrowFold } from "@/components/narrow-fold";
import { PageHead, Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { DeadLetterNotice } from "@/domain/accounts/components/dead-letters";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { accountSights, listDeadLetters } from "@/domain/accounts/queries";
import { ClustersByDistribution, NeedsPerson } from "@/domain/inventory/components/clusters";
import { UnseenAccounts } from "@/domain/inventory/components/unseen-accounts";
import { type ClusterRow, listClusters } from "@/domain/inventory/queries";
import { FIX_ORDERS, FixFirst, type FixOrder } from "@/domain/posture/components/fix-first";
import { ScoreHero } from "@/domain/posture/components/score-hero";
import { SinceYesterday } from "@/domain/posture/components/since-yesterday";
import { GroupTable, SeverityTable } from "@/domain/posture/components/tables";
import {
  accountStandings,
  findingsBySeverity,
  listRecommendations,
  scoreAll,
  totalsOf,
  totalsWithoutExemptions,
} from "@/domain/posture/queries";
import { groupIncreases } from "@/domain/posture/score";
import { happenings, lastChange } from "@/domain/posture/since/queries";
import { readTrend, scoreAt } from "@/domain/posture/trend/queries";
import { env } from "@/lib/env";
import type { QueryRecord } from "@/lib/http/list-query";
import { readerZone } from "../zone";
import { missingReasons } from "./missing";
import { narrowed } from "./narrowed";

const DAY = 86_400_000;
const HAPPENINGS = 7;
const PERIODS = [7, 30, 90, 365] as const;

export default async function OverviewPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const asked = await searchParams;
  const { scope, place } = narrowed(await requireScope(), "/", asked);
  const days = PERIODS.find((period) => String(period) === asked.days) ?? 30;
  const order = FIX_ORDERS.find((each) => each === asked.fix) ?? "increase";
  // What is usual is not named.
  const hrefOf = (period: number, by: FixOrder): string =>
    withParameters("/", {
      ...place,
      days: period === 30 ? "" : String(period),
      fix: by === "increase" ? "" : by,
    });
  const now = new Date();
  const zone = env().SEAWALL_TIME_ZONE;
  const standings = accountStandings(scope);
  const [only, ...more] = scope.accountIds ?? [];
  // The score of all that he sees is then this account's, and so are its trend and ledger.
  const subject = only === undefined || more.length > 0 ? null : { scope: "account" as const, id: only };
  const [accounts, clusters, standing, recommendations, severities, trend, yesterday, happened, last, reader, letters] =
    await Promise.all([
      accountSights(scope),
      listClusters(scope),
      standings,
      listRecommendations(scope, standings.then(totalsOf)),
      findingsBySeverity(scope, new Date(now.getTime() - DAY)),
      readTrend(scope, new Date(now.getTime() - days * DAY), zone, subject),
      scoreAt(scope, new Date(now.getTime() - DAY), subject),
      happenings(scope, new Date(now.getTime() - DAY), HAPPENINGS),
      lastChange(scope, new Date(now.getTime() - DAY)),
      readerZone(),
      listDeadLetters(scope),
    ]);
  if (accounts.length === 0) return place.account === undefined ? <FirstRun scope={scope} /> : <NoSuchAccount />;
  const byAccount = totalsOf(standing);
  const fleet = scoreAll(byAccount);
  const people = clusters.filter(
    (cluster) => cluster.lastScanStatus === "partial" || cluster.lastScanStatus === "failed",
  );
  const scanned = clusters.reduce<Date | null>(
    (latest, cluster) =>
      cluster.lastScanAt !== null && (latest === null || cluster.lastScanAt > latest) ? cluster.lastScanAt : latest,
    null,
  );
  const workloads = clusters.reduce((sum, cluster) => sum + cluster.workloads, 0);
  const sum = (pick: (cluster: ClusterRow) => number) => clusters.reduce((total, cluster) => total + pick(cluster), 0);
  const evaluated = sum((cluster) => cluster.evaluated);
  return (
    <>
      <PageHead
        title="Overview"
        sub={
          <>
            {plural(clusters.length, "cluster")} in{" "}
            {place.account === undefined || accounts.length > 1 ? (
              plural(accounts.length, "account")
            ) : (
              <Name text={accounts[0]?.name ?? ""} />
            )}
            {scanned === null ? "." : `, ${plural(workloads, "workload")}.`}{" "}
            <span className="nw">
              {scanned === null ? "No scan has ended yet." : `Last scan ${age(scanned, now)} ago.`}
            </span>
          </>
        }
      >
        <nav className="seg" aria-label="Period">
          {PERIODS.map((period) => (
            <Link
              key={period}
              href={hrefOf(period, order)}
              prefetch={false}
              {...(period === days ? { "aria-current": "true" as const } : {})}
            >
              {period === 365 ? "1 y" : `${period} d`}
            </Link>
          ))}
        </nav>
      </PageHead>
      <UnseenAccounts accounts={accounts} />
      <ScoreHero
        score={fleet.score}
        bare={scoreAll(totalsWithoutExemptions(standing)).score}
        expected={sum((cluster) => cluster.expected)}
        evaluated={evaluated}
        reasons={missingReasons(clusters)}
        trend={trend}
        last={happened.length === 0 ? last : null}
        place={place}
        dayChange={yesterday === null || fleet.score === null ? null : fleet.score - yesterday}
        days={days}
        now={now}
        timeZone={zone}
      />
      <div className="cols">
        <div>
          {evaluated === 0 ? (
            <Section title="What to fix first">
              <CouldNotLook>
                No assessment was made yet, so what to fix, which groups have points and how many findings are open is
                not known.
              </CouldNotLook>
            </Section>
          ) : (
            <>
              <FixFirst rows={recommendations} order={order} place={place} hrefOf={(each) => hrefOf(days, each)} />
              <Section
                title="Score groups"
                remark="Bar length is the maximum; filled is healthy, hatched not evaluated: resources, not assessments"
              >
                <NarrowFold label="Show all score groups">
                  <GroupTable
                    totals={fleet.totals}
                    increases={groupIncreases(byAccount)}
                    place={place}
                    score={fleet.score}
                  />
                </NarrowFold>
              </Section>
            </>
          )}
        </div>
        <div>
          {evaluated === 0 ? null : (
            <Section
              title="Open findings"
              remark={
                severities.every(({ opened, resolved }) => opened + resolved === 0)
                  ? "none opened or resolved since yesterday"
                  : "opened and resolved since yesterday"
              }
              more={{ href: withParameters("/findings", place), label: "All" }}
            >
              <SeverityTable rows={severities} place={place} />
            </Section>
          )}
          <Section
            title="Scans that need a person"
            remark={`${people.length} of ${plural(clusters.length, "cluster")}`}
          >
            {letters.length === 0 ? null : <DeadLetterNotice amount={letters.length} />}
            {people.length > 0 ? (
              <NeedsPerson clusters={people.slice(0, 6)} />
            ) : (
              <p className="mut">{clusters.length === 0 ? "No cluster was found yet." : restOf(clusters)}</p>
            )}
          </Section>
          {scanned === null ? null : (
            <Section
              title="Since yesterday"
              {...(happened.length > 1 ? { remark: "largest first" } : {})}
              more={{ href: withParameters("/score-history", place), label: "History" }}
            >
              <SinceYesterday rows={happened} last={last} within={place} now={now} timeZone={reader} />
            </Section>
          )}
        </div>
      </div>
      <Section
        className="band"
        title="Clusters by distribution"
        remark="Score and coverage of the last look"
        more={{ href: withParameters("/clusters", place), label: `All ${clusters.length}` }}
      >
        {clusters.length > 0 ? (
          <ClustersByDistribution clusters={clusters} place={place} now={now} />
        ) : accounts.some(({ told }) => told !== "all") ? (
          <CouldNotLook>No cluster was found yet: see above what could not be looked at.</CouldNotLook>
        ) : (
          <p className="mut">{plural(accounts.length, "account")} answered, and there is no cluster.</p>
        )}
      </Section>
    </>
  );
}

/** What is to be said where no cluster's last scan was partial or failed. */
function restOf(clusters: readonly ClusterRow[]): string {
  const waiting = clusters.filter(({ lastScanStatus }) => lastScanStatus === null).length;
  if (waiting === 0) return "Every cluster's last scan was complete.";
  return `${plural(waiting, "cluster")} still to be scanned for the first time; every other one's last scan was complete.`;
}

/** The address names an account that was removed, or that nobody showed to this reader; the two look alike. */
function NoSuchAccount() {
  return (
    <PageHead title="No such account" sub="It was removed, or your roles do not reach it.">
      <Link className="btn" href="/">
        Show all accounts
      </Link>
    </PageHead>
  );
}
