import type { Metadata } from "next";
import { Empty } from "@/components/empty";
import { Partial } from "@/components/problem";
import { Section } from "@/components/section";
import { requireScope } from "@/domain/access/session";
import { HeldTable } from "@/domain/notifications/components/held";
import { PreferenceForm } from "@/domain/notifications/components/preference-form";
import { readPreferences } from "@/domain/notifications/preference/queries";
import { listHeld, mailState } from "@/domain/notifications/queries";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "Notifications" };

export default async function YourNotificationsPage() {
  const scope = await requireScope();
  const [preferences, held, mail, zone] = await Promise.all([
    readPreferences(scope),
    listHeld(scope),
    mailState(scope),
    readerZone(),
  ]);
  const mine = held.filter((row) => row.mine);
  const now = new Date();
  return (
    <>
      {mail === "off" ? (
        <Partial>
          No mail is sent: no mail server is set up, or it is switched off. A Security Admin of everything can change
          that under Mail server and limits.
        </Partial>
      ) : mail === "troubled" ? (
        <Partial>
          The mail server has trouble at present. Nothing is lost: what is due leaves when it answers again.
        </Partial>
      ) : null}
      {preferences === null ? null : (
        <Section title="When you are mailed" remark={preferences.email}>
          <PreferenceForm preferences={preferences} zones={Intl.supportedValuesOf("timeZone")} />
        </Section>
      )}
      <Section
        title="Held for you"
        remark="by the day's limit, quiet hours or your digest; it leaves by itself"
        className="gap"
      >
        {mine.length === 0 ? (
          <Empty title="Nothing is held">
            <p>What is more than a day's limit, or falls into your quiet hours, waits here and comes as one digest.</p>
          </Empty>
        ) : (
          <HeldTable rows={mine} now={now} timeZone={zone} />
        )}
      </Section>
    </>
  );
}
