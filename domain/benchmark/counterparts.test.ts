import { describe, expect, it } from "vitest";
import { loadControls } from "@/domain/posture/load";
import { StateReader } from "./evidence/state";
import { loadBenchmarks } from "./load";
import { type ControlState, verdictOn } from "./rollup";
import type { Requirement } from "./schema";

const controls = new Map(loadControls().map((control) => [control.id, control]));
const reader = new StateReader(controls);
/** Benchmarks for every cluster, whoever runs its control plane. */
const forAll = loadBenchmarks().filter(({ distributions }) => distributions === undefined);
const requirements = forAll.flatMap(({ id: benchmark, sections }) =>
  sections.flatMap((section) =>
    section.requirements.map((requirement) => ({ name: `${benchmark} ${requirement.id}`, requirement })),
  ),
);

/** What a cloud tells, or a binding shows, and what a control plane of one's own or a kubelet is asked of the same thing. */
const COUNTERPARTS: Readonly<Record<string, readonly string[]>> = {
  "SW-0102": ["SW-0385"], // accounts that only the cluster knows: tokens from a file
  "SW-0103": ["SW-0385"],
  "SW-0106": ["SW-0390", "SW-0546"], // the audit log
  "SW-0107": ["SW-0392"], // secrets at rest
  "SW-0355": ["SW-0513"], // Pod Security: its labels, and the plug-in that reads them
  "SW-0408": ["SW-0374", "SW-0384"], // anonymous requests
  "SW-0409": ["SW-0377"], // the kubelet's open port
  "SW-0410": ["SW-0386", "SW-0501"], // roles decide
};

/** What is said on a cluster of which the last scan knew all controls and told these states. */
const on = (distribution: string, states: Readonly<Record<string, string>>): ((id: string) => ControlState) => {
  const told = Object.entries(states).sort(([a], [b]) => (a < b ? -1 : 1));
  return reader.read({
    distribution,
    states: told.map(([id, letter]) => `${id}${letter}`).join(","),
    judged: [...controls.keys()].join(","),
    unlisted: "",
  }).with;
};
const named = (name: string): Requirement => {
  const found = requirements.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no requirement ${name}.`);
  return found.requirement;
};

describe("a requirement of a benchmark for all clusters", () => {
  it.each(Object.entries(COUNTERPARTS))("that names %s names %j", (cloud, own) => {
    const asking = requirements.filter(({ requirement }) => requirement.controls?.includes(cloud));
    expect(asking).not.toEqual([]);
    const lacking = asking.filter(({ requirement }) => own.some((id) => requirement.controls?.includes(id) !== true));
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ["SW-0374", ["mcsb PV-4", "nist-sp-800-190 4.3.2", "nsa-cisa-1.2 3.1", "owasp-k8s-2025 K07", "owasp-k8s-2025 K09"]],
    ["SW-0377", ["mcsb PV-4", "nist-sp-800-190 4.3.2", "nsa-cisa-1.2 3.1", "owasp-k8s-2025 K07", "owasp-k8s-2025 K09"]],
    ["SW-0384", ["nist-sp-800-190 4.3.2", "nsa-cisa-1.2 3.1", "owasp-k8s-2025 K09"]],
    ["SW-0385", ["mcsb IM-1", "nist-sp-800-190 4.3.2", "nsa-cisa-1.2 3.2", "owasp-k8s-2025 K07", "owasp-k8s-2025 K09"]],
    [
      "SW-0386",
      [
        ...["mcsb PA-1", "mcsb PA-7", "nist-sp-800-190 4.3.1", "nsa-cisa-1.2 3.3"],
        ...["owasp-k8s-2025 K02", "owasp-k8s-2025 K07"],
      ],
    ],
    ["SW-0390", ["mcsb LT-3", "nsa-cisa-1.2 4.1", "owasp-k8s-2025 K10"]],
    ["SW-0546", ["mcsb LT-3", "nsa-cisa-1.2 4.1", "owasp-k8s-2025 K10"]],
    ["SW-0392", ["mcsb DP-5", "nsa-cisa-1.2 2.7", "owasp-k8s-2025 K03"]],
    ["SW-0395", ["mcsb DP-3", "owasp-k8s-2025 K07"]],
    ["SW-0394", ["mcsb NS-8"]],
    ["SW-0513", ["nsa-cisa-1.2 1.11", "owasp-k8s-2025 K04"]],
    // What nobody but an optional right shows, and what no cluster was asked for before.
    ["SW-0481", ["mcsb IM-8", "nist-sp-800-190 4.1.4", "nsa-cisa-1.2 2.8", "owasp-k8s-2025 K03"]],
    ["SW-0325", ["nist-sp-800-190 4.3.2", "nsa-cisa-1.2 3.1", "owasp-k8s-2025 K09"]],
    ["SW-0326", ["mcsb PA-7", "nsa-cisa-1.2 3.3", "owasp-k8s-2025 K02"]],
  ])("fails on a cluster of one's own where %s does, whatever a person attests", (id, failing) => {
    const stateOf = on("arc", { [id]: "u" });
    const failed = requirements.filter(({ requirement }) => verdictOn(requirement, stateOf, "met").state === "failed");
    expect(failed.map(({ name }) => name)).toEqual(failing);
  });

  it("fails on GKE that answers without credentials", () => {
    const stateOf = on("gke", { "SW-0408": "u" });
    const failed = requirements.filter(({ requirement }) => verdictOn(requirement, stateOf, "met").state === "failed");
    expect(failed.map(({ name }) => name)).toEqual([
      ...["nist-sp-800-190 4.3.2", "nsa-cisa-1.2 3.1", "owasp-k8s-2025 K09"],
    ]);
  });

  it("is decided by the cloud's word alone where the cloud runs the control plane", () => {
    const audit = named("nsa-cisa-1.2 4.1");
    const attested = (distribution: string, letter: string) =>
      verdictOn(audit, on(distribution, { "SW-0106": letter }), null);
    expect(attested("aks", "h")).toEqual({ state: "passed", attested: false });
    expect(attested("eks", "u")).toEqual({ state: "failed", attested: false });
    expect(attested("arc", "h")).toEqual({ state: "not_evaluated", attested: false });
  });

  it("about encryption at rest asks no key of one's own where the agencies ask for none", () => {
    const atRest = named("nsa-cisa-1.2 2.7");
    const without = on("eks", { "SW-0107": "u" });
    expect(verdictOn(atRest, without, null).state).toBe("manual");
    expect(verdictOn(atRest, without, "met")).toEqual({ state: "passed", attested: true });
    expect(verdictOn(named("mcsb DP-5"), without, "met").state).toBe("failed");
  });
});
