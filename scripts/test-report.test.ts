import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { afterAgain, type Counts, readReport } from "./test-report";

const folder = mkdtempSync(path.join(os.tmpdir(), "seawall-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, "report.json");
const read = (runner: "vitest" | "playwright", text: string, status: number | null = 0) => {
  writeFileSync(file, text);
  return readReport(runner, file, status);
};
const where = (named: string): string => path.join(process.cwd(), named);

const [A, B, D] = [where("cel/a.test.ts"), where("cel/b.test.ts"), where("cel/d.test.ts")];
const run = (file: string, name: string, state: string, why = "") => ({ file, name, state, why });
const told = (tests: object[], errors: object[] = [], status = 1) =>
  read("vitest", JSON.stringify({ tests, errors }), status);
const LATE = run(A, "three", "failed", "AssertionError: expected 1 to be 2\n    at x (y.ts:1)");
const FOUR = run(D, "four", "passed");
const FIRST = [run(A, "one", "passed"), run(A, "two", "skipped"), LATE, FOUR];
const BROKEN = { file: B, why: "Cannot find module './c'" };

test("Vitest's failures are told by file and name, and what failed outside of tests is one", () => {
  const { passed, failures } = told(FIRST, [BROKEN, { file: "", why: "unhandled" }]);
  expect(passed).toBe(2);
  expect(failures).toEqual([
    { file: A, where: "cel/a.test.ts > three", why: "AssertionError: expected 1 to be 2" },
    { file: B, where: "cel/b.test.ts, outside of its tests", why: "Cannot find module './c'", outside: true },
    { file: "", where: "outside of all tests", why: "unhandled", outside: true },
  ]);
});

const outcome = (first: Counts, again: Counts) => {
  const { passed, failures, passedThen } = afterAgain(first, again);
  return [passed, failures.map(({ where: at }) => at), passedThen.map(({ where: at }) => at)];
};
const [THREE, OUTSIDE] = ["cel/a.test.ts > three", "cel/b.test.ts, outside of its tests"];

test("of what is run again only what passes by name has passed", () => {
  const first = told(FIRST);
  const one = run(A, "one", "passed");
  expect(outcome(first, told([one, run(A, "three", "passed")], [], 0))).toEqual([3, [], [THREE]]);
  expect(outcome(first, told([one, LATE]))).toEqual([2, [THREE], []]);
  expect(outcome(first, told([one, run(A, "three", "skipped")], [], 0))).toEqual([2, [THREE], []]);
  expect(outcome(first, told([run(A, "one", "failed"), run(A, "three", "passed")]))).toEqual([
    2,
    ["cel/a.test.ts > one"],
    [THREE],
  ]);
  expect(outcome(first, read("vitest", "", null))).toEqual([1, ["vitest", THREE], []]);
});

test("what failed outside of a file's tests is mended when its tests pass and nothing else fails", () => {
  const first = told(FIRST, [BROKEN]);
  const three = run(A, "three", "passed");
  expect(outcome(first, told([three, run(B, "b", "passed")], [], 0))).toEqual([3, [], [THREE, OUTSIDE]]);
  expect(outcome(first, told([three, run(B, "b", "skipped")], [], 0))).toEqual([2, [OUTSIDE], [THREE]]);
  expect(outcome(first, told([three], [BROKEN]))).toEqual([2, [OUTSIDE], [THREE]]);
});

test("Playwright's failures are found in files and in groups of them", () => {
  const specs = (title: string, ok: boolean) => ({
    title,
    ok,
    tests: [{ status: ok ? "expected" : "unexpected", results: ok ? [{}] : [{ error: { message: "Timed out" } }] }],
  });
  const late = { title: "two", ok: true, tests: [{ status: "flaky", results: [{ error: { message: "Late" } }, {}] }] };
  const report = {
    stats: { expected: 1, flaky: 1, unexpected: 1 },
    suites: [
      {
        file: "a.spec.ts",
        specs: [specs("one", true)],
        suites: [{ file: "a.spec.ts", specs: [late, specs("three", false)] }],
      },
    ],
  };
  expect(read("playwright", JSON.stringify(report), 1)).toMatchObject({
    passed: 2,
    failures: [{ where: "a.spec.ts > three", why: "Timed out" }],
    passedThen: [{ where: "a.spec.ts > two", why: "Late" }],
  });
});

test.each([
  ["", "no test was run"],
  ['{"tests":[', "no test was run"],
  ['{"tests":[],"errors":[]}', "no test was run"],
  ['{"numPassedTests":3}', "no test was run"],
])("a report of %s is a failure, not zero", (text, why) => {
  expect(read("vitest", text).failures).toMatchObject([{ why }]);
});

test("a runner that fails though no test did is a failure", () => {
  const passing = JSON.stringify({ tests: [FOUR], errors: [] });
  expect(read("vitest", passing, 0)).toMatchObject({ passed: 1, failures: [] });
  expect(read("vitest", passing, 1)).toMatchObject({
    passed: 1,
    failures: [{ why: "ended with 1 though no test failed" }],
  });
  expect(read("vitest", passing, null).failures).toMatchObject([{ why: "ended with a signal though no test failed" }]);
  rmSync(file);
  expect(readReport("vitest", file, 1).failures).toHaveLength(1);
});
