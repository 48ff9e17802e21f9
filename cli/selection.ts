import { controlsOf, loadBenchmarks } from "@/domain/benchmark/load";
import type { Control } from "@/domain/posture/schema";
import { suggestion } from "@/lib/nearest";
import { UsageError } from "./usage-error";

/** The control with an id or a name. Throws UsageError with what may have been meant. */
export function controlNamed(controls: readonly Control[], wanted: string): Control {
  const control = controls.find(({ id, name }) => id === wanted.toUpperCase() || name === wanted);
  if (control !== undefined) return control;
  const known = controls.flatMap(({ id, name }) => [id, name]);
  throw new UsageError(`There is no control "${wanted}".${suggestion(wanted, known)} seawall control list shows all.`);
}

/** The controls that a command applies: those of a benchmark, those named, or all. Throws UsageError. */
export function selectControls(
  controls: readonly Control[],
  benchmark: string | undefined,
  named: readonly string[] | undefined,
): readonly Control[] {
  let selected = controls;
  if (benchmark !== undefined) {
    const benchmarks = loadBenchmarks();
    const found = benchmarks.find(({ id }) => id === benchmark.toLowerCase());
    if (found === undefined) {
      const ids = benchmarks.map(({ id }) => id);
      const near = suggestion(benchmark, ids);
      throw new UsageError(`There is no benchmark "${benchmark}".${near} There are ${ids.join(", ")}.`);
    }
    const wanted = controlsOf(found);
    selected = selected.filter(({ id }) => wanted.has(id));
  }
  if (named === undefined) return selected;
  const ids = new Set(named.map((name) => controlNamed(controls, name).id));
  const both = selected.filter(({ id }) => ids.has(id));
  if (both.length === 0) throw new UsageError(`None of --controls belongs to the benchmark ${benchmark}.`);
  return both;
}
