import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import { When } from "@/components/when";
import type { MailServerView } from "../queries";

/** Whether mail leaves, and if not, why and until when nothing is tried. */
export function ServerState({ server, now, timeZone }: { server: MailServerView | null; now: Date; timeZone: string }) {
  if (server === null)
    return <p className="mut">No mail server is set up: nothing is mailed, invitations are handed over by link.</p>;
  if (!server.enabled) {
    return (
      <p>
        <Mark name="stale" /> Switched off.
      </p>
    );
  }
  if (server.problem !== null) {
    return (
      <>
        <p className="wrap">
          <Mark name="failed" /> <Name text={server.problem} />
        </p>
        {server.pausedUntil !== null && server.pausedUntil > now ? (
          <p className="mut sm">
            Tried again <When at={server.pausedUntil} timeZone={timeZone} />. A test is sent at once.
          </p>
        ) : null}
      </>
    );
  }
  return (
    <p>
      <Mark name={server.checkedAt === null ? "stale" : "complete"} />{" "}
      {server.checkedAt === null ? (
        "Saved, not tried yet. Send a test."
      ) : (
        <>
          Took mail <When at={server.checkedAt} now={now} timeZone={timeZone} suffix=" ago" />.
        </>
      )}
    </p>
  );
}
