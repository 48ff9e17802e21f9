import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readReport } from "./test-report";

const folder = mkdtempSync(path.join(os.tmpdir(), "seawall-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, "report.json");
const read = (runner: "vitest" | "playwright", text: string, status: number | null = 0) => {
  writeFileSync(file, text);
  return readReport(runner, file, status);
};
const where = (named: string): string => path.join(process.cwd(), named);

const VITEST = {
  testResults: [
    {
      name: where("cel/a.test.ts"),
      status: "failed",
      message: "",
      assertionResults: [
        { status: "passed", fullName: "one", failureMessages: [] },
        { status: "skipped", fullName: "two", failureMessages: [] },
        {
          status: "failed",
          fullName: "three",
          failureMessages: ["AssertionError: expected 1 to be 2\n    at x (y.ts:1)"],
        },
      ],
    },
    { name: where("cel/b.test.ts"), status: "failed", message: "Cannot find module './c'", assertionResults: [] },
    {
      name: where("cel/d.test.ts"),
      status: "passed",
      message: "",
      assertionResults: [{ status: "passed", fullName: "four" }],
    },
  ],
};

test("Vitest's failures are told by file and name, a file that could not be run is one, and passes are counted by file", () => {
  const { passed, passedIn, failures } = read("vitest", JSON.stringify(VITEST), 1);
  expect(passed).toBe(2);
  expect(passedIn.get(where("cel/a.test.ts"))).toBe(1);
  expect(failures).toEqual([
    { file: where("cel/a.test.ts"), where: "cel/a.test.ts > three", why: "AssertionError: expected 1 to be 2" },
    { file: where("cel/b.test.ts"), where: "cel/b.test.ts", why: "Cannot find module './c'" },
  ]);
});

test("Playwright's failures are found in files and in groups of them", () => {
  const specs = (title: string, ok: boolean) => ({
    title,
    ok,
    tests: [{ results: ok ? [{}] : [{ error: { message: "Timed out" } }] }],
  });
  const late = { title: "two", ok: true, tests: [{ results: [{ error: { message: "Late" } }, {}] }] };
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
  ['{"testResults":[', "no test was run"],
  ['{"testResults":[]}', "no test was run"],
  ['{"numPassedTests":3}', "no test was run"],
])("a report of %s is a failure, not zero", (text, why) => {
  expect(read("vitest", text).failures).toMatchObject([{ why }]);
});

test("a runner that fails though no test did is a failure", () => {
  const passing = JSON.stringify({ testResults: VITEST.testResults.slice(2) });
  expect(read("vitest", passing, 0)).toMatchObject({ passed: 1, failures: [] });
  expect(read("vitest", passing, 1)).toMatchObject({
    passed: 1,
    failures: [{ why: "ended with 1 though no test failed" }],
  });
  expect(read("vitest", passing, null).failures).toMatchObject([{ why: "ended with a signal though no test failed" }]);
  rmSync(file);
  expect(readReport("vitest", file, 1).failures).toHaveLength(1);
});
