import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { seawall } from "./testing";

const root = path.resolve(import.meta.dirname, "..");
const fixture = (name: string): string =>
  path.relative(process.cwd(), path.join(import.meta.dirname, "fixtures", name));

const reportSchema = z.strictObject({
  schema: z.literal("seawall.check/1"),
  summary: z.record(z.string(), z.unknown()),
  results: z.array(
    z.strictObject({
      control: z.string(),
      name: z.string(),
      severity: z.string(),
      outcome: z.string(),
      reason: z.string().nullable(),
      resource: z.strictObject({ apiVersion: z.string(), kind: z.string(), namespace: z.string(), name: z.string() }),
      source: z.strictObject({ file: z.string(), document: z.number(), line: z.number(), item: z.string().optional() }),
      evidence: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    }),
  ),
});
const json = async (args: string[], stdin = "") => {
  const done = await seawall(["check", "--format", "json", ...args], stdin);
  return { ...done, report: reportSchema.parse(JSON.parse(done.out)) };
};
const pod = (more: string, name = "p"): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: a, image: "a:1" }], ${more} }\n`;

/** Controls come and go; these stay what they are. */
const GOLDEN = "SW-0001,SW-0005,SW-0007,SW-0009,SW-0010,SW-0012,SW-0016";

describe("golden output", () => {
  it.each(["shop.yaml", "rbac-list.json", "broken.yaml"])("of %s", async (name) => {
    const text = await seawall(["check", fixture(name), "--controls", GOLDEN]);
    await expect(`${text.out}${text.err}exit ${text.code}\n`).toMatchFileSnapshot(`fixtures/golden/${name}.txt`);
    const { out } = await json([fixture(name), "--controls", GOLDEN]);
    await expect(out).toMatchFileSnapshot(`fixtures/golden/${name}.json`);
  });
});

describe("exit codes", () => {
  it("follow --fail-on", async () => {
    const low = pod("hostPID: false").replace("a:1", "a");
    const clean = low.replace(
      'image: "a"',
      'image: "a", resources: {limits: {cpu: 1, memory: 1Gi}}, securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, seccompProfile: {type: RuntimeDefault}}',
    );
    expect((await seawall(["check", "-"], clean)).code).toBe(0);
    expect((await seawall(["check", "-", "--fail-on", "low"], clean)).code).toBe(1);
    expect((await seawall(["check", "-"], low)).code).toBe(1);
    expect((await seawall(["check", "-", "--fail-on", "critical"], low)).code).toBe(0);
    const unknown = await seawall(["check", "-", "--fail-on-unknown"], clean);
    expect(unknown.code).toBe(1);
    expect(unknown.out).toMatch(/\d+ could not be judged/);
    const some = await seawall(["check", "-", "--controls", "SW-0001,default-service-account-token"], clean);
    expect(some.out).toMatch(/\nNothing to fix in what could be judged\.\n1 could not be judged/);
    const fine = await seawall(["check", "-", "--controls", "SW-0001"], clean);
    expect(fine.out).toMatch(/\nNothing to fix\.\n$/);
  });
  it("1 for a privileged container beside lists left blank", async () => {
    const blank = `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  volumes:\n  initContainers:\n  containers: [{ name: a, image: "a:1", securityContext: { privileged: true } }]\n`;
    expect((await seawall(["check", "-"], blank)).code).toBe(1);
  });
  it.each([
    [[]],
    [["check"]],
    [["check", "x", "--fail-on", "most"]],
    [["check", "x", "--format", "xml"]],
    [["check", "x", "--nope"]],
    [["control", "show"]],
    [["control", "show", "SW-9999"]],
    [["control", "list", "--all"]],
    [["frob"]],
    [["check", "/does/not/exist"]],
    [["control", "list", "--fail-on-unknown"]],
  ])("2 for %j", async (args) => {
    const { code, err } = await seawall(args);
    expect(code).toBe(2);
    expect(err).toMatch(/^seawall: /);
  });
  it("0 for help and the controls", async () => {
    expect((await seawall(["--help"])).code).toBe(0);
    expect((await seawall(["control", "list"])).out.split("\n").length).toBeGreaterThan(24);
    expect((await seawall(["control", "show", "sw-0001"])).out).toContain("privileged-container");
  });
});

describe("reading", () => {
  it("reads YAML 1.1 words as Kubernetes does", async () => {
    const { report } = await json(["-"], pod("hostNetwork: yes, hostPID: on, hostIPC: off"));
    expect(report.results.find(({ name }) => name === "host-network")?.evidence[0]?.path).toBe("spec.hostNetwork");
    const sexagesimal = await json(["-", "--all"], pod("x: 12:30:45, y: 2024-01-01, runtimeClassName: 0o7"));
    expect(sexagesimal.code).not.toBe(2);
  });
  it("gives each document its line, whatever the line ends", async () => {
    const text = `# intro\n---\n${pod("hostPID: true", "one")}--- # next\n\n# more\n${pod("hostPID: true", "two")}`;
    for (const given of [text, text.replaceAll("\n", "\r\n")]) {
      const { report } = await json(["-"], given);
      const lines = new Map(report.results.map(({ resource, source }) => [resource.name, source]));
      expect(lines.get("one")).toEqual({ file: "-", document: 1, line: 3 });
      expect(lines.get("two")).toEqual({ file: "-", document: 2, line: 10 });
    }
  });
  it("leaves out what another object owns, and kinds of other groups", async () => {
    const owned = `${pod("hostPID: true")}`.replace(
      "{ name: p }",
      "{ name: p, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: d, uid: u, controller: true}] }",
    );
    const owner = `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: d }\nspec: { template: { spec: { hostPID: true, containers: [{ name: a, image: "a:1" }] } } }\n`;
    const knative = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: s }\n";
    const { report } = await json(["-"], `${owned}---\n${owner}---\n${knative}`);
    expect(new Set(report.results.map(({ resource }) => resource.kind))).toEqual(new Set(["DaemonSet"]));
    expect((await json(["-"], owned)).report.results.length).toBeGreaterThan(0);
  });
  it("never turns wrong types green", async () => {
    const { report } = await json(["-", "--all"], pod('hostPID: "false", securityContext: 7'));
    const outcomes = new Map(report.results.map(({ name, outcome }) => [name, outcome]));
    expect(outcomes.get("host-processes")).toBe("not_evaluated");
    expect(outcomes.get("container-may-run-as-root")).not.toBe("healthy");
  });
  it("uses facts of the files only where more files could not change them", async () => {
    const outcomeOf = async (name: string, ...files: string[]) => {
      const { report } = await json(["-", "--all"], files.join("---\n"));
      return report.results.find((result) => result.name === name && result.resource.kind !== "Role")?.outcome;
    };
    const app = `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: ns, labels: { app: p } }\nspec: { serviceAccountName: s, automountServiceAccountToken: true, containers: [{ name: a, image: "a:1" }] }\n`;
    const role = (verb: string, resource: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r }\nrules: [{ apiGroups: [""], resources: [${resource}], verbs: [${verb}] }]\n`;
    const binding = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r }\nsubjects: [{ kind: ServiceAccount, name: s, namespace: ns }]\n`;
    const secrets = "workload-reads-all-secrets";
    expect(await outcomeOf(secrets, app)).toBe("not_evaluated");
    expect(await outcomeOf(secrets, app, binding, role("create", "pods"))).toBe("not_evaluated");
    expect(await outcomeOf(secrets, app, binding, role("get, list", "secrets"))).toBe("unhealthy");
    expect(await outcomeOf(secrets, app.replace("Token: true", "Token: false"))).toBe("healthy");
    const service = (type: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: p, namespace: ns }\nspec: { type: ${type}, selector: { app: p } }\n`;
    const policy = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: d, namespace: ns }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n`;
    const exposed = "exposed-workload-without-policy";
    expect(await outcomeOf(exposed, app, service("LoadBalancer"))).toBe("not_evaluated");
    expect(await outcomeOf(exposed, app, service("ClusterIP"))).toBe("not_evaluated");
    expect(await outcomeOf(exposed, app, service("LoadBalancer"), policy)).toBe("healthy");
  });
  it("takes a workload's reach from the files only when no other file could add what another control asks", async () => {
    const app = `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: ns }\nspec: { serviceAccountName: s, automountServiceAccountToken: true, containers: [{ name: a, image: "a:1" }] }\n`;
    const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r }\nrules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate, bind] }]\n`;
    const binding = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { kind: ClusterRole, name: r }\nsubjects: [{ kind: ServiceAccount, name: s, namespace: ns }]\n`;
    const { report } = await json(["-"], [app, role, binding].join("---\n"));
    const outcome = (name: string) => report.results.find((result) => result.name === name)?.outcome;
    expect(outcome("workload-can-take-over-cluster")).toBe("unhealthy");
    expect(outcome("workload-reads-all-secrets")).toBe("not_evaluated");
    expect(
      report.results.some(({ resource, outcome }) => resource.kind === "ClusterRoleBinding" && outcome === "unhealthy"),
    ).toBe(true);
  });
  it.each<[string, string, RegExp]>([
    [
      "a kind in lower case",
      pod("hostPID: true").replace("kind: Pod", "kind: pod"),
      /kind is "pod"; Kubernetes calls it Pod/,
    ],
    [
      "a workload in a wrong group",
      "apiVersion: v1\nkind: Deployment\nmetadata: { name: d }\nspec: {}\n",
      /apiVersion is "v1"; Kubernetes has Deployment in apps\/v1/,
    ],
    ["a list whose items are a map", "apiVersion: v1\nkind: List\nitems: { a: b }\n", /items is no list/],
    [
      "an OpenShift template",
      "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: { name: t }\nobjects: []\n",
      /nothing to judge[\s\S]*passed over, an OpenShift Template/,
    ],
    [
      "a Helm template",
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n{{- if .Values.a }}\n{{- end }}\n",
      /-:4: looks like an unrendered Helm template: run helm template/,
    ],
    [
      "another template",
      "apiVersion: v1\nkind: Pod\nmetadata: { name: {{ name }} }\n",
      /-:3: holds {{ }}, so it looks like a template/,
    ],
  ])("says what is wrong with %s", async (_what, text, expected) => {
    const { code, err } = await seawall(["check", "-"], text);
    expect(err).toMatch(expected);
    expect(code).toBe(2);
  });
  it("counts what it judged, and braces in texts are no template", async () => {
    const text = `${pod("hostPID: true")}---\napiVersion: v1\nkind: Service\nmetadata: { name: s }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: { a: "{{ $labels.pod }}" }\n`;
    const { report, code } = await json(["-", "--controls", "host-processes,privileged-container"], text);
    expect(report.summary).toMatchObject({ resources: 1, documents: 3, unreadable: 0 });
    expect(code).toBe(1);
  });
  it("a list of 200,000 things that are no objects is named, not a crash", async () => {
    const { code, err } = await seawall(
      ["check", "-"],
      JSON.stringify({ apiVersion: "v1", kind: "List", items: Array(200_000).fill(1) }),
    );
    expect(code).toBe(2);
    expect(err).toContain("199980 more items can't be read");
    expect(err.split("\n").length).toBeLessThan(30);
  });
  it("shows names that could steer a terminal harmless", async () => {
    const { out } = await seawall(["check", "-"], pod("hostPID: true", '"p\\e[2J"'));
    expect(out).not.toContain("\u001b");
  });
});

describe("hostile input", () => {
  const levels = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(", ")}]`);
  it.each([
    ["alias bomb", `l0: &l0 [x]\n${levels.join("\n")}\n`],
    ["endless nesting", `a: ${"[".repeat(20_000)}`],
    ["deep JSON", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`],
    ["itself inside itself", "a: &a { b: *a }\n"],
    ["a duplicate key", pod("hostPID: true, hostPID: false")],
    ["no object at all", "just a text\n"],
  ])("%s is named, and the next document is judged", async (_name, text) => {
    const { code, err, report } = await json(["-"], `${text}\n---\n${pod("hostPID: true", "after")}`);
    expect(report.results.some(({ resource }) => resource.name === "after")).toBe(true);
    expect(code).toBe(2);
    expect(err).toMatch(/^seawall: -:\d+: /);
  });
});

it("names a key that JSON writes twice, with its line, and no other", async () => {
  const twice =
    '{\n"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},\n"spec": {"hostPID": true,\n"hostPID": false}}';
  const { code, err } = await seawall(["check", "-"], twice);
  expect(code).toBe(2);
  expect(err).toMatch(/^seawall: -:4: document 1: duplicated mapping key/);
  const strange = { 'a\\"': '":"', "": { __proto__x: "\\", b: ["x:", { a: 1 }, []] }, "\u0000": null };
  const whole = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", annotations: strange }, spec: {} };
  for (const space of [0, 2])
    expect((await seawall(["check", "-"], JSON.stringify(whole, null, space))).code).not.toBe(2);
});

it.each([
  ["nothing", Buffer.from("# only a comment\n")],
  ["not UTF-8", Buffer.from([0x61, 0xff, 0xfe])],
  ["endless JSON", Buffer.from(`${"[".repeat(5000)}${"]".repeat(5000)}`)],
])("%s on standard input is unreadable", async (_name, bytes) => {
  expect((await seawall(["check", "-"], bytes)).code).toBe(2);
});

it("names the kinds that nobody judges, so that a mistyped one is seen", async () => {
  const typo = 'apiVersion: a.example/v1\nkind: "Deploymnt\\e[31m"\nmetadata: {name: a}\n';
  const { code, err } = await seawall(["check", "-"], `${pod("hostPID: true")}\n---\n${typo}---\n${typo}`);
  expect(code).toBe(1);
  expect(err).toContain("not judged, since no control knows the kind: 2 a.example/v1 Deploymnt");
  expect(err).not.toContain("\u001b[31m");
});

describe("folders and the launcher", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "seawall-cli-"));
    mkdirSync(path.join(folder, "b"));
    mkdirSync(path.join(folder, ".hidden"));
    writeFileSync(path.join(folder, "b", "pod.yml"), pod("hostPID: true"));
    writeFileSync(path.join(folder, ".hidden", "pod.yaml"), pod("hostPID: true", "hidden"));
    writeFileSync(path.join(folder, "values.yaml"), "replicas: 2\n");
    writeFileSync(path.join(folder, "README.md"), "no manifest");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("walks folders, passing over what is no Kubernetes object", async () => {
    const { code, err, report } = await json([folder]);
    expect(code).toBe(1);
    expect(err).toContain("values.yaml: passed over");
    expect(new Set(report.results.map(({ resource }) => resource.name))).toEqual(new Set(["p"]));
    expect((await seawall(["check", path.join(folder, "values.yaml")])).code).toBe(2);
  });
  it("says what it did not find or did not follow", async () => {
    const empty = path.join(folder, "empty");
    const linked = path.join(folder, "linked");
    mkdirSync(empty);
    mkdirSync(linked);
    symlinkSync(path.join(folder, "b"), path.join(linked, "b"));
    expect(await seawall(["check", empty])).toMatchObject({ code: 2, err: expect.stringContaining("holds no .yaml") });
    const { code, err } = await seawall(["check", linked]);
    expect(err).toContain("a link to a folder");
    expect(code).toBe(2);
    expect((await seawall(["check", path.join(folder, "none.yaml")])).err).toContain("none.yaml: does not exist.");
  });
  it("starts from anywhere, as its own process", () => {
    const launcher = path.join(root, "cli", "seawall.mjs");
    const run = (args: string[], input = "") =>
      spawnSync(process.execPath, [launcher, ...args], { cwd: folder, encoding: "utf8", input });
    expect(run(["--help"])).toMatchObject({ status: 0, stderr: "" });
    expect(run(["check", "-"], pod("hostPID: true"))).toMatchObject({ status: 1, stderr: "" });
    expect(run(["check", "b/pod.yml", "none.yaml"]).status).toBe(2);
  });
});
