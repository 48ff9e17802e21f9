import Link from "next/link";
import { Confirm } from "@/components/confirm";
import { Name } from "@/components/name";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import { takeParameters } from "../actions";
import { written } from "../entry";
import type { OverrideItem, OverrideRow } from "../schema";

/** The place in words, the widest part first. */
function Place({ of }: { of: OverrideItem }) {
  if (of.scope === "fleet") return <>everywhere</>;
  if (of.cluster === null) return <Name text={of.account?.name ?? ""} />;
  return (
    <>
      <Name text={of.cluster.name} />
      {of.namespace === "" ? null : (
        <>
          {" / "}
          <Name text={of.namespace} />
        </>
      )}
    </>
  );
}

/** Overrides in force. `mayChange` says of which the reader may take the parameters away. */
export function OverrideTable({
  overrides,
  titles,
  mayChange,
  now,
  timeZone,
}: {
  overrides: readonly OverrideRow[];
  /** Titles by control id; without them the control's column is left out. */
  titles?: ReadonlyMap<string, string>;
  mayChange: (override: OverrideItem) => boolean;
  now: Date;
  timeZone: string;
}) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          {titles === undefined ? null : <TableHead>Control</TableHead>}
          <TableHead>Where</TableHead>
          <TableHead>Parameters</TableHead>
          <TableHead>Why</TableHead>
          <TableHead>Set</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {overrides.map((override) => (
          <tr key={override.id}>
            {titles === undefined ? null : (
              <td className="wrap">
                <Link href={`/settings/parameters/${override.control}`}>
                  {titles.get(override.control) ?? override.control}
                </Link>
              </td>
            )}
            <td className="wrap">
              {override.scope} <Place of={override} />
            </td>
            <td className="wrap">
              {Object.entries(override.params).map(([name, value]) => (
                <div key={name}>
                  <code>{name}</code> <bdi className="mut">{written(value).replaceAll("\n", ", ").slice(0, 300)}</bdi>
                </div>
              ))}
            </td>
            <td className="wrap mut">
              <bdi>{override.reason}</bdi>
            </td>
            <td className="mut">
              <When at={new Date(override.setAt)} now={now} timeZone={timeZone} suffix=" ago" /> by{" "}
              <bdi>{override.setBy}</bdi>
            </td>
            <td className="num">
              {mayChange(override) ? (
                <Confirm
                  label="Take away"
                  title={`Take the parameters of ${override.control} away?`}
                  action={takeParameters.bind(null, override.id, override.version)}
                  done="Taken away"
                  small
                >
                  What is set for the wider place holds again, or the control's own. The next scan judges anew.
                </Confirm>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
