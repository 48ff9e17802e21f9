import Link from "next/link";
import { withParameters } from "@/components/address";
import { Empty } from "@/components/empty";
import { age, count } from "@/components/format";
import { Mark } from "@/components/marks";
import { Breaks, Name } from "@/components/name";
import type { FindingRow } from "@/domain/posture/finding/queries";
import type { RecommendationDetail } from "@/domain/posture/recommendation/schema";

/** Unhealthy resources of a control. `listed`: the filter by which the list of findings has the same ones. */
export function Affected({
  rows,
  listed,
  now,
}: {
  rows: readonly FindingRow[];
  listed: Readonly<Record<string, string>>;
  now: Date;
}) {
  return (
    <table className="t-res flow">
      <thead>
        <tr>
          <th>Resource</th>
          <th>Cluster</th>
          <th>Evidence</th>
          <th className="num">Open for</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="a1 wrap">
              <Link href={withParameters("/findings", { ...listed, finding: row.id })} prefetch={false}>
                <Name text={row.namespace === "" ? row.name : `${row.namespace}/${row.name}`} />
              </Link>{" "}
              <span className="dim sm">{row.kind}</span>
            </td>
            <td className="a2 mut">
              <span className="el" style={{ display: "block", maxWidth: 150 }} title={row.clusterName}>
                <Name text={row.clusterName} />
              </span>
            </td>
            <td className="a3 wrap">
              <Name text={row.evidence[0]?.message ?? row.message} />
              {row.evidence[0] === undefined ? null : (
                <div className="dim sm">
                  <code>
                    <Breaks text={row.evidence[0].path} />
                  </code>
                </div>
              )}
              {row.notRechecked === null ? null : (
                <span className="dim sm">
                  {" "}
                  <Mark name="unknown" /> not re-checked
                </span>
              )}
            </td>
            <td className="num a4">{age(row.firstSeenAt, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why no resource is listed: nothing was seen, nothing could be evaluated, or all of it holds. */
export function NoneAffected({
  counts: { healthy, exempted, notEvaluated },
}: {
  counts: Pick<RecommendationDetail, "healthy" | "exempted" | "notEvaluated">;
}) {
  if (healthy + exempted + notEvaluated === 0)
    return <p className="mut">Nothing that this control applies to was seen yet.</p>;
  if (healthy + exempted === 0)
    return (
      <div className="banner hat">
        <span>None of {count(notEvaluated)} could be evaluated, so nothing can be said.</span>
      </div>
    );
  return (
    <Empty holds={notEvaluated === 0} title="No unhealthy resource">
      <p>
        {count(healthy)} were evaluated and hold.
        {exempted > 0 ? ` An exemption holds for ${count(exempted)} that do not.` : ""}
        {notEvaluated > 0 ? ` ${count(notEvaluated)} could not be evaluated.` : ""}
      </p>
    </Empty>
  );
}
