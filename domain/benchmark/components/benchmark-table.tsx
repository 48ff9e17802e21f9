import Link from "next/link";
import { Bar } from "@/components/bar";
import { count, day, percent, plural } from "@/components/format";
import { Mark } from "@/components/marks";
import { Spark } from "@/components/spark";
import { scoreText } from "@/lib/score-text";
import type { DayPoint } from "../history/queries";
import { type Place, placeSearch } from "../place";
import type { BenchmarkItem } from "../report/schema";
import { named } from "./words";

/** What a line of days says, in words. */
export function historyWords(days: readonly DayPoint[]): string {
  const [first, last] = [days.find(({ score }) => score !== null), days.findLast(({ score }) => score !== null)];
  if (first === undefined || last === undefined) return "No score yet";
  const [from, to] = [first, last].map(
    ({ score, day: at }) => `${scoreText(score ?? 0)} on ${day(new Date(at), "UTC")}`,
  );
  return `From ${from} to ${to}`;
}

/** Benchmarks with their score, what it covers, and their last weeks. */
export function BenchmarkTable({
  items,
  place,
  history,
}: {
  items: readonly BenchmarkItem[];
  place: Place;
  history: ReadonlyMap<string, DayPoint[]>;
}) {
  return (
    <table className="t-bench flow">
      <thead>
        <tr>
          <th>Benchmark</th>
          <th className="num">Score</th>
          <th>
            <span className="vh">Score and coverage</span>
          </th>
          <th className="num">Coverage</th>
          <th className="num">Failed</th>
          <th className="num">Not evaluated</th>
          <th className="num">For a person</th>
          <th className="num">Passed</th>
          <th>{plural(Math.max(...items.map(({ id }) => history.get(id)?.length ?? 0)), "day")}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => {
          const days = history.get(item.id) ?? [];
          return (
            <tr key={item.id}>
              <td className="k0">
                <Link href={`/compliance/${item.id}${placeSearch(place)}`} prefetch={false}>
                  {named(item)}
                </Link>
                <span className="under dim">
                  {plural(item.requirements, "requirement")}, {plural(item.clusters, "cluster")}
                </span>
              </td>
              <td className="num k1">
                {item.score === null ? <Mark name="unknown" label="no score" /> : <b>{scoreText(item.score)}</b>}
              </td>
              <td className="k2">
                <Bar
                  filled={(item.score ?? 0) * (item.coverage ?? 0)}
                  missing={item.coverage === null ? 100 : (1 - item.coverage) * 100}
                />
              </td>
              <td className="num k3" data-l="Coverage">
                {item.coverage === null ? "0.0" : percent(item.coverage)}
                <span className="u"> %</span>
              </td>
              <Amount className="k4" label="Failed" value={item.states.failed} />
              <Amount className="k5" label="Not evaluated" value={item.states.not_evaluated} />
              <Amount className="k6" label="For a person" value={item.states.manual} />
              <Amount className="k7" label="Passed" value={item.states.passed} exempted={item.states.exempted} />
              <td className="k8">
                <Spark values={days.map(({ score }) => score)} label={historyWords(days)} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** `exempted`: how many are met only with exemptions, told apart from those that pass. */
function Amount({
  className,
  label,
  value,
  exempted = 0,
}: {
  className: string;
  label: string;
  value: number;
  exempted?: number | undefined;
}) {
  return (
    <td className={`num ${className}`} data-l={label}>
      {value === 0 ? <span className="zero">0</span> : count(value)}
      {exempted === 0 ? null : <div className="dim sm nw">{count(exempted)} exempted</div>}
    </td>
  );
}
