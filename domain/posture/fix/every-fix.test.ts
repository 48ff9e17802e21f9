import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { record } from "@/domain/inventory/json";
import { DISTRIBUTIONS } from "@/domain/inventory/schema";
import { assessExample, type Example } from "../example";
import { loadControls } from "../load";
import type { Control } from "../schema";
import { fixFor } from "./fix";
import { exampleTarget, strategicMerge } from "./testing/example-target";
import { poolsOf, WORD } from "./words";

const controls = loadControls();
const distributionsOf = ({ appliesTo }: Control) => appliesTo.distributions ?? DISTRIBUTIONS;
const first = ({ examples, name }: Control): Example => {
  const [example] = examples.fail;
  if (example === undefined) throw new Error(`${name} has no failing example`);
  return example;
};
const every = controls.flatMap((control) =>
  distributionsOf(control).map((distribution) => {
    const target = exampleTarget(control, first(control), distribution);
    return { at: `${control.name} on ${distribution}`, control, target, blocks: fixFor(control, target).blocks };
  }),
);

const texts = (id: string): string[] =>
  every.flatMap(({ at, blocks }) => blocks.filter((block) => block.id === id).map((block) => `${at}: ${block.text}`));

describe("the fix of every control, filled in for its first failing example", () => {
  it("leaves no word open that Seawall knows", () => {
    const left = every.flatMap(({ at, target, blocks }) =>
      blocks
        .flatMap((block) => block.text.match(WORD) ?? [])
        .filter((word) => word !== "POOL" || poolsOf(target).length > 0)
        .map((word) => `${at}: ${word}`),
    );
    expect(left).toEqual([]);
  });

  it("names each blank that is for the reader", () => {
    for (const { at, blocks } of every)
      for (const block of blocks) {
        for (const blank of block.text.match(/<[a-z-]+>/g) ?? []) expect(block.open, at).toContain(blank);
        if (block.text.includes("{{")) expect(block.open, at).toContain("{{ }}");
      }
  });

  it("uses no words in capitals for kubectl that nothing fills in", () => {
    const lines = texts("cli").filter((line) => line.includes("kubectl"));
    expect(lines.filter((line) => /(^|[ =/])[A-Z]+(_[A-Z]+)*( |$)/m.test(line.replace(/^.*?: /, "")))).toEqual([]);
  });

  it("is YAML where it says so", () => {
    for (const { at, blocks } of every)
      for (const block of blocks.filter(({ id }) => id === "patch"))
        expect(typeof parse(block.text), at).toBe("object");
  });

  it("never puts a name between quotes of the template, where it could end them", () => {
    for (const { name, remediation } of controls)
      for (const line of Object.values(
        typeof remediation.cli === "object" ? remediation.cli : { all: remediation.cli ?? "" },
      ))
        for (const quoted of (line ?? "").match(/'[^']*'|"[^"]*"/g) ?? [])
          expect(
            (quoted.match(WORD) ?? []).filter((word) => word !== "RULE"),
            name,
          ).toEqual([]);
  });

  it("looks or keeps a copy before it deletes, and asks", () => {
    for (const { name, remediation } of controls) {
      const lines = JSON.stringify(remediation.cli ?? "").split("\\n");
      for (const [index, line] of lines.entries()) {
        if (!line.includes("kubectl delete")) continue;
        expect(line, name).toContain("--interactive");
        expect(
          lines.slice(0, index).some((one) => /kubectl get .*--output=yaml > COPY/.test(one)),
          name,
        ).toBe(true);
      }
    }
  });

  it("is a script that a shell reads, and runs nothing that a name holds", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "seawall-fix-"));
    const evil = "x$(touch pwned)`touch pwned`;touch pwned'\"|touch pwned & *";
    const script = controls.flatMap((control) => {
      const target = exampleTarget(control, first(control), "aks");
      const object = JSON.parse(JSON.stringify(target.object), (key, value: unknown) =>
        ["name", "image", "namespace", "serviceAccountName"].includes(key) && typeof value === "string" ? evil : value,
      );
      const hostile = { ...target, object, namespace: target.namespace && evil, name: evil, cluster: evil };
      return fixFor(control, hostile)
        .blocks.filter(({ id }) => id === "cli")
        .map((block) => block.text);
    });
    const stubs = ["kubectl", "az", "docker", "helm", "sudo", "grep"].map((name) => `${name}() { :; }`);
    const text = [...stubs, ...script].join("\n").replace(/<[a-z-]+>/g, "blank");
    const ran = spawnSync("sh", ["-c", text], {
      encoding: "utf8",
      cwd: folder,
      env: { ...process.env, EDITOR: "true" },
    });
    const files = readdirSync(folder);
    rmSync(folder, { recursive: true });
    expect(ran.stderr).toBe("");
    expect(files.filter((file) => !/\.(yaml|log)$/.test(file))).toEqual([]);
  });
});

/** Whose patch is the first half of the repair: the variable goes once the program reads the file. */
const HALF: ReadonlySet<string> = new Set(["secret-as-environment-variable"]);

describe("a patch", () => {
  it("puts into containers only what a container has", () => {
    const ofPods = ["volumes", "nodeSelector", "tolerations", "hostAliases", "hostNetwork", "priorityClassName"];
    for (const { name, remediation, appliesTo } of controls) {
      const patch = record(parse(remediation.patch ?? "{}"));
      if (!appliesTo.resources.includes("Workload") || typeof patch.kind === "string") continue;
      const parts = ["spec", "container", "pod"].some((key) => key in patch);
      const keys = Object.keys(parts ? record(patch.container) : patch);
      expect(
        keys.filter((key) => ofPods.includes(key)),
        name,
      ).toEqual([]);
    }
  });

  it("repairs what its control found in the object, in every failing example", () => {
    const judged = controls.filter(({ name, violates }) => !HALF.has(name) && !violates.includes("facts."));
    const merges = judged.flatMap((control) =>
      control.examples.fail.flatMap((example) => {
        const { blocks } = fixFor(control, exampleTarget(control, example, "aks"));
        const block = blocks.find(
          ({ title }) => title === "YAML patch, fix.yaml" || title === "YAML, for the manifest",
        );
        const patch = block?.text.replace("<digest>", `sha256:${"a".repeat(64)}`);
        return patch === undefined ? [] : [{ control, example, patch: record(parse(patch)) }];
      }),
    );
    expect(merges.length).toBeGreaterThan(150);
    const still = merges.flatMap(({ control, example, patch }) => {
      const after = assessExample(control, { ...example, resource: strategicMerge(example.resource, patch) });
      return after?.outcome === "unhealthy" ? [`${control.name}: ${example.name}`] : [];
    });
    expect(still).toEqual([]);
  });
});
