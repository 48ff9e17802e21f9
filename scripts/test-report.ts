import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

/** A test that failed, or what failed outside of all: `where` is its file and name, `why` the beginning of its message. */
export interface Failure {
  file: string;
  where: string;
  why: string;
  /** Not a test: a group that could not be prepared, or what was thrown outside. */
  outside?: true;
}
export interface Counts {
  passed: number;
  /** The tests that passed, by name; Vitest's only. */
  passes: readonly Pick<Failure, "file" | "where">[];
  failures: readonly Failure[];
  /** What failed first and then passed, which is counted with the passed. */
  passedThen: readonly Failure[];
}

/** A path as people here name it: from where they are. */
const shown = (file: string): string => path.relative(process.cwd(), file);

/** The lines of a message that tell most: stack and the source that is quoted stay where the runner printed them. */
const beginning = (message: string): string =>
  message
    .split(/\n\s+at /)[0]
    ?.slice(0, 2000)
    .trim() ?? "";

/** What `vitest-report.ts` writes. */
const vitest = z.object({
  tests: z.array(z.object({ file: z.string(), name: z.string(), state: z.string(), why: z.string() })),
  errors: z.array(z.object({ file: z.string(), why: z.string() })),
});

function ofVitest({ tests, errors }: z.infer<typeof vitest>): Counts {
  const named = tests.map(({ file, name, state, why }) => ({
    file,
    where: `${shown(file)} > ${name}`,
    state,
    why: beginning(why),
  }));
  const passes = named.filter(({ state }) => state === "passed").map(({ file, where }) => ({ file, where }));
  const failed = named.filter(({ state }) => state === "failed").map(({ file, where, why }) => ({ file, where, why }));
  const outside = errors.map(({ file, why }): Failure => {
    const where = file === "" ? "outside of all tests" : `${shown(file)}, outside of its tests`;
    return { file, where, why: beginning(why), outside: true };
  });
  return { passed: passes.length, passes, failures: [...failed, ...outside], passedThen: [] };
}

const spec = z.object({
  title: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(
        z.object({ error: z.object({ message: z.string().default("what was thrown is no error") }).optional() }),
      ),
    }),
  ),
});
/** A file, or a group of tests within one. */
const suite = z.object({
  file: z.string(),
  specs: z.array(spec).default([]),
  get suites(): z.ZodDefault<z.ZodArray<typeof suite>> {
    return z.array(suite).default([]);
  },
});
const playwright = z.object({
  suites: z.array(suite),
  stats: z.object({ expected: z.number(), flaky: z.number() }),
});

const specsOf = ({ file, specs, suites }: z.infer<typeof suite>): (z.infer<typeof spec> & { file: string })[] => [
  ...specs.map((one) => ({ ...one, file })),
  ...suites.flatMap(specsOf),
];

/** Counts of Playwright's JSON report. */
function ofPlaywright({ suites, stats }: z.infer<typeof playwright>): Counts {
  const unlucky = suites
    .flatMap(specsOf)
    .map(({ file, title, ok, tests }) => ({
      file,
      where: `${file} > ${title}`,
      why: beginning(tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? "")).join("\n")),
      ok,
      isFlaky: tests.some(({ status }) => status === "flaky"),
    }))
    .filter(({ ok, isFlaky }) => !ok || isFlaky);
  return {
    passed: stats.expected + stats.flaky,
    passes: [],
    failures: unlucky.filter(({ ok }) => !ok).map(({ ok: _ok, isFlaky: _isFlaky, ...failure }) => failure),
    passedThen: unlucky.filter(({ ok }) => ok).map(({ ok: _ok, isFlaky: _isFlaky, ...failure }) => failure),
  };
}

/** What is counted where no test ran. */
export const none = (where: string, why: string): Counts => ({
  passed: 0,
  passes: [],
  failures: [{ file: "", where, why }],
  passedThen: [],
});

/**
 * What a runner's JSON report counts. `status`: how the runner ended. A report that is missing, unreadable or empty is a failure,
 * never zero, and so is a runner that failed though no test did.
 */
export function readReport(runner: "vitest" | "playwright", file: string, status: number | null): Counts {
  const shape = runner === "vitest" ? vitest.transform(ofVitest) : playwright.transform(ofPlaywright);
  const report = existsSync(file) ? shape.safeParse(parsed(file)) : undefined;
  if (report?.success !== true || report.data.passed + report.data.failures.length === 0)
    return none(runner, "no test was run");
  const { failures } = report.data;
  if (status === 0 || failures.length > 0) return report.data;
  const why = `ended with ${status ?? "a signal"} though no test failed`;
  return { ...report.data, failures: [{ file: "", where: runner, why }] };
}

/**
 * What is said of the first run when the files of its failures were run again. Only what passed by name has passed; what failed outside of the tests
 * of a file is mended where some of them passed and nothing of the file failed.
 */
export function afterAgain(first: Counts, again: Counts): Counts {
  const files = new Set(first.failures.map(({ file }) => file));
  const passed = new Set(again.passes.map(({ where }) => where));
  const failed = new Set(again.failures.map(({ where }) => where));
  const isMended = ({ file, where, outside }: Failure): boolean =>
    outside === true
      ? again.passes.some((one) => one.file === file) && !again.failures.some((one) => one.file === file)
      : passed.has(where) && !failed.has(where);
  const passes = [...first.passes.filter(({ file }) => !files.has(file)), ...again.passes];
  return {
    passed: passes.length,
    passes,
    failures: [...again.failures, ...first.failures.filter((one) => !isMended(one) && !failed.has(one.where))],
    passedThen: first.failures.filter(isMended),
  };
}

/** Undefined of a file that was cut off while it was written, which no shape is. */
function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
