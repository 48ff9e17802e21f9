import Link from "next/link";
import { withParameters } from "@/components/address";
import { Bar } from "@/components/bar";
import { CouldNotLook } from "@/components/empty";
import { count, signed } from "@/components/format";
import { Mark } from "@/components/marks";
import { scoreText } from "@/lib/score-text";
import type { ControlCounts, Recommendation, SeverityRow } from "../queries";
import { SCORE_GROUP_IDS, SCORE_GROUPS, type ScoreGroup } from "../schema";
import { type GroupCounts, groupCurrent, type Totals } from "../score";
import { SeverityMark, severityOf } from "./severity";

/** Accounts or a cluster, as lists filter by them; nothing for the whole fleet. */
type Place = Readonly<{ account?: string; cluster?: string }>;

const MAX_POINTS = 6;

/** What a group's figure does not speak of yet, said beside its name: nobody shall read it as healthy. */
const UNSEEN: Partial<Record<ScoreGroup, string>> = { vulnerabilities: "images are not scanned" };

/**
 * Score groups: bar length is the maximum; filled is healthy, hatched what could not be evaluated. A group without an assessment is
 * out, and leaves the sum. `place`: what the groups are of, as the list of findings filters by it. `score`: where the groups are of
 * several accounts, the score of all, which is not what the groups add up to.
 */
export function GroupTable({
  totals,
  increases,
  place,
  score,
}: {
  totals: Totals;
  increases?: ReadonlyMap<ScoreGroup, number>;
  place: Place;
  score?: number | null;
}) {
  const rows = SCORE_GROUP_IDS.flatMap((id) => {
    const counts = totals[id];
    if (counts === undefined) return [];
    return [{ id, counts, max: SCORE_GROUPS[id].points, current: groupCurrent(counts, SCORE_GROUPS[id].points) }];
  }).sort((a, b) => (increases?.get(b.id) ?? 0) - (increases?.get(a.id) ?? 0) || b.max - a.max);
  const scored = rows.filter((row) => row.current !== null && row.max > 0);
  const [sum, max] = [
    scored.reduce((total, row) => total + (row.current ?? 0), 0),
    scored.reduce((total, row) => total + row.max, 0),
  ];
  const all = max === 0 ? null : (100 * sum) / max;
  const said = all === null || score === undefined || score === null ? null : unlikeScore(all, score);
  if (rows.length === 0) return <CouldNotLook>Nothing was there to evaluate yet.</CouldNotLook>;
  return (
    <table className="t-groups flow">
      <thead>
        <tr>
          <th>Group</th>
          <th>Points</th>
          <th className="num">Current / max</th>
          <th className="num">Unhealthy resources</th>
          <th className="num">Not evaluated</th>
          {increases === undefined ? null : <th className="num">Potential</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, counts, current, max: points }) => (
          <tr key={id}>
            <td className="g0">
              <Link
                href={withParameters("/findings", { group: id, ...place })}
                prefetch={false}
                title="Open findings of these resources; one may have several"
              >
                {SCORE_GROUPS[id].title}
              </Link>
              {UNSEEN[id] === undefined ? null : <span className="dim sm unseen">{UNSEEN[id]}</span>}
            </td>
            <td className="g1 gb">
              {points === 0 ? (
                <span className="dim sm">Not scored</span>
              ) : (
                <Bar
                  width={(points / MAX_POINTS) * 100}
                  filled={shareOf(counts, counts.healthy)}
                  missing={current === null ? 100 : shareOf(counts, counts.out)}
                />
              )}
            </td>
            <td className="num g2">
              {points === 0 ? (
                <span className="u">– / 0</span>
              ) : current === null ? (
                <span className="u">out / {points}</span>
              ) : (
                <>
                  <b style={{ fontWeight: 600 }}>{current.toFixed(2)}</b>
                  <span className="u"> / {points}</span>
                </>
              )}
            </td>
            <td className="num g3" data-l="Unhealthy resources">
              {counts.unhealthy === 0 ? <span className="zero">0</span> : count(counts.unhealthy)}
            </td>
            <td className="num g4" data-l="Not evaluated">
              {counts.out === 0 ? (
                <span className="zero">0</span>
              ) : (
                <>
                  <Mark name="unknown" />
                  &ensp;{count(counts.out)}
                </>
              )}
            </td>
            {increases === undefined ? null : (
              <td className="num g5 inc">
                {(increases.get(id) ?? 0) < 0.05 ? <span className="zero">0.0</span> : signed(increases.get(id) ?? 0)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td className="g0">All groups</td>
          <td className="g1 wide" />
          <td className="num g2">
            {max === 0 ? (
              <span className="u">–</span>
            ) : (
              <>
                {sum.toFixed(2)}
                <span className="u"> / {max}</span>
              </>
            )}
          </td>
          <td className="g3 wide" />
          <td className="g4 wide" />
          {increases === undefined ? null : (
            <td className="num g5 inc">{signed([...increases.values()].reduce((total, each) => total + each, 0))}</td>
          )}
        </tr>
        {increases === undefined ? null : (
          <tr>
            <td className="g1 sm mut" colSpan={6}>
              Potential is in points of the secure score, of 100: what it gains when every resource of the group is
              healthy. Points are a group’s own, of {max} in all, so a missing one is worth more than one.
            </td>
          </tr>
        )}
        {said === null ? null : (
          <tr>
            <td className="g1 sm mut" colSpan={6}>
              {said}
            </td>
          </tr>
        )}
      </tfoot>
    </table>
  );
}

/** Why the groups of several accounts do not add up to the score of all; null when they do. */
export const unlikeScore = (all: number, score: number): string | null =>
  scoreText(all) === scoreText(score)
    ? null
    : `The groups count every resource of all accounts at once: ${scoreText(all)} of 100. The secure score, ${scoreText(score)}, is the mean of the accounts’ own scores, each weighed by its resources.`;

/** Percent of a group's resources, those included that could not be evaluated. */
const shareOf = ({ healthy, unhealthy, out }: GroupCounts, part: number): number =>
  part === 0 ? 0 : (100 * part) / (healthy + unhealthy + out);

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  ManagedCluster: ["cluster", "clusters"],
  Ingress: ["ingress", "ingresses"],
  NetworkPolicy: ["policy", "policies"],
};
/** What a control judges, in the reader's words and for an amount of it. */
export function unitOf(resources: readonly string[], amount: number): string {
  const only = resources.length === 1 ? resources[0] : undefined;
  const plain = /(Binding|Role|Configuration)$/.test(only ?? "")
    ? "object"
    : (only ?? "resource").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const [one, many] = UNITS[only ?? ""] ?? [plain, `${plain}s`];
  return amount === 1 ? one : many;
}

/** The points of a recommendation that a table prints, as its column calls them. */
const POINTS = { increase: "Potential", own: "People can gain" } as const;

/** Recommendations with `points`: all that the score could gain, or what of it people can change. */
export function RecommendationTable({
  rows,
  points,
  place,
}: {
  rows: readonly Recommendation[];
  points: keyof typeof POINTS;
  place: Place;
}) {
  return (
    <table className="t-rec flow">
      <thead>
        <tr>
          <th>Recommendation</th>
          <th>Control</th>
          <th>Severity</th>
          <th>Effort</th>
          <th className="num">Unhealthy</th>
          <th>
            <span className="vh">Unit</span>
          </th>
          <th className="num">{POINTS[points]}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ control, unhealthy, [points]: gain }) => (
          <tr key={control.id}>
            <td className="r0 tt">
              <Link href={withParameters(`/recommendations/${control.id}`, place)} prefetch={false}>
                {control.title}
              </Link>
            </td>
            <td className="r6 idc">{control.id}</td>
            <td className="r1 sevc">
              <SeverityMark severity={control.severity} />
            </td>
            <td className="r2 mut nw">
              {control.remediation.effort[0]?.toUpperCase()}
              {control.remediation.effort.slice(1)}
            </td>
            <td className="num r3 nw">
              {count(unhealthy)} <span className="u narrow">{unitOf(control.appliesTo.resources, unhealthy)}</span>
            </td>
            <td className="r4 dim wide nw">{unitOf(control.appliesTo.resources, unhealthy)}</td>
            <td className="num r5 inc">{gain < 0.05 ? <span className="zero">0.0</span> : signed(gain)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function SeverityTable({ rows, place }: { rows: readonly SeverityRow[]; place: Place }) {
  const sum = (pick: (row: SeverityRow) => number) => count(rows.reduce((total, row) => total + pick(row), 0));
  return (
    <table className="t-sev flow">
      <thead>
        <tr>
          <th>Severity</th>
          <th className="num">Open</th>
          <th className="num">Opened</th>
          <th className="num">Resolved</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.severity}>
            <td className="s0">
              <Link
                href={withParameters("/findings", { severity: severityOf(row.severity), ...place })}
                prefetch={false}
              >
                <SeverityMark severity={severityOf(row.severity)} />
              </Link>
            </td>
            <td className="num s1" style={{ fontWeight: 600 }}>
              {count(row.open)}
            </td>
            <td className="num s2" data-l="Opened">
              {count(row.opened)}
            </td>
            <td className="num s3" data-l="Resolved">
              {count(row.resolved)}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td className="s0">All</td>
          <td className="num s1">{sum((row) => row.open)}</td>
          <td className="num s2" data-l="Opened">
            {sum((row) => row.opened)}
          </td>
          <td className="num s3" data-l="Resolved">
            {sum((row) => row.resolved)}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

/** Sum of not evaluated assessments by control; for headings. */
export const notEvaluated = (rows: readonly ControlCounts[]): number =>
  rows.reduce((total, row) => total + row.notEvaluated, 0);
