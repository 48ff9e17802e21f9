import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

interface Told {
  message?: string;
}
const messageOf = (errors: readonly Told[]): string => errors.map(({ message = "" }) => message).join("\n");

/**
 * Writes what `readReport` reads: every test with its state, and every error that no test has. Vitest's own JSON leaves out what was
 * thrown outside of all tests, and takes a file for passed whose group could not be prepared.
 */
export default class TestReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Told[]): void {
    const file = process.env.SEAWALL_TEST_REPORT;
    if (file === undefined) throw new Error("SEAWALL_TEST_REPORT names no file.");
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => {
        const { state, errors } = test.result();
        return { file: module.moduleId, name: test.fullName, state, why: messageOf(errors ?? []) };
      }),
    );
    const errors = modules.flatMap((module) =>
      [module, ...module.children.allSuites()].flatMap((one) =>
        one.errors().map((error) => ({ file: module.moduleId, why: messageOf([error]) })),
      ),
    );
    const outside = unhandled.map((error) => ({ file: "", why: messageOf([error]) }));
    writeFileSync(file, JSON.stringify({ tests, errors: [...errors, ...outside] }));
  }
}
