import { runBufbuild } from "./bufbuild";
import { type Case, conformanceCases } from "./cases";
import { runMarcbachmann } from "./marcbachmann";
import { runOurs } from "./ours";
import { judge } from "./verdict";

const ENGINES = { ours: runOurs, "@marcbachmann/cel-js": runMarcbachmann, "@bufbuild/cel": runBufbuild };

/** The official cases that each engine passes, by suite, as lines of a table. */
export function conformanceTable(): readonly string[] {
  const suites = new Map<string, Case[]>();
  for (const one of conformanceCases()) suites.set(one.suite, [...(suites.get(one.suite) ?? []), one]);
  const line = (name: string, cells: readonly (string | number)[]): string =>
    name.padEnd(18) + cells.map((cell) => String(cell).padStart(22)).join("");
  const rows = [...suites].map(([suite, cases]) => {
    const passed = Object.values(ENGINES).map((run) => cases.filter((one) => judge(one, run).passed).length);
    return { suite, counts: [cases.length, ...passed] };
  });
  const total = rows.reduce((sums, { counts }) => sums.map((sum, at) => sum + (counts[at] ?? 0)), [0, 0, 0, 0]);
  return [
    line("suite", ["cases", ...Object.keys(ENGINES)]),
    ...rows.map(({ suite, counts }) => line(suite, counts)),
    line("all", total),
  ];
}
