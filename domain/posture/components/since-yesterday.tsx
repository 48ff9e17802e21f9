import Link from "next/link";
import { withParameters } from "@/components/address";
import { signClass, signed, weekday } from "@/components/format";
import { Name } from "@/components/name";
import { When } from "@/components/when";
import type { Happening } from "../since/queries";
import { coverageWords, moveWords } from "./moves";

const words = (happening: Happening): string =>
  happening.what === "new"
    ? "New cluster"
    : happening.what === "gone-cluster"
      ? "Cluster gone from the cloud"
      : happening.what === "coverage" && happening.resources === 0
        ? coverageWords(happening.coverage)
        : moveWords({ ...happening, step: happening.what }, happening.what === "weights" ? happening.mover : null);
/** The accounts that are looked at, as lists filter by them. */
type Place = Readonly<{ account?: string }>;
const hrefOf = ({ pointId, cluster }: Happening, within: Place): string =>
  pointId === null ? `/clusters/${cluster?.id ?? ""}` : withParameters("/score-history", { ...within, point: pointId });
/** Where it was; of an exemption: who let it begin or end, and the exemption itself by its reason. */
const place = ({ cluster, mover, exemption, what }: Happening) => {
  const name = cluster?.name ?? mover?.account.name;
  if (name !== undefined) return <Name text={name} />;
  if (exemption !== null)
    return (
      <>
        {exemption.over ? "Ended" : "Set"} by <Name text={exemption.by} />:{" "}
        <Link
          className="lnk"
          href={`/exemptions?state=${exemption.active ? "active" : "ended"}#${exemption.id}`}
          prefetch={false}
        >
          <Name text={exemption.reason} />
        </Link>
      </>
    );
  return what === "exemptions" ? (
    <Link className="lnk" href="/exemptions?state=active" prefetch={false}>
      by an exemption that began or ended
    </Link>
  ) : (
    "by a scan that is not kept any more"
  );
};
const points = (delta: number): string => signed(delta, Math.abs(delta) < 0.05 ? 2 : 1);

/** That nothing moved, and what moved last: an estate that does not deploy at weekends is not a page that broke. */
function Quiet({ last, within, timeZone }: { last: Happening | null; within: Place; timeZone: string }) {
  return (
    <p className="mut">
      Nothing moved the score or its coverage, and no cluster came or went.{" "}
      {last === null ? null : (
        <>
          The last change was on{" "}
          <Link className="lnk" href={hrefOf(last, within)} prefetch={false}>
            {weekday(last.at, timeZone)}
          </Link>
          : {words(last)}, {place(last)}, <span className="nw">{points(last.delta)} points.</span>
        </>
      )}
    </p>
  );
}

/** What changed since yesterday, each with the points that it moved, and the way to its ledger. `last`: what changed before that. */
export function SinceYesterday({
  rows,
  last,
  within,
  now,
  timeZone,
}: {
  rows: readonly Happening[];
  last: Happening | null;
  within: Place;
  now: Date;
  timeZone: string;
}) {
  if (rows.length === 0) return <Quiet last={last} within={within} timeZone={timeZone} />;
  return (
    <ul className="feed">
      {rows.map((row) => (
        <li key={`${row.cluster?.id ?? row.mover?.account.id ?? row.pointId}${row.what}`}>
          <When at={row.at} now={now} timeZone={timeZone} />
          <span className="what">
            <Link href={hrefOf(row, within)} prefetch={false} style={{ fontWeight: 500 }}>
              {words(row)}
            </Link>
            <br />
            <span>{place(row)}</span>
          </span>
          <span className={`num ${row.pointId === null ? "zero" : signClass(row.delta, 2)}`}>
            {row.pointId === null ? "" : points(row.delta)}
          </span>
        </li>
      ))}
    </ul>
  );
}
