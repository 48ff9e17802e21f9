import { availableParallelism } from "node:os";

/**
 * Node's arguments for `seawall check`. What it reads lives until everything is read, so that a large young generation gains
 * nothing: 16 MB take about 100 MB off the peak of 10,000 files for the same time. For the same reason nothing is gained by looking for
 * what nobody needs any more before there are 300 MB. It lives for seconds and asks hundreds of
 * predicates some ten thousand times each: to make the last of V8's compilers wait takes a twelfth off the processor time
 * (docs/performance.md). Two processors are busy with reading and judging: threads that help to collect what is young would only take turns
 * with these.
 */
export const CHECK_FLAGS = [
  "--max-semi-space-size=16",
  "--initial-old-space-size=300",
  "--invocation-count-for-turbofan=30000",
  ...(availableParallelism() > 2 ? [] : ["--no-parallel-scavenge"]),
];
