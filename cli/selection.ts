import { controlsOf, loadBenchmarks } from "@/domain/benchmark/load";
import { concerns } from "@/domain/benchmark/rollup";
import type { Benchmark } from "@/domain/benchmark/schema";
import type { Distribution } from "@/domain/inventory/schema";
import type { Control } from "@/domain/posture/schema";
import { suggestion } from "@/lib/nearest";
import { UsageError } from "./usage-error";

/** The control with an id or a name. Throws UsageError with what may have been meant. */
export function controlNamed(controls: readonly Control[], wanted: string): Control {
  const control = controls.find(({ id, name }) => id === wanted.toUpperCase() || name === wanted);
  if (control !== undefined) return control;
  throw new UsageError(`There is no control "${wanted}".${meant(controls, wanted)} seawall control list shows all.`);
}

/** An id one digit off is another control altogether; one with zeros left out is that which was meant. */
function meant(controls: readonly Control[], wanted: string): string {
  const [, digits] = /^(?:SW-?)?(\d{1,4})$/i.exec(wanted) ?? [];
  if (digits === undefined)
    return suggestion(
      wanted,
      controls.map(({ name }) => name),
    );
  const id = `SW-${digits.padStart(4, "0")}`;
  return controls.some((control) => control.id === id) ? ` Did you mean ${id}?` : "";
}

/** A benchmark is named that is meant for other clouds: those for this one, its own before those for all. */
function elsewhere({ id, distributions = [] }: Pick<Benchmark, "id" | "distributions">, distribution: Distribution) {
  const fitting = loadBenchmarks().filter((each) => concerns(each, distribution));
  const own = [true, false].flatMap((isOwn) =>
    fitting.filter((each) => (each.distributions !== undefined) === isOwn).map((each) => each.id),
  );
  return `${id} is meant for ${distributions.join(", ")}, not for ${distribution}. For ${distribution} there are ${own.join(", ")}.`;
}

/** The controls that a command applies: those of a benchmark, those named, or all. Throws UsageError. */
export function selectControls(
  controls: readonly Control[],
  benchmark: string | undefined,
  named: readonly string[] | undefined,
  distribution: Distribution | undefined,
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
    if (distribution !== undefined && !concerns(found, distribution))
      throw new UsageError(elsewhere(found, distribution));
    const wanted = controlsOf(found);
    selected = selected.filter(({ id }) => wanted.has(id));
  }
  if (named === undefined) return selected;
  const ids = new Set(named.map((name) => controlNamed(controls, name).id));
  const both = selected.filter(({ id }) => ids.has(id));
  if (both.length === 0) throw new UsageError(`None of --controls belongs to the benchmark ${benchmark}.`);
  return both;
}
