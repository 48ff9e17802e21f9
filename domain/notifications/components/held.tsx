import Link from "next/link";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import type { HeldRow } from "../queries";
import { type EventKind, HOLD_WORDS, type HoldReason, KIND_WORDS, severityWord } from "../schema";
import { ReleaseButton } from "./row-actions";

/** What waits, for whom, why, and when it leaves. One button per recipient lets it leave now. */
export function HeldTable({
  rows,
  now,
  timeZone,
  who = false,
}: {
  rows: readonly HeldRow[];
  now: Date;
  timeZone: string;
  who?: boolean;
}) {
  const seen = new Set<string>();
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>What</TableHead>
          {who ? <TableHead>For</TableHead> : null}
          <TableHead>Where</TableHead>
          <TableHead>Why</TableHead>
          <TableHead>Leaves</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const first = !seen.has(row.recipientId);
          seen.add(row.recipientId);
          const severity = severityWord(row.severity);
          return (
            <tr key={row.id}>
              <td className="nw" style={{ fontWeight: 500 }}>
                <span className={`sev ${severity}`}>
                  <Mark name={severity} label={severity} />
                  {KIND_WORDS[row.kind as EventKind] ?? row.kind}
                </span>
              </td>
              {who ? <td className="mut wrap">{row.address}</td> : null}
              <td className="wrap">
                {row.cluster !== null && row.clusterId !== null ? (
                  <Link href={`/clusters/${row.clusterId}`} prefetch={false}>
                    <Name text={row.cluster} />
                  </Link>
                ) : (
                  <Name text={row.account ?? ""} />
                )}
              </td>
              <td className="mut">{HOLD_WORDS[row.reason as HoldReason] ?? row.reason}</td>
              <td className="nw">
                {row.heldUntil <= now ? "within a minute" : <When at={row.heldUntil} timeZone={timeZone} />}
              </td>
              <td className="num">
                {first && row.heldUntil > now ? (
                  <ReleaseButton recipientId={row.recipientId} address={row.address} />
                ) : null}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
