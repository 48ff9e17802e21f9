import Link from "next/link";
import { Name } from "@/components/name";
import { When } from "@/components/when";
import { SeverityMark } from "@/domain/posture/components/severity";
import type { FindingItem } from "@/domain/posture/finding/schema";

/** Open findings that make a requirement fail. */
export function FailingResources({
  items,
  timeZone,
  now,
}: {
  items: readonly FindingItem[];
  timeZone: string;
  now: Date;
}) {
  return (
    <table className="t-fail flow">
      <thead>
        <tr>
          <th>
            <span className="vh">Severity</span>
          </th>
          <th>Resource</th>
          <th>Cluster</th>
          <th>Evidence</th>
          <th className="num">Open for</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <td className="e0">
              <SeverityMark severity={item.severity} tight />
            </td>
            <td className="e1 wrap">
              <Link href={`/findings?finding=${item.id}&control=${item.control.id}`} prefetch={false}>
                <Name text={item.name} />
              </Link>
              <span className="under dim">
                {item.kind}
                {item.namespace === "" ? "" : ` in ${item.namespace}`}
              </span>
            </td>
            <td className="e2 wrap">
              <Name text={item.cluster.name} />
            </td>
            <td className="e3 wrap">
              <Name text={item.evidence[0]?.message ?? item.message} />
              {item.notRechecked === null ? null : <span className="under dim">stays open, not re-checked</span>}
              {item.exemption === null ? null : <span className="under dim">exempted</span>}
            </td>
            <td className="num e4 nw">
              <When at={new Date(item.firstSeenAt)} now={now} timeZone={timeZone} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
