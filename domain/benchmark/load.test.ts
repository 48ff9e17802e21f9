import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadControls } from "@/domain/posture/load";
import { factText, isFact } from "./fact/fact";
import { controlsOf, inspectBenchmarks, loadBenchmarks } from "./load";
import { concerns } from "./rollup";
import { type DecidedBy, decidedBy } from "./schema";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-benchmark-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = (id: string): string =>
  `id: ${id}\ntitle: A benchmark\nversion: "1"\npublisher: Somebody\nurl: https://example.com/\nabout: What it is for, in a sentence.\n`;
const put = (id: string, rest: string): void => writeFileSync(path.join(folder, `${id}.yaml`), HEAD(id) + rest);
const read = () => inspectBenchmarks(folder, new Set(["SW-0001", "SW-0002", "SW-0017"]));
const said = (): string =>
  read()
    .faults.map((fault) => fault.message)
    .join("\n");
const only = (requirement: string): string =>
  `sections:\n  - id: "1"\n    title: First things\n    requirements:\n      - ${requirement}\n`;

describe("a benchmark file", () => {
  it("names a control that is not there with its file, its line and what was meant", () => {
    put("b", only('{ id: "1.1", title: One thing, controls: [SW-0001, SW-0071] }'));
    expect(said()).toMatch(/b\.yaml:11: SW-0071 is not a control\. Did you mean SW-00(01|17)\?$/);
  });

  it("tells an unknown key, fact, requirement and benchmark", () => {
    put("keys", only('{ id: "1.1", title: One thing, control: [SW-0001] }'));
    put(
      "fact",
      only(
        '{ id: "1.1", title: One thing, manual: { why: Nobody can see that., look: Look at the thing., facts: [api.authorisedRanges] } }',
      ),
    );
    put("none", only('{ id: "1.1", title: One thing }'));
    put("taker", 'includes: nobe\nwithout: ["1.1"]\n');
    put("dropper", 'includes: plain\nwithout: ["1.2"]\n');
    put("plain", only('{ id: "1.1", title: One thing, controls: [SW-0001] }'));
    const all = said();
    expect(all).toMatch(/keys\.yaml:11: .*there is no field control\. Did you mean controls\?/);
    expect(all).toMatch(/fact\.yaml:11: api\.authorisedRanges is not a fact\. Did you mean api\.authorizedRanges\?/);
    expect(all).toMatch(/none\.yaml:11: 1\.1: give `controls`, `manual` or both/);
    expect(all).toMatch(/taker\.yaml:7: nobe is not a benchmark\. Did you mean none\?/);
    expect(all).toMatch(/dropper\.yaml:8: plain has no requirement 1\.2\./);
    expect(read().benchmarks.map(({ id }) => id)).toEqual(["plain"]);
  });

  it("refuses a range of Kubernetes that ends before it begins, and says what was meant", () => {
    const some = only('{ id: "1.1", title: One thing, controls: [SW-0001] }');
    put("turned", `kubernetes: { from: "1.10", to: "1.9" }\n${some}`);
    put("one", `kubernetes: { from: "1.9", to: "1.9" }\n${some}`);
    put("rising", `kubernetes: { from: "1.9", to: "1.10" }\n${some}`);
    expect(said()).toMatch(
      /turned\.yaml:7: kubernetes: ends before it begins\. Did you mean { from: "1\.9", to: "1\.10" }\?$/,
    );
    expect(read().benchmarks.map(({ id }) => id)).toEqual(["one", "rising"]);
  });

  it("gives a section's level to its requirements that say none, and knows no third", () => {
    const more = '      - { id: "1.2", title: Another thing, level: 2, controls: [SW-0001] }\n';
    put(
      "levels",
      only('{ id: "1.1", title: One thing, controls: [SW-0001] }').replace("    title", "    level: 1\n    title") +
        more,
    );
    put("third", only('{ id: "1.1", title: One thing, level: 3, controls: [SW-0001] }'));
    const levels = read().benchmarks.flatMap(({ sections }) => sections.flatMap(({ requirements }) => requirements));
    expect(levels.map(({ id, level }) => [id, level])).toEqual([
      ["1.1", 1],
      ["1.2", 2],
    ]);
    expect(said()).toMatch(/third\.yaml:11: /);
  });

  it("refuses a requirement that stands in it twice, and files that include each other", () => {
    const one = '{ id: "1.1", title: One thing, controls: [SW-0001] }';
    put("twice", `${only(one)}      - ${one}\n`);
    put("a", "includes: c\n");
    put("c", "includes: a\n");
    expect(said()).toMatch(/twice\.yaml:\d+: the requirement 1\.1 stands here twice/);
    expect(said()).toMatch(/includes this one/);
  });

  it("takes over what it includes: replaced by id, left out by name, its own behind", () => {
    put(
      "base",
      `${only('{ id: "1.1", title: One thing, controls: [SW-0001] }')}      - { id: "1.2", title: Another, controls: [SW-0002] }\n      - { id: "1.3", title: A third, controls: [SW-0002] }\n`,
    );
    put(
      "next",
      `includes: base\nwithout: ["1.2"]\n${only('{ id: "1.3", title: The third anew, controls: [SW-0017] }')}      - { id: "1.4", title: A fourth, controls: [SW-0001] }\n`,
    );
    const next = read().benchmarks.find(({ id }) => id === "next");
    expect(next?.sections.map(({ requirements }) => requirements.map(({ id, title }) => `${id} ${title}`))).toEqual([
      ["1.1 One thing", "1.3 The third anew", "1.4 A fourth"],
    ]);
    expect([...controlsOf(next ?? { sections: [] })].sort()).toEqual(["SW-0001", "SW-0017"]);
  });
});

describe("the product's benchmarks", () => {
  it("all load; nothing says whether it is met both by controls and by nobody", () => {
    const benchmarks = loadBenchmarks();
    expect(benchmarks.length).toBeGreaterThan(0);
    for (const { sections } of benchmarks)
      for (const { requirements } of sections)
        for (const requirement of requirements)
          expect(decidedBy(requirement) === "person", requirement.id).toBe(requirement.controls === undefined);
  });
});

it("is decided as far as the documentation says", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../../docs/compliance.md"), "utf8");
  const rows = [...text.matchAll(/^\| (cis-\S+) \| (\d+) \| (\d+) of those (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)];
  expect(rows).toHaveLength(3);
  for (const [, id = "", ...figures] of rows) {
    const sections = loadBenchmarks().find((benchmark) => benchmark.id === id)?.sections ?? [];
    const all = sections.flatMap(({ id: section, requirements }) => requirements.map((one) => ({ ...one, section })));
    const by = (word: DecidedBy): number => all.filter((one) => decidedBy(one) === word).length;
    const onNodes = new Set(["3.1", "3.2"]);
    expect([id, ...figures.map(Number)]).toEqual([
      ...[id, all.length, by("controls"), all.filter(({ section }) => !onNodes.has(section)).length],
      ...[by("controls") + by("controls-or-person"), by("controls-and-person"), by("person")],
    ]);
  }
});

describe("facts", () => {
  it("are read through lists, and what was not told is null", () => {
    expect(isFact("nodePools.osImage")).toBe(true);
    expect(isFact("listed.NetworkPolicy")).toBe(true);
    expect(isFact("constructor")).toBe(false);
    const managed = {
      api: { authorizedRanges: [] },
      identity: { rbac: true },
      nodePools: [{ name: "a", osImage: "Ubuntu" }, { name: "b", osImage: "Ubuntu" }, { name: "c" }],
    };
    const text = (fact: string) => factText(fact, { managed, listed: { Pod: 3 }, components: [] });
    expect(text("nodePools.osImage")).toBe("Ubuntu");
    expect(text("identity.rbac")).toBe("yes");
    expect(text("api.authorizedRanges")).toBe("none");
    expect(text("api.publicEndpoint")).toBeNull();
    expect(text("listed.Pod")).toBe("3");
    expect(text("listed.Node")).toBeNull();
  });

  it("are flags too, of every process of the kind, and null where those of one could not be read", () => {
    const file = "encryption-provider-config";
    const fact = `flags.KubeApiServer.${file}`;
    expect(isFact(fact)).toBe(true);
    expect(isFact("flags.KubeApiServer.encryption-provider")).toBe(false);
    expect(isFact(`flags.Etcd.${file}`)).toBe(false);
    const text = (...flags: unknown[]) =>
      factText(fact, {
        managed: {},
        listed: {},
        components: [{ kind: "Etcd", flags: {} }, ...flags.map((each) => ({ kind: "KubeApiServer", flags: each }))],
      });
    expect(text({ [file]: "/a" }, { [file]: "/a" })).toBe("/a");
    expect(text({ [file]: "/a" }, {})).toBe("/a, not set");
    expect(text({ [file]: "/a" }, undefined)).toBeNull();
    expect(text({ [file]: "/a" }, null)).toBeNull();
    expect(text()).toBeNull();
  });
});

it("names no control that judges none of a benchmark's clusters: not applicable would be a guess", () => {
  const meant = new Map(loadControls().map(({ id, appliesTo }) => [id, appliesTo.distributions]));
  const idle = loadBenchmarks().flatMap((benchmark) =>
    benchmark.sections.flatMap(({ requirements }) =>
      requirements.flatMap(({ id, controls = [] }) =>
        controls
          .filter((control) => {
            const only = meant.get(control);
            return only !== undefined && !only.some((each) => concerns(benchmark, each));
          })
          .map((control) => `${benchmark.id} ${id} ${control}`),
      ),
    ),
  );
  expect(idle).toEqual([]);
});
