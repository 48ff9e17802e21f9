import type { Metadata } from "next";
import { withParameters } from "@/components/address";
import { Empty } from "@/components/empty";
import { count, plural } from "@/components/format";
import { PageHead, Section } from "@/components/section";
import { TabLinks } from "@/components/tab-links";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { FirstRun } from "@/domain/accounts/components/first-run";
import { accountSights } from "@/domain/accounts/queries";
import { ExemptionTable } from "@/domain/posture/exemption/components/exemption-table";
import { RuleForm } from "@/domain/posture/exemption/components/rule-form";
import {
  exemptionRuleInForce,
  listExemptions,
  type OwnedExemption,
  placeNames,
} from "@/domain/posture/exemption/queries";
import { controlCatalogue } from "@/domain/posture/queries";
import type { QueryRecord } from "@/lib/http/list-query";
import { readerZone } from "../../zone";
import { narrowed } from "../narrowed";

export const metadata: Metadata = { title: "Exemptions" };

const SOON = 14 * 86_400_000;
const TABS = ["requested", "active", "expiring", "ended"] as const;
type Tab = (typeof TABS)[number];
const LABELS: Readonly<Record<Tab, string>> = {
  requested: "Requested",
  active: "Active",
  expiring: "Ending in 14 days",
  ended: "Ended",
};
const NOTHING: Readonly<Record<Tab, string>> = {
  requested: "Nobody waits for a decision.",
  active:
    "Every open finding counts. Exempt one from its details, from a selection of findings, or from a recommendation.",
  expiring: "No exemption ends in the next 14 days.",
  ended: "No exemption was rejected, withdrawn or came to its end yet.",
};

export default async function ExemptionsPage({ searchParams }: { searchParams: Promise<QueryRecord> }) {
  const whole = await requireScope();
  const asked = await searchParams;
  const { scope, place } = narrowed(whole, "/exemptions", asked);
  const [all, accounts, rule, zone, controls] = await Promise.all([
    listExemptions(whole, { within: scope.accountIds }),
    accountSights(whole),
    exemptionRuleInForce(whole),
    readerZone(),
    controlCatalogue(),
  ]);
  if (accounts.length === 0) return <FirstRun scope={whole} />;
  const now = new Date();
  const soon = ({ expiresAt }: OwnedExemption) => expiresAt !== null && Date.parse(expiresAt) - now.getTime() < SOON;
  const active = all.filter(({ state }) => state === "active");
  const parts: Record<Tab, OwnedExemption[]> = {
    requested: all.filter(({ state }) => state === "requested"),
    active,
    expiring: active.filter(soon).sort((a, b) => ((a.expiresAt ?? "") < (b.expiresAt ?? "") ? -1 : 1)),
    ended: all.filter(({ state }) => state === "rejected" || state === "withdrawn" || state === "expired"),
  };
  const tab = TABS.find((one) => one === asked.state) ?? (parts.requested.length > 0 ? "requested" : "active");
  const shown = parts[tab];
  const names = await placeNames(whole, shown);
  return (
    <>
      <PageHead
        title="Exemptions"
        sub="Open findings that somebody answers for: mitigated ones count as healthy, waived ones leave the calculation"
      />
      <TabLinks
        label="Exemptions by state"
        tabs={TABS.map((one) => ({
          href: withParameters("/exemptions", { state: one, ...place }),
          label: LABELS[one],
          current: one === tab,
          amount: count(parts[one].length),
        }))}
      />
      <Section title={LABELS[tab]} remark={plural(shown.length, "exemption")}>
        {shown.length === 0 ? (
          <Empty title="None">
            <p>{NOTHING[tab]}</p>
          </Empty>
        ) : (
          <ExemptionTable
            exemptions={shown}
            names={names}
            titles={new Map([...controls].map(([id, { title }]) => [id, title]))}
            place={place}
            now={now}
            timeZone={zone}
          />
        )}
      </Section>
      <Section
        title="The rule"
        remark={`${rule.approval ? "Another person must approve" : "Holds when it is asked for"}; ${rule.longestDays === null ? "no longest duration" : `at most ${plural(rule.longestDays, "day")}`}`}
      >
        {hasRole(whole, "Owner") ? <RuleForm rule={rule} /> : <p className="mut">An Owner sets it.</p>}
      </Section>
    </>
  );
}
