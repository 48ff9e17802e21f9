import Link from "next/link";
import { age, plural } from "@/components/format";
import { visible } from "@/components/name";
import { PageHead, Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { UnseenAccounts } from "@/domain/accounts/components/unseen-accounts";
import { listAccounts } from "@/domain/accounts/queries";
import { ClustersByDistribution, NeedsPerson } from "@/domain/inventory/components/clusters";
import { gapsWords } from "@/domain/inventory/components/gap";
import { type ClusterRow, listClusters } from "@/domain/inventory/queries";
import { FIX_ORDERS, FixFirst, type FixOrder } from "@/domain/posture/components/fix-first";
import { type MissingReason, ScoreHero } from "@/domain/posture/components/score-hero";
import { SinceYesterday } from "@/domain/posture/components/since-yesterday";
import { GroupTable, SeverityTable } from "@/domain/posture/components/tables";
import {
  accountTotals,
  findingsBySeverity,
  listRecommendations,
  readTrend,
  scoreAll,
  scoreAt,
} from "@/domain/posture/queries";
import type { ScoreGroup } from "@/domain/posture/schema";
import { happenings, lastChange } from "@/domain/posture/since/queries";
import { env } from "@/lib/env";
import { readerZone } from "../zone";

const DAY = 86_400_000;
const HAPPENINGS = 7;
const PERIODS = [7, 30, 90, 365] as const;

/** The overview over a period, in an order of what to fix first; what is usual is not named. */
function hrefOf(days: number, order: FixOrder): string {
  const query = new URLSearchParams({
    ...(days === 30 ? {} : { days: String(days) }),
    ...(order === "worst" ? {} : { fix: order }),
  });
  return query.size === 0 ? "/" : `/?${query}`;
}

/** Missing assessments by reason, in falling order; the amounts sum to all that are missing. */
function missingReasons(clusters: readonly ClusterRow[]): MissingReason[] {
  const byReason = new Map<string, { amount: number; names: string[] }>();
  for (const cluster of clusters) {
    const amount = cluster.expected - cluster.evaluated;
    if (amount <= 0) continue;
    const reason = cluster.reasons.length === 0 ? "facts that the cloud did not tell" : gapsWords(cluster.reasons);
    const one = byReason.get(reason) ?? { amount: 0, names: [] };
    byReason.set(reason, { amount: one.amount + amount, names: [...one.names, visible(cluster.name)] });
  }
  const all = [...byReason]
    .map(([reason, { amount, names }]) => ({
      amount,
      text: `${reason}, ${names.length === 1 ? names[0] : plural(names.length, "cluster")}`,
    }))
    .sort((a, b) => b.amount - a.amount);
  const rest = all.slice(5);
  const amount = rest.reduce((sum, reason) => sum + reason.amount, 0);
  return rest.length === 0 ? all : [...all.slice(0, 5), { amount, text: "for other reasons" }];
}

export default async function OverviewPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const scope = await requireScope();
  const asked = await searchParams;
  const days = PERIODS.find((period) => String(period) === asked.days) ?? 30;
  const order = FIX_ORDERS.find((each) => each === asked.fix) ?? "worst";
  const now = new Date();
  const zone = env().SEAWALL_TIME_ZONE;
  const sums = accountTotals(scope);
  const [only, ...more] = scope.accountIds ?? [];
  // The score of all that he sees is then this account's, and so are its trend and ledger.
  const subject = only === undefined || more.length > 0 ? null : { scope: "account" as const, id: only };
  const [accounts, clusters, totals, recommendations, bare, severities, trend, yesterday, happened, last, reader] =
    await Promise.all([
      listAccounts(scope),
      listClusters(scope),
      sums,
      listRecommendations(scope, sums),
      accountTotals(scope, { exemptions: false }),
      findingsBySeverity(scope, new Date(now.getTime() - DAY)),
      readTrend(scope, new Date(now.getTime() - days * DAY), zone, subject),
      scoreAt(scope, new Date(now.getTime() - DAY), subject),
      happenings(scope, new Date(now.getTime() - DAY), HAPPENINGS),
      lastChange(scope, new Date(now.getTime() - DAY)),
      readerZone(),
    ]);
  if (accounts.length === 0) return <FirstRun scope={scope} />;
  const fleet = scoreAll(totals);
  const increases = new Map<ScoreGroup, number>();
  for (const { control, increase } of recommendations)
    increases.set(control.scoreGroup, (increases.get(control.scoreGroup) ?? 0) + increase);
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
  return (
    <>
      <PageHead
        title="Overview"
        sub={
          <>
            {plural(clusters.length, "cluster")} in {plural(accounts.length, "account")},{" "}
            {plural(workloads, "workload")}.{" "}
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
        bare={scoreAll(bare).score}
        expected={sum((cluster) => cluster.expected)}
        evaluated={sum((cluster) => cluster.evaluated)}
        reasons={missingReasons(clusters)}
        trend={trend}
        last={happened.length === 0 ? last : null}
        dayChange={yesterday === null || fleet.score === null ? null : fleet.score - yesterday}
        days={days}
        now={now}
        timeZone={zone}
      />
      <div className="cols">
        <div>
          <FixFirst rows={recommendations} order={order} hrefOf={(each) => hrefOf(days, each)} />
          <Section title="Score groups" remark="Bar length is the maximum; filled is healthy, hatched not evaluated">
            <GroupTable totals={fleet.totals} increases={increases} score={fleet.score} />
          </Section>
        </div>
        <div>
          <Section
            title="Open findings"
            remark={
              severities.every(({ opened, resolved }) => opened + resolved === 0)
                ? "none opened or resolved since yesterday"
                : "opened and resolved since yesterday"
            }
            more={{ href: "/findings", label: "All" }}
          >
            <SeverityTable rows={severities} />
          </Section>
          <Section
            title="Scans that need a person"
            remark={`${people.length} of ${plural(clusters.length, "cluster")}`}
          >
            {people.length > 0 ? (
              <NeedsPerson clusters={people.slice(0, 6)} />
            ) : (
              <p className="mut">
                {clusters.length === 0
                  ? "No cluster was found yet."
                  : "Every cluster's last scan was complete, or is under way."}
              </p>
            )}
          </Section>
          <Section
            title="Since yesterday"
            {...(happened.length > 1 ? { remark: "largest first" } : {})}
            more={{ href: "/score-history", label: "History" }}
          >
            <SinceYesterday rows={happened} last={last} now={now} timeZone={reader} />
          </Section>
        </div>
      </div>
      <Section
        className="band"
        title="Clusters by distribution"
        remark="Score and coverage of the last look"
        more={{ href: "/clusters", label: `All ${clusters.length}` }}
      >
        <ClustersByDistribution clusters={clusters} now={now} />
      </Section>
    </>
  );
}
