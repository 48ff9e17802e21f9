import Link from "next/link";
import { count, percent, signClass, signed } from "@/components/format";
import { scoreText, shownChange } from "@/lib/score-text";
import type { RequirementChange } from "../change";
import { type Place, placeSearch } from "../place";
import type { BenchmarkReport, RequirementItem } from "../report/schema";
import { REQUIREMENT_STATES, type RequirementState } from "../schema";
import { StateMark } from "./state";
import { named, STATE_WORDS } from "./words";

const KINDS = { added: "New", removed: "Gone", changed: "Changed" } as const;

/** Whether more requirements in a state are good news, bad news or neither. */
const GOOD: Readonly<Record<RequirementState, 1 | -1 | 0>> = {
  ...{ failed: -1, not_evaluated: -1, manual: -1 },
  ...{ exempted: 0, passed: 1, not_applicable: 0 },
};

/** A difference, of the colour of what it means: teal for what got better, ink for what got worse or is neither. */
function Difference({ by, good, digits = 1 }: { by: number; good: 1 | -1 | 0; digits?: number }) {
  const none = signClass(by, digits) === "zero";
  return <span className={none || good !== 0 ? signClass(by * good, digits) : undefined}>{signed(by, digits)}</span>;
}
/** Of two scores as they are shown beside it. */
const Score = ({ from, to }: { from: number | null; to: number | null }) =>
  from === null || to === null ? "–" : <Difference by={shownChange(from, to)} good={1} />;

/** The figures of two versions over the same clusters. */
export function VersionsBeside({
  before,
  now,
  place,
}: {
  before: BenchmarkReport;
  now: BenchmarkReport;
  place: Place;
}) {
  const percentOf = (value: number | null) => (value === null ? "–" : `${percent(value)} %`);
  const rows = [
    {
      name: "Score",
      was: before.score === null ? "–" : scoreText(before.score),
      is: now.score === null ? "–" : scoreText(now.score),
      by: <Score from={before.score} to={now.score} />,
    },
    ...(place.exemptions === "without" || [before, now].every((each) => each.score === each.scoreWithoutExemptions)
      ? []
      : [
          {
            name: "Score without exemptions",
            was: before.scoreWithoutExemptions === null ? "–" : scoreText(before.scoreWithoutExemptions),
            is: now.scoreWithoutExemptions === null ? "–" : scoreText(now.scoreWithoutExemptions),
            by: <Score from={before.scoreWithoutExemptions} to={now.scoreWithoutExemptions} />,
          },
        ]),
    {
      name: "Coverage",
      was: percentOf(before.coverage),
      is: percentOf(now.coverage),
      by:
        before.coverage === null || now.coverage === null ? (
          "–"
        ) : (
          <Difference by={Number(percent(now.coverage)) - Number(percent(before.coverage))} good={1} />
        ),
    },
    ...REQUIREMENT_STATES.map((state) => ({
      name: STATE_WORDS[state],
      was: count(before.states[state] ?? 0),
      is: count(now.states[state] ?? 0),
      by: <Difference by={(now.states[state] ?? 0) - (before.states[state] ?? 0)} good={GOOD[state]} digits={0} />,
    })),
  ];
  return (
    <table className="t-beside">
      <thead>
        <tr>
          <th>Requirements</th>
          {[before, now].map((each) => (
            <th key={each.id} className="num">
              <Link className="lnk" href={`/compliance/${each.id}${placeSearch(place)}`} prefetch={false}>
                {each.version}
              </Link>
            </th>
          ))}
          <th className="num">Difference</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>{row.name}</td>
            <td className="num">{row.was}</td>
            <td className="num">{row.is}</td>
            <td className="num">{row.by}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Requirements that differ, with how each stands in the version that has it. */
export function ChangeTable({
  changes,
  before,
  now,
  place,
}: {
  changes: readonly RequirementChange[];
  before: BenchmarkReport;
  now: BenchmarkReport;
  place: Place;
}) {
  const of = (report: BenchmarkReport): Map<string, RequirementItem> =>
    new Map(report.sections.flatMap(({ requirements }) => requirements.map((each) => [each.id, each])));
  const [old, fresh] = [of(before), of(now)];
  return (
    <table className="t-req flow">
      <thead>
        <tr>
          <th>Id</th>
          <th>Requirement</th>
          <th>Change</th>
          <th>What</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ kind, id, title, differences }) => {
          const [report, item] = kind === "removed" ? [before, old.get(id)] : [now, fresh.get(id)];
          return (
            <tr key={`${kind}${id}`}>
              <td className="j0 idc">{id}</td>
              <td className="j1">
                <Link href={`/compliance/${report.id}/${id}${placeSearch(place)}`} prefetch={false}>
                  {title}
                </Link>
              </td>
              <td className="j3">{KINDS[kind]}</td>
              <td className="j4 mut">{differences.join("; ") || `only in ${named(report)}`}</td>
              <td className="j2">{item === undefined ? null : <StateMark state={item.state} />}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
