import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import type { Json } from "../canonical";
import type { AuditRow } from "../schema";

const text = (value: Json | undefined): string =>
  value === null || value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value);
const members = (value: Json): { readonly [key: string]: Json } =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json }) // an object and no list: what is left of Json
    : {};

/** What changed: each field as it was and as it is; then what else the entry tells. */
function Change({ row }: { row: AuditRow }) {
  const before = members(row.before);
  const after = members(row.after);
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const told = Object.entries(members(row.detail));
  if (changed.length + told.length === 0) return null;
  return (
    <div className="diff">
      {changed.map((key) => (
        <span key={key}>
          <span className="dim">{key}: </span>
          {row.before === null ? null : <code className="dim">{text(before[key])}</code>}
          {row.before === null || row.after === null ? null : <span className="dim"> → </span>}
          {row.after === null ? null : <code>{text(after[key])}</code>}
        </span>
      ))}
      {told.map(([key, value]) => (
        <span key={key}>
          <span className="dim">{key}: </span>
          <code>{text(value)}</code>
        </span>
      ))}
    </div>
  );
}

/** Entries of the log: when and who, what to what, from where, and what changed. */
export function AuditTable({ rows, timeZone }: { rows: readonly AuditRow[]; timeZone: string }) {
  return (
    <table className="flow t-plain t-audit">
      <thead>
        <tr>
          <TableHead>When</TableHead>
          <TableHead>Who</TableHead>
          <TableHead>Did what, to what</TableHead>
          <TableHead>From</TableHead>
          <TableHead num>Entry</TableHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={String(row.seq)} className="plain" style={{ verticalAlign: "top" }}>
            <td className="nw">
              <When at={row.at} timeZone={timeZone} />
            </td>
            <td className="wrap" data-l="Who">
              <bdi>{row.actor}</bdi>
            </td>
            <td className="wrap" data-l="What">
              <code>{row.action}</code> <bdi style={{ fontWeight: 500 }}>{row.target}</bdi>
              {row.account === null || row.account === row.target ? null : (
                <span className="dim"> in {row.account}</span>
              )}
              <Change row={row} />
            </td>
            <td className="nw" data-l="From" title={row.userAgent ?? undefined}>
              {row.address === null ? <span className="dim">here</span> : <code>{row.address}</code>}
            </td>
            <td className="num dim" data-l="Entry" title={`SHA-256 of the chain at this entry: ${row.hash}`}>
              {String(row.seq)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
