/**
 * Node's arguments for `seawall check`. What it reads lives until everything is read, so that a large young generation gains
 * nothing: 16 MB take about 100 MB off the peak of 10,000 files for the same time (docs/performance.md).
 */
export const CHECK_FLAGS = ["--max-semi-space-size=16"];
