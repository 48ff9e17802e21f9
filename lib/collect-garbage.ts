/**
 * Asks for a garbage collection soon, where the process was started with `--expose-gc`; else does nothing. For when much has just
 * become garbage: left to itself the engine lets the next work pile its own on top, and the process's peak is the sum.
 */
export function collectGarbageSoon(): void {
  void globalThis.gc?.({ type: "major", execution: "async" });
}
