import Link from "next/link";
import { signClass, signed } from "@/components/format";
import { Name } from "@/components/name";
import { When } from "@/components/when";
import type { Happening } from "../since/queries";
import { moveWords } from "./moves";

const words = (happening: Happening): string =>
  happening.what === "new"
    ? "New cluster"
    : happening.what === "gone-cluster"
      ? "Cluster gone from the cloud"
      : moveWords(happening.what, happening.resources);

/** What changed since yesterday, each with the points that it moved, and the way to its ledger. */
export function SinceYesterday({ rows, now, timeZone }: { rows: readonly Happening[]; now: Date; timeZone: string }) {
  if (rows.length === 0) return <p className="mut">Nothing moved the score, and no cluster came or went.</p>;
  return (
    <ul className="feed">
      {rows.map((row) => (
        <li key={`${row.cluster?.id}${row.what}`}>
          <When at={row.at} now={now} timeZone={timeZone} />
          <span className="what">
            <Link
              href={row.pointId === null ? `/clusters/${row.cluster?.id ?? ""}` : `/score-history?point=${row.pointId}`}
              prefetch={false}
              style={{ fontWeight: 500 }}
            >
              {words(row)}
            </Link>
            <br />
            <span>{row.cluster === null ? "the whole fleet" : <Name text={row.cluster.name} />}</span>
          </span>
          <span className={`num ${row.pointId === null ? "zero" : signClass(row.delta, 2)}`}>
            {row.pointId === null ? "" : signed(row.delta, Math.abs(row.delta) < 0.05 ? 2 : 1)}
          </span>
        </li>
      ))}
    </ul>
  );
}
