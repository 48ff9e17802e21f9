import type { Metadata } from "next";
import { Confirm } from "@/components/confirm";
import { plural } from "@/components/format";
import { PageHead, Section } from "@/components/section";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { takeOtherSessions } from "@/domain/access/sessions/actions";
import { SessionTable } from "@/domain/access/sessions/components/session-table";
import { listSessions } from "@/domain/access/sessions/queries";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage() {
  const scope = await requireScope();
  const [sessions, zone] = await Promise.all([listSessions(scope), readerZone()]);
  const mine = sessions.filter((session) => session.userId === scope.userId && !session.current).length;
  const everybody = hasRole(scope, "Owner");
  return (
    <>
      <PageHead
        title="Sessions"
        sub={everybody ? "Where you and everybody else are signed in" : "Where you are signed in"}
      >
        {mine === 0 ? null : (
          <Confirm
            label="End my other sessions"
            title={`End ${plural(mine, "other session")}?`}
            verb="End them"
            action={takeOtherSessions}
            done="Other sessions ended"
          >
            Every device but this one must sign in again.
          </Confirm>
        )}
      </PageHead>
      <Section
        title="Sessions"
        remark={`${plural(sessions.length, "session")}; one ends after 12 hours without use, and with a change of role or password`}
      >
        <SessionTable sessions={sessions} self={scope.userId} now={new Date()} timeZone={zone} />
      </Section>
    </>
  );
}
