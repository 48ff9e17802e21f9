import type { Metadata } from "next";
import { Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { LimitsForm } from "@/domain/notifications/components/limits-form";
import { ServerForm } from "@/domain/notifications/components/server-form";
import { ServerState } from "@/domain/notifications/components/server-state";
import { TestForm } from "@/domain/notifications/components/test-form";
import { readPreferences } from "@/domain/notifications/preference/queries";
import { listDeliveries, readLimits, readServer } from "@/domain/notifications/queries";
import { env } from "@/lib/env";
import { readerZone } from "../../../../zone";
import { mayManage, NeedsAdmin } from "../needs-admin";

export const metadata: Metadata = { title: "Mail server and limits" };

export default async function MailPage() {
  const scope = await requireScope();
  if (!mayManage(scope)) return <NeedsAdmin />;
  const [server, limits, preferences, deliveries, zone] = await Promise.all([
    readServer(scope),
    readLimits(scope),
    readPreferences(scope),
    listDeliveries(scope, { state: null, before: null }),
    readerZone(),
  ]);
  const now = new Date();
  const test = deliveries.rows.find((row) => row.template === "test") ?? null;
  return (
    <div className="two">
      <div>
        <Section title="Mail server" remark="SMTP; the password is stored encrypted and never shown again">
          <ServerForm server={server} defaultUrl={env().SEAWALL_URL ?? ""} />
        </Section>
      </div>
      <div>
        <Section title="State">
          <ServerState server={server} now={now} timeZone={zone} />
        </Section>
        <Section title="Test">
          <TestForm disabled={server === null} address={preferences?.email ?? ""} last={test} />
        </Section>
        <Section title="Limits" remark="mails to one address in 24 hours">
          <LimitsForm limits={limits} />
        </Section>
      </div>
    </div>
  );
}
