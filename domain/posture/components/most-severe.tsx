import Link from "next/link";
import { count } from "@/components/format";
import type { Recommendation } from "../queries";
import { SEVERITY_RANK } from "../schema";
import { SeverityMark } from "./severity";
import { unitOf } from "./tables";

const SHOWN = 6;

/** What is worst whatever it is worth in points: critical and high controls with unhealthy resources, worst and most first. */
export function mostSevere(rows: readonly Recommendation[]): Recommendation[] {
  return rows
    .filter(({ control }) => SEVERITY_RANK[control.severity] >= SEVERITY_RANK.high && control.maturity === "stable")
    .sort(
      (a, b) =>
        SEVERITY_RANK[b.control.severity] - SEVERITY_RANK[a.control.severity] ||
        b.increase - a.increase ||
        b.unhealthy - a.unhealthy,
    )
    .slice(0, SHOWN);
}

/** A list, not a table: what to look at first, and how much of it there is. */
export function MostSevere({ rows }: { rows: readonly Recommendation[] }) {
  if (rows.length === 0)
    return <p className="mut">No control of critical or high severity has an unhealthy resource.</p>;
  return (
    <ul className="feed worst">
      {rows.map(({ control, unhealthy }) => (
        <li key={control.id}>
          <SeverityMark severity={control.severity} tight />
          <Link href={`/recommendations/${control.id}`} prefetch={false} style={{ fontWeight: 500 }}>
            {control.title}
          </Link>
          <span className="num nw">
            {count(unhealthy)} <span className="u">{unitOf(control.appliesTo.resources)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
