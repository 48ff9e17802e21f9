import Link from "next/link";
import { plural } from "@/components/format";
import { type Place, placeSearch } from "../place";
import type { RequirementItem } from "../report/schema";
import { isAttested, Spread, StateMark } from "./state";
import { DECIDED_WORDS } from "./words";

/** Who decides a requirement, and by how much. */
export const decidedWords = (item: Pick<RequirementItem, "decidedBy" | "controls">): string =>
  item.decidedBy === "person"
    ? DECIDED_WORDS.person
    : `${DECIDED_WORDS[item.decidedBy]}, ${plural(item.controls.length, "control")}`;

/** Requirements of a section with their states. */
export function RequirementTable({
  benchmark,
  items,
  place,
}: {
  benchmark: string;
  items: readonly RequirementItem[];
  place: Place;
}) {
  return (
    <table className="t-req flow">
      <thead>
        <tr>
          <th>Id</th>
          <th>Requirement</th>
          <th>State</th>
          <th>Clusters</th>
          <th>Decided by</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <td className="j0 idc">{item.id}</td>
            <td className="j1">
              <Link href={`/compliance/${benchmark}/${item.id}${placeSearch(place)}`} prefetch={false}>
                {item.title}
              </Link>
            </td>
            <td className="j2">
              <StateMark state={item.state} attested={isAttested(item.tally)} />
            </td>
            <td className="j3">
              <Spread tally={item.tally} />
            </td>
            <td className="j4 mut">
              {decidedWords(item)}
              {item.level === null ? null : <div className="dim sm">Level {item.level}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
