import { describe, expect, it } from "vitest";
import { REACHES } from "@/domain/inventory/power";
import { assessExample, type Example } from "@/domain/posture/example";
import { loadControls } from "@/domain/posture/load";
import type { Control } from "@/domain/posture/schema";
import { loadBenchmarks } from "./load";

const controls = new Map(loadControls().map((control) => [control.id, control]));
const named = (ids: readonly string[]): Control[] => ids.flatMap((id) => controls.get(id) ?? []);

/** A role with wildcards in place of the one power that an example shows: the inventory then tells of nothing else. */
function withEverything({ facts, ...example }: Example): Example | null {
  const everything = { grants: ["wildcard"], builtIn: false };
  if (Array.isArray(facts?.powers))
    return { ...example, facts: { ...everything, powers: ["wildcard"], namespacePowers: [] } };
  if (Array.isArray(facts?.namespacePowers))
    return { ...example, facts: { ...everything, powers: [], namespacePowers: ["wildcard"] } };
  return null;
}

describe("a requirement about a right", () => {
  it("fails too where somebody may do everything", () => {
    let tried = 0;
    const passed = loadBenchmarks().flatMap((benchmark) =>
      benchmark.sections.flatMap(({ requirements }) =>
        requirements.flatMap(({ id, controls: ids = [] }) =>
          named(ids).flatMap((control) =>
            control.examples.fail.flatMap((example) => {
              const mightier = withEverything(example);
              if (mightier === null) return [];
              tried++;
              const fails = named(ids).some((one) => assessExample(one, mightier)?.outcome === "unhealthy");
              return fails ? [] : [`${benchmark.id} ${id} ${control.id}: ${example.name}`];
            }),
          ),
        ),
      ),
    );
    expect(tried).toBeGreaterThan(100);
    expect(passed).toEqual([]);
  });
});

/** A role that grants this, bound to a subject over the cluster. */
const bound = (name: string, grants: readonly string[]): Example => ({
  name,
  resource: {
    kind: "ClusterRoleBinding",
    metadata: { name: "open" },
    roleRef: { kind: "ClusterRole", name: "ops" },
    subjects: [{ kind: name === "system:anonymous" ? "User" : "Group", name }],
  },
  facts: { grants: [...grants], sureGrants: [...grants], builtIn: false, powers: [], namespacePowers: [] },
});

describe("what everybody holds", () => {
  const WORDS = [...REACHES, "writes"] as const;
  const POWER: readonly (typeof WORDS)[number][] = [
    ...(["cluster-admin", "wildcard", "writes", "secrets-read", "pods-create", "pods-exec", "pods-debug"] as const),
    ...(["nodes-proxy", "tokens-create", "escalate", "impersonate"] as const),
  ];
  it.each([
    ["system:anonymous", "SW-0022", "SW-0325"],
    ["system:unauthenticated", "SW-0022", "SW-0325"],
    ["system:authenticated", "SW-0550", "SW-0551"],
  ])("of %s is one finding, the graver where it is power", (name, graver, lesser) => {
    for (const word of WORDS) {
      const found = named([graver, lesser]).filter(
        (control) => assessExample(control, bound(name, [word]))?.outcome === "unhealthy",
      );
      expect([word, ...found.map(({ id }) => id)]).toEqual([word, POWER.includes(word) ? graver : lesser]);
    }
  });
});

describe("CIS on who holds cluster-admin", () => {
  const held = loadBenchmarks().flatMap((benchmark) =>
    benchmark.sections.flatMap(({ requirements }) =>
      requirements
        .filter(({ title }) => title.startsWith("cluster-admin is held"))
        .map(({ id, controls }) => ({ id: `${benchmark.id} ${id}`, controls })),
    ),
  );
  const broken = (
    kind: string,
    role: string,
    namespace: string | undefined,
    facts: Readonly<Record<string, unknown>>,
  ): string[] => {
    const metadata = { name: "b", ...(namespace === undefined ? {} : { namespace }) };
    const subjects = [{ kind: "User", name: "ann" }];
    const resource = { kind, metadata, roleRef: { kind: "ClusterRole", name: role }, subjects };
    const example: Example = { name: "ann", resource, facts: { builtIn: false, ...facts } };
    return held
      .filter(({ controls = [] }) =>
        named(controls).some((one) => assessExample(one, example)?.outcome === "unhealthy"),
      )
      .map(({ id }) => id);
  };
  const ALL = held.map(({ id }) => id);
  const everywhere = { grants: ["cluster-admin", "wildcard"], powers: ["wildcard"], namespacePowers: [] };
  const within = { grants: ["cluster-admin", "wildcard"], powers: [], namespacePowers: ["wildcard"] };

  it("asks it of the cluster, not of who does everything within one namespace", () => {
    expect(ALL).toHaveLength(5);
    expect(broken("ClusterRoleBinding", "cluster-admin", undefined, everywhere)).toEqual(ALL);
    expect(broken("ClusterRoleBinding", "a-copy", undefined, { ...everywhere, grants: ["wildcard"] })).toEqual(ALL);
    expect(broken("RoleBinding", "cluster-admin", "kube-system", everywhere)).toEqual(ALL);
    expect(broken("RoleBinding", "cluster-admin", "shop", within)).toEqual([]);
    expect(broken("RoleBinding", "operator", "shop", { ...within, grants: ["wildcard"] })).toEqual([]);
  });
});

describe("CIS GKE on who is bound", () => {
  const failing = (example: Example): string[] =>
    loadBenchmarks()
      .filter(({ id }) => id === "cis-gke-1.9.0")
      .flatMap(({ sections }) => sections.flatMap(({ requirements }) => requirements))
      .filter(({ id }) => ["4.1.8", "4.1.9", "4.1.10"].includes(id))
      .filter(({ controls: ids = [] }) =>
        named(ids).some((one) => assessExample(one, example)?.outcome === "unhealthy"),
      )
      .map(({ id }) => id);

  it.each([
    ["system:anonymous", [], ["4.1.8", "4.1.9"]],
    ["system:anonymous", ["wildcard"], ["4.1.8", "4.1.9"]],
    ["system:unauthenticated", [], ["4.1.8", "4.1.9"]],
    ["system:unauthenticated", ["writes"], ["4.1.8", "4.1.9"]],
    ["system:authenticated", [], ["4.1.10"]],
    ["system:authenticated", ["cluster-admin", "wildcard"], ["4.1.10"]],
    ["system:serviceaccounts", ["writes"], []],
  ])("%s with %j breaks %j", (name, grants, broken) => {
    expect(failing(bound(name, grants))).toEqual(broken);
  });
});
