import { count } from "@/components/format";
import { Mark } from "@/components/marks";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import type { JobName } from "@/lib/jobs";
import type { QueueRow } from "../system/queries";

/** Of every job that Seawall knows; an older or newer one is called by its own name. */
const WORDS: Readonly<Record<JobName, string>> = {
  tick: "Schedule",
  "discover-account": "Discover an account",
  "scan-cluster": "Scan a cluster",
  "test-connection": "Test a connection",
  "remove-account": "Remove an account",
  notify: "Decide who is told",
  "send-mail": "Send mail",
  "record-compliance": "Record compliance of the day",
  forget: "Delete what was kept long enough",
};
const wordOf = (name: string): string => Object.entries(WORDS).find(([job]) => job === name)?.[1] ?? name;
const LATE_MS = 5 * 60_000;

function Amount({ value, label }: { value: number; label: string }) {
  return (
    <td className="num" data-l={label}>
      {value === 0 ? <span className="zero">0</span> : count(value)}
    </td>
  );
}

/** What waits, runs and failed, by queue, and whether the oldest waits too long. */
export function QueueTable({ queues, now, timeZone }: { queues: readonly QueueRow[]; now: Date; timeZone: string }) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Queue</TableHead>
          <TableHead num>Waiting</TableHead>
          <TableHead num>Running</TableHead>
          <TableHead num>Retrying</TableHead>
          <TableHead num>Failed</TableHead>
          <TableHead num>Oldest waits</TableHead>
          <TableHead num>Last done</TableHead>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.name}>
            <td style={{ fontWeight: 500 }}>{wordOf(queue.name)}</td>
            <Amount value={queue.waiting} label="Waiting" />
            <Amount value={queue.running} label="Running" />
            <Amount value={queue.retrying} label="Retrying" />
            <Amount value={queue.failed} label="Failed" />
            <td className="num" data-l="Oldest waits">
              {queue.oldest === null ? (
                <span className="zero">–</span>
              ) : (
                <>
                  {now.getTime() - queue.oldest.getTime() > LATE_MS ? <Mark name="stale" label="late" /> : null}{" "}
                  <When at={queue.oldest} now={now} timeZone={timeZone} />
                </>
              )}
            </td>
            <td className="num" data-l="Last done">
              {queue.lastDone === null ? (
                <span className="zero">–</span>
              ) : (
                <When at={queue.lastDone} now={now} timeZone={timeZone} suffix=" ago" />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
