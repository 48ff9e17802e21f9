import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadControls } from "@/domain/posture/load";
import { seawall } from "./testing";

const spec = (indent: string): string =>
  ["hostPID: true", "containers: [{ name: a, image: a:1 }]"].map((line) => `${indent}${line}\n`).join("");
const owner = `  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: web, uid: u, controller: true }]\n`;
const deployment = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop, uid: u }\nspec:\n  replicas: 2\n  template:\n    metadata: { labels: { app: web } }\n    spec:\n${spec("      ")}`;
const pod = (name: string, by = owner): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\n${by}spec:\n${spec("  ")}`;
const budget = `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: all, namespace: shop }\nspec: { maxUnavailable: 0, selector: { matchLabels: { app: web } } }\n`;

interface Told {
  results: {
    control: string;
    outcome: string;
    resource: { kind: string; name: string };
    source: { file: string };
    evidence: { path: string; message: string; line: number }[];
  }[];
}
async function told(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Told["results"]> {
  const folder = mkdtempSync(path.join(tmpdir(), "seawall-check-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const { out } = await seawall(["check", folder, "--format", "json", ...args]);
    return (JSON.parse(out) as Told).results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it.each([
  ["v1", ["SW-0001 template.spec.initContainers[0]", "SW-0208 template.spec.securityContext.sysctls"]],
  ["example.com/v1", []],
])("judges the pod of a PodTemplate of %s", async (apiVersion, expected) => {
  const privileged = "initContainers: [{ name: a, image: a, securityContext: { privileged: true } }]";
  const text = `apiVersion: ${apiVersion}\nkind: PodTemplate\nmetadata: { name: t, namespace: shop }\ntemplate: { spec: { ${privileged}, containers: [{ name: b, image: b }], securityContext: { sysctls: [{ name: kernel.x, value: "1" }] } } }\n`;
  const found = await told({ "a.yaml": text }, "--controls", "SW-0001,SW-0208,SW-0008");
  expect(found.map(({ control, evidence: [first] }) => `${control} ${first?.path}`).sort()).toEqual(expected);
});

it("tells results in the order of files, and of an object in that of the controls, whether they read other objects or not", async () => {
  const results = await told({ "a.yaml": deployment, "b.yaml": pod("alone", "") }, "--all");
  const judging = loadControls().filter(
    ({ maturity, appliesTo }) => maturity !== "deprecated" && appliesTo.resources.includes("Workload"),
  );
  const ids = judging.map(({ id }) => id);
  expect(results.map(({ control }) => control)).toEqual([...ids, ...ids]);
  expect(results.map(({ resource }) => resource.name)).toEqual([...ids.map(() => "web"), ...ids.map(() => "alone")]);
});

it("judges an object that stands before what it depends on", async () => {
  const outcomes = (files: Readonly<Record<string, string>>) =>
    told(files, "--all", "--controls", "SW-0272").then((all) => all.map(({ outcome }) => outcome));
  expect(await outcomes({ "a.yaml": deployment, "b.yaml": budget })).toEqual(["unhealthy"]);
  expect(await outcomes({ "a.yaml": deployment })).toEqual(["not_evaluated"]);
});

describe("an autoscaler in the same files", () => {
  const single = deployment.replace("  replicas: 2\n", "");
  const autoscaler = (name: string, minReplicas: number, apiVersion = "autoscaling/v2"): string =>
    `apiVersion: ${apiVersion}\nkind: HorizontalPodAutoscaler\nmetadata: { name: web, namespace: shop }\nspec: { minReplicas: ${minReplicas}, maxReplicas: 9, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} } }\n`;
  const outcome = async (control: string, files: Readonly<Record<string, string>>) =>
    (await told(files, "--all", "--controls", control)).map((result) => result.outcome).join();

  it("runs more than one replica, where it asks for them", async () => {
    expect(await outcome("SW-0223", { "a.yaml": single })).toBe("unhealthy");
    expect(await outcome("SW-0223", { "a.yaml": single, "b.yaml": autoscaler("web", 2) })).toBe("healthy");
    expect(await outcome("SW-0223", { "a.yaml": single, "b.yaml": autoscaler("web", 2, "autoscaling/v1") })).toBe(
      "healthy",
    );
    expect(await outcome("SW-0223", { "a.yaml": single, "b.yaml": autoscaler("web", 1) })).toBe("unhealthy");
    expect(await outcome("SW-0223", { "a.yaml": single, "b.yaml": autoscaler("db", 2) })).toBe("unhealthy");
  });
  it("says of how many pods a budget holds some back", async () => {
    const stays = budget.replace("maxUnavailable: 0", "minAvailable: 2");
    expect(await outcome("SW-0272", { "a.yaml": deployment, "b.yaml": stays })).toBe("unhealthy");
    const scaled = { "a.yaml": deployment, "b.yaml": stays, "c.yaml": autoscaler("web", 3) };
    expect(await outcome("SW-0272", scaled)).toBe("healthy");
    expect(await outcome("SW-0272", { ...scaled, "c.yaml": autoscaler("web", 2) })).toBe("unhealthy");
    expect(
      await outcome("SW-0272", { ...scaled, "b.yaml": budget.replace("maxUnavailable: 0", "minAvailable: '80%'") }),
    ).toBe("unhealthy");
  });
});

it("leaves out a pod whose owner comes in a later file", async () => {
  const names = (files: Readonly<Record<string, string>>) =>
    told(files, "--controls", "host-processes").then((all) => all.map(({ resource }) => resource.name));
  expect(await names({ "a.yaml": pod("web-1"), "b.yaml": deployment })).toEqual(["web"]);
  expect(await names({ "a.yaml": pod("web-1") })).toEqual(["web-1"]);
});

describe("a namespace that files name and do not hold", () => {
  const inDefault = (text: string): string => text.replaceAll("shop", "default");
  const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: { name: default }\n";
  const DEFAULT = ["--controls", "SW-0018"];

  it("is default: what runs there is a finding, at the line that says so", async () => {
    const [result, ...more] = await told({ "a.yaml": inDefault(deployment) }, ...DEFAULT);
    expect(more).toEqual([]);
    expect(result).toMatchObject({
      control: "SW-0018",
      outcome: "unhealthy",
      resource: { kind: "Namespace", namespace: "", name: "default" },
      source: { file: expect.stringContaining("a.yaml") },
      evidence: [{ message: "The default namespace runs workloads: 1." }],
    });
    const manifest = inDefault(deployment).replace("metadata: { name: web,", "metadata: { name: web,\n ");
    const { out } = await seawall(["check", "-", ...DEFAULT], manifest);
    expect(out).toMatch(/metadata[.]name +\S+:4$/m);
  });
  it("counts a pod of a dump with its owner, and every workload once", async () => {
    const files = {
      "a.yaml": inDefault(deployment),
      "b.yaml": inDefault(pod("web-1")),
      "c.yaml": inDefault(pod("one", "")),
    };
    const [result] = await told(files, ...DEFAULT);
    expect(result?.evidence[0]?.message).toBe("The default namespace runs workloads: 2.");
  });
  it("is judged once when it is given, too", async () => {
    const results = await told({ "a.yaml": inDefault(deployment), "b.yaml": namespace }, ...DEFAULT);
    expect(results.map(({ outcome, source }) => [outcome, path.basename(source.file)])).toEqual([
      ["unhealthy", "b.yaml"],
    ]);
  });
  it("is not default, or no workload names it: nothing is said", async () => {
    expect(await told({ "a.yaml": deployment }, ...DEFAULT, "--all")).toEqual([]);
    expect(await told({ "a.yaml": deployment.replace("namespace: shop, ", "") }, ...DEFAULT, "--all")).toEqual([]);
    expect(await told({ "a.yaml": inDefault(budget) }, ...DEFAULT, "--all")).toEqual([]);
  });
  it("is judged by nothing that asks more than its name, and unknown in nothing", async () => {
    const results = await told({ "a.yaml": inDefault(deployment) }, "--all");
    const said = results.filter(({ resource }) => resource.kind === "Namespace");
    expect(said.map(({ control }) => control)).toEqual(["SW-0018"]);
  });
});

describe("a role that grows by the labels of others", () => {
  const part = (resource: string): string =>
    `kind: ClusterRole\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: { name: part, labels: { grows: "yes" } }\nrules: [{ apiGroups: [""], resources: [${resource}], verbs: [list] }]\n`;
  const whole = `kind: ClusterRole\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: { name: whole }\naggregationRule: { clusterRoleSelectors: [{ matchLabels: { grows: "yes" } }] }\nrules: []\n`;
  const bound = (subject: string, kind = "ClusterRoleBinding", namespace = ""): string =>
    `kind: ${kind}\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: { name: b${namespace === "" ? "" : `, namespace: ${namespace}`} }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: whole }\nsubjects: [{ kind: Group, name: "${subject}" }]\n`;
  const outcomes = async (controls: string, ...files: string[]): Promise<string[]> => {
    const named = Object.fromEntries(files.map((file, index) => [`${index}.yaml`, file]));
    return (await told(named, "--all", "--controls", controls)).map(({ control, outcome }) => `${control} ${outcome}`);
  };

  it("grants at least what its parts do, and what it lacks may stand elsewhere", async () => {
    const files = [bound("dev"), whole, part("secrets")];
    expect(await outcomes("SW-0301,SW-0303", ...files)).toEqual(["SW-0301 unhealthy", "SW-0303 not_evaluated"]);
    expect(await outcomes("SW-0301", bound("dev"), whole, part("pods"))).toEqual(["SW-0301 not_evaluated"]);
    expect(await outcomes("SW-0301", bound("dev"), part("secrets"))).toEqual(["SW-0301 not_evaluated"]);
  });
  it("is the lesser finding for everybody, until it is known to grant more", async () => {
    const ids = "anonymous-bound,anonymous-access";
    const signedIn = "power-for-everybody-signed-in,everybody-signed-in-bound";
    const of = async (resource: string) =>
      await outcomes(signedIn, bound("system:authenticated"), whole, part(resource));
    expect((await of("pods")).sort()).toEqual(["SW-0550 not_evaluated", "SW-0551 unhealthy"]);
    expect((await of("secrets")).sort()).toEqual(["SW-0550 unhealthy", "SW-0551 healthy"]);
    const view = bound("system:unauthenticated").replace("name: whole", "name: view");
    for (const elsewhere of [view, bound("system:unauthenticated")])
      expect((await outcomes(ids, elsewhere)).sort()).toEqual(["SW-0022 not_evaluated", "SW-0325 unhealthy"]);
  });
  it("is judged as over the cluster in kube-system, and in another namespace for that alone", async () => {
    const within = async (namespace: string): Promise<string[]> =>
      await outcomes("SW-0301,SW-0484,SW-0485", bound("dev", "RoleBinding", namespace), whole, part("secrets"));
    const both = ["SW-0301 unhealthy", "SW-0484 healthy", "SW-0485 healthy"];
    expect((await within("kube-system")).sort()).toEqual(both);
    expect((await within("shop")).sort()).toEqual(["SW-0301 healthy", "SW-0484 unhealthy", "SW-0485 not_evaluated"]);
  });
  it("holds none of the rules that a file writes into it: Kubernetes overwrites them", async () => {
    const rules = (resource: string, verb: string) =>
      `rules: [{ apiGroups: [""], resources: ["${resource}"], verbs: ["${verb}"] }]`;
    const own = whole.replace("rules: []", rules("secrets", "list"));
    expect(await outcomes("SW-0301", bound("dev"), own, part("pods"))).toEqual(["SW-0301 not_evaluated"]);
    expect(await outcomes("SW-0301", bound("dev"), own, part("secrets"))).toEqual(["SW-0301 unhealthy"]);
    // Nor does what selects it get them.
    const inner = own.replace("name: whole", `name: inner, labels: { wide: "yes" }`);
    const outer = whole.replace(`grows: "yes"`, `wide: "yes"`);
    expect(await outcomes("SW-0301", bound("dev"), outer, inner, part("pods"))).toEqual(["SW-0301 not_evaluated"]);
    expect(await outcomes("SW-0301", bound("dev"), outer, inner, part("secrets"))).toEqual(["SW-0301 unhealthy"]);
    // What it is written with is judged where it is written: which rules it will hold is not known.
    const wild = whole.replace("rules: []", rules("*", "*"));
    const [every, urls] = ["SW-0011", "SW-0335"];
    expect(await outcomes(`${every},${urls}`, wild)).toEqual([`${every} not_evaluated`, `${urls} not_evaluated`]);
    expect(await outcomes(every, whole, part("'*'"))).toEqual([`${every} not_evaluated`, `${every} unhealthy`]);
    expect(await outcomes(every, wild.replace(/aggregationRule:.*\n/, ""))).toEqual([`${every} unhealthy`]);
  });
  it("is not known at all when it can't be read by which labels", async () => {
    for (const selectors of ["[{ matchLabels: { grows: true } }]", "[text]"]) {
      const broken = whole.replace(/clusterRoleSelectors: .* \}/, `clusterRoleSelectors: ${selectors} }`);
      expect(broken).toContain(selectors);
      const said = await outcomes("SW-0010,SW-0301", bound("dev"), broken, part("secrets"));
      expect(said.sort()).toEqual(["SW-0010 not_evaluated", "SW-0301 not_evaluated"]);
    }
  });
  it("is known no better when there are too many of them to follow", async () => {
    const many = Array.from({ length: 120 }, (_, at) => whole.replace("name: whole", `name: whole-${at}`));
    const empty = `kind: List\napiVersion: v1\nitems:\n${many.map((role) => `- ${role.trim().replaceAll("\n", "\n  ")}`).join("\n")}\n`;
    expect(new Set(await outcomes("SW-0011", empty))).toEqual(new Set(["SW-0011 not_evaluated"]));
  });
});
