import type { Cell, Cells, ScoredControl } from "./score";

/** Assessments of stable controls that should have been made, and that were. */
export interface Coverage {
  expected: number;
  evaluated: number;
}

/**
 * Adds one resource's assessments to `coverage`, in place: not applicable ones are not expected, not evaluated ones are missing. `unmade` is
 * called for each of these.
 */
export function addCoverage(
  coverage: Coverage,
  cells: Cells,
  controls: ReadonlyMap<string, ScoredControl>,
  unmade: (controlId: string, cell: Cell) => void = () => undefined,
): void {
  for (const [id, cell] of cells) {
    if (cell.outcome === "n" || controls.get(id)?.maturity !== "stable") continue;
    coverage.expected++;
    if (cell.outcome === "h" || cell.outcome === "u") coverage.evaluated++;
    else unmade(id, cell);
  }
}

/** A kind that could not be listed and was never known: one unit for each stable control that would have applied. */
export function addUnknownKind(coverage: Coverage, applicable: Iterable<ScoredControl>): void {
  for (const control of applicable) if (control.maturity === "stable") coverage.expected++;
}

/** evaluated ÷ expected, 0–1; null when nothing was expected. */
export const coverageRatio = ({ expected, evaluated }: Coverage): number | null =>
  expected === 0 ? null : evaluated / expected;
