import { loadBenchmarks } from "./load";
import type { Benchmark, Requirement, Section } from "./schema";

/** A benchmark by its id; null when there is none. */
export const findBenchmark = (id: string): Benchmark | null =>
  loadBenchmarks().find((benchmark) => benchmark.id === id) ?? null;

/** A requirement with where it stands; null when there is none. */
export function findRequirement(
  benchmarkId: string,
  requirementId: string,
): { benchmark: Benchmark; section: Section; requirement: Requirement } | null {
  const benchmark = findBenchmark(benchmarkId);
  for (const section of benchmark?.sections ?? []) {
    const requirement = section.requirements.find(({ id }) => id === requirementId);
    if (benchmark !== null && requirement !== undefined) return { benchmark, section, requirement };
  }
  return null;
}
