import Link from "next/link";
import { CouldNotLook } from "@/components/empty";
import { count } from "@/components/format";
import { Mark } from "@/components/marks";
import { Name } from "@/components/name";
import { Section } from "@/components/section";
import { When } from "@/components/when";
import { NothingOpen } from "@/domain/posture/components/nothing-open";
import { SeverityMark, severityOf } from "@/domain/posture/components/severity";
import { findingPage } from "@/domain/posture/finding/page/queries";
import { findingMatrix } from "@/domain/posture/finding/queries";
import { findingQuery } from "@/domain/posture/finding/schema";
import { readerZone } from "../../../zone";
import type { TabProps } from "./overview";

const SHOWN = "25";

/** The worst open findings of the cluster, and how many there are of each severity. */
export async function FindingsTab({ scope, cluster, now }: TabProps) {
  const [page, matrix, zone] = await Promise.all([
    findingPage(scope, findingQuery.parse({ cluster: cluster.id, size: SHOWN })),
    findingMatrix(scope, cluster.id),
    readerZone(),
  ]);
  const amounts = [3, 2, 1, 0].map((rank) => ({
    rank,
    amount: matrix.reduce((sum, cell) => sum + (cell.severity === rank ? cell.amount : 0), 0),
  }));
  return (
    <Section
      title="Worst first"
      remark={amounts.map(({ rank, amount }) => (
        <Link
          key={rank}
          href={`/findings?cluster=${cluster.id}&severity=${severityOf(rank)}`}
          prefetch={false}
          style={{ marginRight: 12 }}
        >
          <SeverityMark severity={severityOf(rank)} tight /> {count(amount)}
        </Link>
      ))}
      more={{ href: `/findings?cluster=${cluster.id}`, label: `All ${count(cluster.open)}, with filters` }}
    >
      {page.items.length > 0 ? (
        <table className="flow t-plain">
          <thead>
            <tr>
              <th>Finding</th>
              <th>Resource</th>
              <th>Control</th>
              <th className="num">Age</th>
            </tr>
          </thead>
          <tbody>
            {page.items.map((row) => (
              <tr key={row.id}>
                <td className="wrap">
                  <SeverityMark severity={row.severity} tight />{" "}
                  <Link href={`/findings?cluster=${cluster.id}&finding=${row.id}`} prefetch={false}>
                    <Name text={row.message} />
                  </Link>
                  {row.exemption === null ? null : (
                    <span className="dim sm">
                      {" "}
                      <Mark name="exempt" /> exempted
                    </span>
                  )}
                  {row.notRechecked === null ? null : (
                    <span className="dim sm">
                      {" "}
                      <Mark name="unknown" /> not re-checked
                    </span>
                  )}
                </td>
                <td className="wrap mut">
                  <Name text={row.namespace === "" ? row.name : `${row.namespace}/${row.name}`} />
                  <span className="dim sm"> {row.kind}</span>
                </td>
                <td className="nw">
                  <Link href={`/recommendations/${row.control.id}`} prefetch={false} title={row.control.title}>
                    {row.control.id}
                  </Link>
                </td>
                <td className="num" data-l="Age">
                  <When at={new Date(row.firstSeenAt)} now={now} timeZone={zone} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : cluster.lastScanStatus === "complete" ? (
        <NothingOpen title="No open findings" assessed={cluster} place={{ cluster: cluster.id }}>
          <p>Every control that applies was evaluated and holds.</p>
        </NothingOpen>
      ) : (
        <CouldNotLook>
          The cluster could not be read completely, so this does not mean that there are none.
        </CouldNotLook>
      )}
    </Section>
  );
}
