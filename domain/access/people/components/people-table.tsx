import { Confirm } from "@/components/confirm";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import { takeInvitation } from "../actions";
import type { InvitationRow, PersonRow } from "../schema";
import { PersonRoles } from "./person-roles";

const byWhat = ({ password, oidc, secondFactor }: PersonRow): string =>
  [
    ...(password ? [secondFactor ? "password and second factor" : "password only"] : []),
    ...(oidc ? ["single sign-on"] : []),
  ].join(", ") || "one-time link";

interface Props {
  people: readonly PersonRow[];
  accounts: readonly { id: string; name: string }[];
  everything: boolean;
  self: string | null;
  now: Date;
  timeZone: string;
}

/** People with what they hold, how they sign in and when they were last seen. */
export function PeopleTable({ people, accounts, everything, self, now, timeZone }: Props) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Person</TableHead>
          <TableHead>Roles</TableHead>
          <TableHead>Signs in by</TableHead>
          <TableHead>Last seen</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id}>
            <td className="wrap">
              <bdi style={{ fontWeight: 500 }}>{person.name}</bdi>
              {person.id === self ? <span className="dim"> you</span> : null}
              <div className="sm dim">{person.email}</div>
            </td>
            <td data-l="Roles">
              {person.grants.length === 0 ? (
                <span className="dim">none</span>
              ) : (
                <ul className="roles">
                  {person.grants.map((grant) => (
                    <li key={`${grant.accountId} ${grant.source}`} className="wrap">
                      {grant.role} <span className="dim">on {grant.account ?? "everything"}</span>
                    </li>
                  ))}
                </ul>
              )}
            </td>
            <td data-l="Signs in by">{byWhat(person)}</td>
            <td className="nw" data-l="Last seen">
              {person.id === self ? (
                "now"
              ) : person.lastSeenAt === null ? (
                <span className="dim">no session</span>
              ) : (
                <When at={person.lastSeenAt} now={now} timeZone={timeZone} suffix=" ago" />
              )}
            </td>
            <td className="num">
              <PersonRoles
                person={person}
                grants={person.grants}
                accounts={accounts}
                everything={everything}
                self={person.id === self}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Invitations that wait, or were not taken up in time. */
export function InvitationTable({
  invitations,
  timeZone,
}: {
  invitations: readonly InvitationRow[];
  timeZone: string;
}) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Invited</TableHead>
          <TableHead>Role</TableHead>
          <TableHead>By</TableHead>
          <TableHead>Ends</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {invitations.map((invitation) => (
          <tr key={invitation.id} className={invitation.expired ? "old" : undefined}>
            <td className="wrap" style={{ fontWeight: 500 }}>
              {invitation.email}
            </td>
            <td className="wrap" data-l="Role">
              {invitation.role}{" "}
              <span className="dim">
                on {invitation.accounts === null ? "everything" : invitation.accounts.join(", ")}
              </span>
            </td>
            <td className="wrap" data-l="By">
              <bdi>{invitation.inviter}</bdi>
            </td>
            <td className="nw" data-l="Ends">
              {invitation.expired ? "ended " : ""}
              <When at={invitation.expiresAt} timeZone={timeZone} />
            </td>
            <td className="num">
              <Confirm
                label="Withdraw"
                title={`Withdraw the invitation of ${invitation.email}?`}
                action={takeInvitation.bind(null, invitation.id)}
                done="Invitation withdrawn"
                small
              >
                Its link no longer works.
              </Confirm>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
