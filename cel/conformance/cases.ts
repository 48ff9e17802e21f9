import type { SimpleTest } from "@bufbuild/cel-spec/cel/expr/conformance/test/simple_pb.js";
import { getTestRegistry } from "@bufbuild/cel-spec/testdata/registry.js";
import { getConformanceSuite, type IncrementalTestSuite } from "@bufbuild/cel-spec/testdata/tests.js";
import type { Registry } from "@bufbuild/protobuf";
import { expectedShape, type Shape } from "./shape";

/** One official case; its id is suite, section and name. */
export interface Case {
  readonly id: string;
  readonly suite: string;
  readonly test: SimpleTest;
  /** The value it must give, or `error`; `static` where only a type checker can tell. */
  readonly expected: Shape | "error" | "static";
}

export const registry: Registry = getTestRegistry();

/** Every case of the conformance suite. Names that repeat within a section are numbered. */
export function conformanceCases(): readonly Case[] {
  const cases: Case[] = [];
  const seen = new Map<string, number>();
  const visit = (suite: IncrementalTestSuite, path: readonly string[]): void => {
    for (const { original: test } of suite.tests) {
      const plain = [...path, test.name].join("/");
      const count = (seen.get(plain) ?? 0) + 1;
      seen.set(plain, count);
      cases.push({
        id: count === 1 ? plain : `${plain}#${count}`,
        suite: path[0] ?? "",
        test,
        expected: expectedOf(test),
      });
    }
    for (const below of suite.suites) visit(below, [...path, below.name]);
  };
  visit(getConformanceSuite(), []);
  return cases;
}

function expectedOf({ resultMatcher: matcher, checkOnly }: SimpleTest): Case["expected"] {
  if (checkOnly) return "static";
  switch (matcher.case) {
    case "value":
      return expectedShape(matcher.value, registry);
    case "typedResult":
      return matcher.value.result === undefined ? "static" : expectedShape(matcher.value.result, registry);
    case "evalError":
    case "anyEvalErrors":
      return "error";
    default:
      // The suite's convention for a case without a matcher.
      return { bool: true };
  }
}
