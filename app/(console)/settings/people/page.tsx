import type { Metadata } from "next";
import { plural } from "@/components/format";
import { Partial } from "@/components/problem";
import { PageHead, Section } from "@/components/section";
import { consoleUrl } from "@/domain/access/console-url";
import { Invite } from "@/domain/access/people/components/invite";
import { InvitationTable, PeopleTable } from "@/domain/access/people/components/people-table";
import { grantableAccounts, listInvitations, listPeople } from "@/domain/access/people/queries";
import { hasRole, holdsAnywhere } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const scope = await requireScope();
  if (!holdsAnywhere(scope, "Owner")) {
    return (
      <>
        <PageHead title="People" sub="Who may see and do what" />
        <Partial>
          People and their roles are shown to Owners only. Ask one of them for the role Owner if you need it.
        </Partial>
      </>
    );
  }
  const [people, invitations, accounts, zone] = await Promise.all([
    listPeople(scope),
    listInvitations(scope),
    grantableAccounts(scope),
    readerZone(),
  ]);
  const everything = hasRole(scope, "Owner");
  return (
    <>
      <PageHead title="People" sub="Who may see and do what, on everything or on named accounts">
        <Invite accounts={accounts} everything={everything} base={consoleUrl()} />
      </PageHead>
      {everything ? null : (
        <Partial>You are Owner of some accounts: you see who reaches those, and change roles there.</Partial>
      )}
      <Section
        title="People"
        remark={`${plural(people.length, "person", "people")}; when they were last seen is noted once an hour`}
      >
        <PeopleTable
          people={people}
          accounts={accounts}
          everything={everything}
          self={scope.userId}
          now={new Date()}
          timeZone={zone}
        />
      </Section>
      {invitations.length === 0 ? null : (
        <Section title="Invitations" remark="each works once, for seven days">
          <InvitationTable invitations={invitations} timeZone={zone} />
        </Section>
      )}
    </>
  );
}
