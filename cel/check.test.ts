import { describe, expect, it } from "vitest";
import { check, type Known } from "./check";

const known: Known = {
  container: true,
  params: { registries: { "*": true }, maxAge: true },
  facts: { exposedBy: { "*": true }, rules: { "*": { verbs: true, resources: true } } },
};
const said = (expression: string): string[] =>
  check(expression, known).map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("check", () => {
  it.each([
    "container.anything.at.all",
    "facts.rules.exists(rule, '*' in rule.verbs) && params.maxAge > 3",
    "facts.?rules.orValue([]).all(r, r.resources.size() > 0 && math.abs(1) == 1)",
    "cel.bind(r, facts.rules[0], r.verbs == []) && type(1) == int",
    "params.registries.all(i, r, i >= 0 && r == 'x')",
  ])("finds nothing in %s", (expression) => expect(said(expression)).toEqual([]));

  it.each([
    ["facst.rules == []", "1:1 facst is not known. Did you mean facts?"],
    ["facts.exposdBy == []", "1:7 exposdBy is not known here. Did you mean exposedBy?"],
    ["true &&\n  has(facts.zebra)", "2:13 zebra is not known here."],
    ["facts.rules.exists(r, r.vebrs == [])", "1:25 vebrs is not known here. Did you mean verbs?"],
    ["params['maxage'] == 1", "1:8 maxage is not known here. Did you mean maxAge?"],
    ["container.name.startWith('x')", "1:16 startWith() is no function. Did you mean startsWith?"],
    ["container.name.matches('(?<=a)b')", '1:24 "(?<=a)b" is no regular expression of RE2.'],
    ["container ==", "1:13 Expected a value, but the expression ends."],
    ["size()", "1:1 size() takes 1 argument, not 0."],
  ])("reports %s", (expression, problem) => expect(said(expression)).toEqual([problem]));

  it("reports every unknown name", () => expect(said("foo || bar")).toHaveLength(2));
});
