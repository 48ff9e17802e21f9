import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

/** A test, or a whole file of them, that failed: `where` is its file and name, `why` the beginning of its message. */
export interface Failure {
  file: string;
  where: string;
  why: string;
}
export interface Counts {
  passed: number;
  /** How many passed in a file, by its path; Vitest's only. */
  passedIn: Map<string, number>;
  failures: Failure[];
  /** What failed first and then passed, which is counted with the passed. */
  passedThen: Failure[];
}

/** A path as people here name it: from where they are. */
const shown = (file: string): string => path.relative(process.cwd(), file);

/** The lines of a message that tell most: stack and the source that is quoted stay where the runner printed them. */
const beginning = (message: string): string =>
  message
    .split(/\n\s+at /)[0]
    ?.slice(0, 2000)
    .trim() ?? "";

const vitestFile = z.object({
  name: z.string(),
  status: z.string(),
  message: z.string().default(""),
  assertionResults: z.array(
    z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
  ),
});
const vitest = z.object({ testResults: z.array(vitestFile) });

/** Counts of Vitest's JSON report. A file that failed as a whole, so that none of its tests did, is one failure. */
function ofVitest({ testResults }: z.infer<typeof vitest>): Counts {
  const failures = testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    if (failed.length === 0)
      return file.status === "failed"
        ? [{ file: file.name, where: shown(file.name), why: beginning(file.message) }]
        : [];
    return failed.map(({ fullName, failureMessages }) => ({
      file: file.name,
      where: `${shown(file.name)} > ${fullName}`,
      why: beginning(failureMessages?.join("\n") ?? ""),
    }));
  });
  const passedIn = new Map(
    testResults.map(({ name, assertionResults }) => [
      name,
      assertionResults.filter(({ status }) => status === "passed").length,
    ]),
  );
  return { passed: [...passedIn.values()].reduce((sum, count) => sum + count, 0), passedIn, failures, passedThen: [] };
}

const spec = z.object({
  title: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({ results: z.array(z.object({ error: z.object({ message: z.string().default("") }).optional() })) }),
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
    }))
    .filter(({ ok, why }) => !ok || why !== "");
  return {
    passed: stats.expected + stats.flaky,
    passedIn: new Map(),
    failures: unlucky.filter(({ ok }) => !ok).map(({ ok: _ok, ...failure }) => failure),
    passedThen: unlucky.filter(({ ok }) => ok).map(({ ok: _ok, ...failure }) => failure),
  };
}

/** What is counted where no test ran. */
export const none = (where: string, why: string): Counts => ({
  passed: 0,
  passedIn: new Map(),
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
  if (status !== 0 && failures.length === 0)
    failures.push({ file: "", where: runner, why: `ended with ${status ?? "a signal"} though no test failed` });
  return report.data;
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
