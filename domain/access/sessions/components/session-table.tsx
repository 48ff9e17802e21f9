import { Confirm } from "@/components/confirm";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import { takeSession } from "../actions";
import { deviceOf } from "../device";
import type { SessionRow } from "../queries";

/** Sessions with where they were begun and when they were last used; each but one's own current one can be ended. */
export function SessionTable({
  sessions,
  self,
  now,
  timeZone,
}: {
  sessions: readonly SessionRow[];
  self: string | null;
  now: Date;
  timeZone: string;
}) {
  const others = sessions.some((session) => session.userId !== self);
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Device</TableHead>
          {others ? <TableHead>Of</TableHead> : null}
          <TableHead>Address</TableHead>
          <TableHead>Signed in</TableHead>
          <TableHead>Last seen</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id}>
            <td className="wrap" title={session.userAgent ?? undefined} style={{ fontWeight: 500 }}>
              {deviceOf(session.userAgent)}
            </td>
            {others ? (
              <td className="wrap" data-l="Of">
                <bdi>{session.userId === self ? "you" : session.person}</bdi>
              </td>
            ) : null}
            <td data-l="Address">
              {session.address === null ? <span className="dim">not told</span> : <code>{session.address}</code>}
            </td>
            <td className="nw" data-l="Signed in">
              <When at={session.createdAt} timeZone={timeZone} />
            </td>
            <td className="nw" data-l="Last seen">
              {session.current ? "now" : <When at={session.lastSeenAt} now={now} timeZone={timeZone} suffix=" ago" />}
            </td>
            <td className="num">
              {session.current ? (
                <span className="dim">this one</span>
              ) : (
                <Confirm
                  label="End"
                  title="End this session?"
                  action={takeSession.bind(null, session.id)}
                  done="Session ended"
                  small
                >
                  {deviceOf(session.userAgent)} of {session.userId === self ? "yours" : session.person} must sign in
                  again.
                </Confirm>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
