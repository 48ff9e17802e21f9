import { describe, expect, it } from "vitest";
import { check } from "./check";
import type { Known } from "./known";

const known: Known = {
  container: true,
  cluster: { name: {}, identity: { localAccounts: {} }, nodePools: { "*": { name: {}, autoRepair: {} } } },
  labels: { app: {}, tier: {} },
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
    "labels.exists(key, value, key == 'x' && value.matches('y')) && !('app' in labels)",
    "cluster.nodePools.orValue([]).filter(p, p.autoRepair)[0].name == ''",
    "cel.bind(f, 'a', labels.orValue({})[?f].orValue('') == '')",
    "optional.of(cluster).optMap(c, c.identity.localAccounts).orValue(false)",
  ])("finds nothing in %s", (expression) => expect(said(expression)).toEqual([]));

  it.each([
    ["facst.rules == []", "1:1 facst is not known. Did you mean facts?"],
    ["facts.exposdBy == []", "1:7 exposdBy is not known here. Did you mean exposedBy?"],
    ["true &&\n  has(facts.zebra)", "2:13 zebra is not known here."],
    ["facts.rules.exists(r, r.vebrs == [])", "1:25 vebrs is not known here. Did you mean verbs?"],
    ["params['maxage'] == 1", "1:8 maxage is not known here. Did you mean maxAge?"],
    ["cluster.identity.localAcounts", "1:18 localAcounts is not known here. Did you mean localAccounts?"],
    [
      "cluster.?identity.?localAcounts.orValue(true)",
      "1:20 localAcounts is not known here. Did you mean localAccounts?",
    ],
    ["has(cluster.idenity)", "1:13 idenity is not known here. Did you mean identity?"],
    ["cluster[?'idenity'].hasValue()", "1:10 idenity is not known here. Did you mean identity?"],
    ['cluster["idenity"] == {}', "1:9 idenity is not known here. Did you mean identity?"],
    ["cluster.nodePools[0].autoReapir", "1:22 autoReapir is not known here. Did you mean autoRepair?"],
    ["cluster.nodePools.exists(i, p, p.autoReapir)", "1:34 autoReapir is not known here. Did you mean autoRepair?"],
    ["cluster.nodePools.filter(p, true).all(p, p.nam == '')", "1:44 nam is not known here. Did you mean name?"],
    [
      "cluster.nodePools.sortBy(p, p.name)[0].autoReapir",
      "1:40 autoReapir is not known here. Did you mean autoRepair?",
    ],
    ["cluster.nodePools.map(p, {'is': p}).all(m, m.is.nam == '')", "1:49 nam is not known here. Did you mean name?"],
    ["cluster.nodePools.transformList(i, p, p).all(p, p.nam == '')", "1:51 nam is not known here. Did you mean name?"],
    [
      "cel.bind(i, cluster.identity, i.localAcounts)",
      "1:33 localAcounts is not known here. Did you mean localAccounts?",
    ],
    [
      "cluster.?identity.optMap(i, i.localAcounts).orValue(true)",
      "1:31 localAcounts is not known here. Did you mean localAccounts?",
    ],
    ["(true ? cluster : cluster).nane == ''", "1:28 nane is not known here. Did you mean name?"],
    ["cluster.name.first == ''", "1:14 first is not known here."],
    ["'teir' in labels", "1:1 teir is not known here. Did you mean tier?"],
    ["container.name.startWith('x')", "1:16 startWith() is no function. Did you mean startsWith?"],
    ["container.name.matches('(?<=a)b')", '1:24 "(?<=a)b" is no regular expression of RE2.'],
    ["container ==", "1:13 Expected a value, but the expression ends."],
    ["size()", "1:1 size() takes 1 argument, not 0."],
  ])("reports %s", (expression, problem) => expect(said(expression)).toEqual([problem]));

  it.each([
    ["container.name.match('x')", "match() is no function. Did you mean matches?"],
    ["containers.exits(x, true)", "exits() is no function. Did you mean exists?"],
    ["containers.fliter(x, true)", "fliter() is no function. Did you mean filter?"],
    ["containers.existOne(x, true)", "existOne() is no function. Did you mean existsOne?"],
    ["containers.al(x, true)", "al() is no function. Did you mean all?"],
    ["containers.all(true)", "all() takes 2 or 3 arguments, not 1."],
    ["container.?name.orValu('')", "orValu() is no function. Did you mean orValue?"],
    ["container.?name.hasvalue()", "hasvalue() is no function. Did you mean hasValue?"],
    ["container.?name.optMp(x, x)", "optMp() is no function. Did you mean optMap?"],
    ["optional.on(1)", "on() is no function. Did you mean of?"],
    ["optional.of()", "of() takes 1 argument, not 0."],
    ["cel.bnd(x, 1, true)", "bnd() is no function. Did you mean bind?"],
    ["math.greates(1, 2) == 2", "greates() is no function. Did you mean greatest?"],
    ["hs(container.name)", "hs() is no function. Did you mean has?"],
  ])("of a macro or a function that is misspelt reports %s", (expression, problem) => {
    expect(said(expression)).toEqual([expect.stringContaining(problem)]);
  });

  it("reports every unknown name", () => expect(said("foo || bar")).toHaveLength(2));
});
