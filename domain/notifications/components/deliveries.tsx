import { Mark, type MarkName } from "@/components/marks";
import { Name } from "@/components/name";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import type { DeliveryRow } from "../queries";
import { type DeliveryState, severityWord } from "../schema";
import { RetryButton } from "./row-actions";

const MARKS: Readonly<Record<DeliveryState, MarkName>> = {
  queued: "stale",
  sending: "running",
  sent: "complete",
  failed: "failed",
  dropped: "exempt",
};
const TEMPLATES = {
  events: "Events",
  digest: "Digest",
  invitation: "Invitation",
  recovery: "Way back in",
  test: "Test",
} as const;

function stateWords(row: DeliveryRow): string {
  if (row.state === "queued") return row.attempts === 0 ? "Waiting" : "Tried, waiting";
  return { sending: "Sending", sent: "Sent", failed: "Gave up", dropped: "Dropped" }[row.state];
}

/** Every mail: to whom, what, what became of it and why; what gave up can be sent again. */
export function DeliveryTable({
  rows,
  now,
  timeZone,
  mayRetry,
}: {
  rows: readonly DeliveryRow[];
  now: Date;
  timeZone: string;
  mayRetry: boolean;
}) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Mail</TableHead>
          <TableHead>State</TableHead>
          <TableHead>Why</TableHead>
          <TableHead>When</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="wrap">
              <span style={{ fontWeight: 500 }}>
                <Name text={row.subject === "" ? TEMPLATES[row.template] : row.subject} />
              </span>
              <br />
              <span className="dim sm">
                {row.address}
                {row.severity === null ? "" : `, ${severityWord(row.severity)}`}
                {row.notices > 1 ? `, ${row.notices} events` : ""}
              </span>
            </td>
            <td className="nw">
              <Mark name={MARKS[row.state]} /> {stateWords(row)}
            </td>
            <td className="mut wrap">
              {row.reason === null ? "" : <Name text={row.reason} />}
              {row.state === "queued" && row.attempts > 0 ? (
                <>
                  <br />
                  <span className="dim sm">
                    Attempt {row.attempts + 1} <When at={row.nextAttemptAt} timeZone={timeZone} />
                  </span>
                </>
              ) : null}
            </td>
            <td className="mut nw">
              <When at={row.sentAt ?? row.createdAt} now={now} timeZone={timeZone} suffix=" ago" />
            </td>
            <td className="num">
              {mayRetry && row.state === "failed" ? <RetryButton id={row.id} address={row.address} /> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
