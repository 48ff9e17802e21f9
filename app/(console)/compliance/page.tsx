import type { Metadata } from "next";
import { plural } from "@/components/format";
import { PageHead, Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { accountSights } from "@/domain/accounts/queries";
import { BenchmarkTable } from "@/domain/benchmark/components/benchmark-table";
import { named } from "@/domain/benchmark/components/words";
import { dayIn, upToNow } from "@/domain/benchmark/history/now";
import { complianceHistory } from "@/domain/benchmark/history/queries";
import { listBenchmarks } from "@/domain/benchmark/report/queries";
import { UnseenAccounts } from "@/domain/inventory/components/unseen-accounts";
import { distributionWord } from "@/domain/inventory/components/words";
import { env } from "@/lib/env";
import type { QueryRecord } from "@/lib/http/list-query";
import { askedPlace, ExemptionSwitch, NoCluster, PlaceMenu } from "./asked";

export const metadata: Metadata = { title: "Compliance" };
const DAYS = 30;

export default async function CompliancePage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const scope = await requireScope();
  const at = await askedPlace(scope, await searchParams);
  const [items, kept, accounts] = await Promise.all([
    listBenchmarks(scope, at.place),
    complianceHistory(scope, at.place, DAYS),
    accountSights(scope),
  ]);
  if (accounts.length === 0) return <FirstRun scope={scope} />;
  const today = dayIn(new Date(), env().SEAWALL_TIME_ZONE);
  const history =
    at.place.exemptions === "without"
      ? kept
      : new Map(items.map((item) => [item.id, upToNow(kept.get(item.id) ?? [], item, today)]));
  const [here, elsewhere] = [items.filter((item) => item.clusters > 0), items.filter((item) => item.clusters === 0)];
  return (
    <>
      <PageHead
        title="Compliance"
        sub={
          here.length === 0
            ? "Benchmarks are judged on clusters, as soon as they are scanned."
            : `${plural(here.length, "benchmark")} for the clusters of this scope. A score says how much of what was decided is met; coverage says how much was. Counts are of requirements, each by its worst answer on any cluster.${at.place.exemptions === "without" ? " Shown as if no exemption held." : ""}`
        }
      >
        {here.length === 0 ? null : <ExemptionSwitch at={at} path="/compliance" />}
        <PlaceMenu scope={scope} at={at} path="/compliance" />
      </PageHead>
      <UnseenAccounts accounts={accounts} />
      {here.length > 0 ? (
        <BenchmarkTable items={here} place={at.place} history={history} />
      ) : (
        <NoCluster at={at} accounts={accounts} />
      )}
      {elsewhere.length === 0 ? null : (
        <Section
          className="gap"
          title={here.length === 0 ? "Benchmarks" : "Meant for other clusters"}
          remark={here.length === 0 ? "what clusters will be judged by" : "none of these lies in this scope"}
        >
          <ul className="plain-list">
            {elsewhere.map((item) => (
              <li key={item.id}>
                <b>{named(item)}</b>{" "}
                <span className="dim">{item.distributions.map((each) => distributionWord(each)).join(", ")}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
