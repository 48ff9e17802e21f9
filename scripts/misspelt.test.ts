import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadControls } from "@/domain/posture/load";
import { benchmarkFaults, controlFaults, readContent } from "./content";
import { docFaults } from "./docs";

const root = path.join(import.meta.dirname, "..");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-misspelt-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a copy of a file with one change, and says on which line that is. */
function changed(source: string, to: string, from: string | RegExp, by: string): number {
  const text = readFileSync(path.join(root, source), "utf8");
  const next = text.replace(from, () => by);
  expect(next, `${source} holds ${String(from)}`).not.toBe(text);
  writeFileSync(to, next);
  const lines = text.split("\n");
  return next.split("\n").findIndex((line, at) => line !== lines[at]) + 1;
}

const CLUSTER = "clusters/local-accounts-enabled.yaml";
const POD = "containers/privileged-container.yaml";
const BUDGET = "hygiene/no-disruption-budget.yaml";

describe("of a control, what is misspelt is told with its line and what was meant", () => {
  it.each<[file: string, from: string | RegExp, by: string, said: string]>([
    // Its expression.
    [
      CLUSTER,
      "violates: object.identity.localAccounts",
      "violates: object.identity.localAcounts",
      "Did you mean localAccounts?",
    ],
    [CLUSTER, "violates: object.id", "violates: object.?ide", "Did you mean identity?"],
    // Its patch.
    [POD, "privileged: false", "priviledged: false", "Did you mean privileged?"],
    [
      CLUSTER,
      "violates: object.identity.localAccounts",
      "violates: has(object.idenity.localAccounts)",
      "Did you mean identity?",
    ],
    [
      CLUSTER,
      "violates: object.identity.localAccounts",
      "violates: object.identity[?'localAcounts'].orValue(false)",
      "Did you mean localAccounts?",
    ],
    [
      CLUSTER,
      "violates: object.identity.localAccounts",
      "violates: cel.bind(i, cluster.identity, i.localAcounts)",
      "Did you mean localAccounts?",
    ],
    [
      CLUSTER,
      "violates: object.identity.localAccounts",
      "violates: object.nodePools.exists(i, p, p.autoReapir)",
      "Did you mean autoRepair?",
    ],
    [
      CLUSTER,
      "violates: object.identity.localAccounts",
      "violates: facts.rules.exists(r, r.verb == [])",
      "Did you mean verbs?",
    ],
    ["clusters/node-ssh-enabled.yaml", "nodePool.sshAccess", "nodePool.shhAccess", "Did you mean sshAccess?"],
    [
      "clusters/no-posture-scanning.yaml",
      "object.security.postureScanning",
      "object.security.postureScaning",
      "Did you mean postureScanning?",
    ],
    [
      "kubelets/kubelet-anonymous-auth.yaml",
      "violates: object.settings",
      "violates: object.setings",
      "Did you mean settings?",
    ],
    [
      "hygiene/config-map-holds-secret.yaml",
      "entry.shape.matches(params.shapes)",
      "entry.shap.matches(params.shapes)",
      "Did you mean shape?",
    ],
    [POD, "container.?securityContext", "container.?securtyContext", "Did you mean securityContext?"],
    [BUDGET, "params.replicas", "params.replcas", "Did you mean replicas?"],
    [BUDGET, "facts.budget.matches", "facts.budgets.matches", "Did you mean budget?"],
    // Its message and its patch.
    [
      CLUSTER,
      "{{object.name}}",
      "{{object.nmae}}",
      "message: {{object.nmae}}: nmae is not known here. Did you mean name?",
    ],
    [CLUSTER, "{{object.name}}", "{{object.name}", "is no placeholder"],
    [CLUSTER, "{{object.name}}", "{{object-name}}", "is no placeholder"],
    [POD, "{{container.name}}", "{{contaner.name}}", "Did you mean container?"],
    [BUDGET, "{{object.spec.replicas}}", "{{object.spec.replcas}}", "Did you mean replicas?"],
    [BUDGET, "{{object.spec.selector", "{{object.spec.selecter", "Did you mean selector?"],
    [BUDGET, "{{object.spec.selector", "{{objct.spec.selector", "Did you mean object?"],
    // Its fields and their values.
    [CLUSTER, "severity: high", "severity: hgh", "Did you mean high?"],
    [CLUSTER, "scoreGroup: access-and", "scoreGroup: acess-and", "Did you mean access-and-permissions?"],
    [CLUSTER, "maturity: stable", "maturity: stabel", "Did you mean stable?"],
    [CLUSTER, "appliesTo: { resources", "appliesTo: { resorces", "Did you mean resources?"],
    [CLUSTER, "[ManagedCluster]", "[ManagedClustr]", "Did you mean ManagedCluster?"],
    [CLUSTER, "[ManagedCluster] }", "[ManagedCluster], distributions: [asks] }", "Did you mean aks?"],
    [POD, "forEach: container", "forEach: contaner", "Did you mean container?"],
    [CLUSTER, "message: Cluster", "mesage: Cluster", "there is no field mesage. Did you mean message?"],
    [CLUSTER, "id: SW-0102", "id: SW-102", "looks like SW-0123"],
    [CLUSTER, "id: SW-0102", "id: SW-0374", "SW-0374 is already used by"],
    [CLUSTER, "severity: high", "severity: high\nseverity: low", "Map keys must be unique"],
    [CLUSTER, "rationale: >", "rationale: >\n\t x", "must be indented"],
    [BUDGET, "params:", "parms:", "Did you mean params?"],
    [BUDGET, "params:\n", "params:\n  replica: 1\n", "nothing reads replica."],
    [BUDGET, "params:\n", "params:\n  'a[': 1\n", "nothing reads a[."],
    // What begins with an asterisk is an alias, whether there is what it stands for or not.
    [CLUSTER, "effort: medium", "effort: *medium", "*medium is an alias, which is not taken"],
    // What is to be done.
    [CLUSTER, "effort: medium", "effort: medum", "Did you mean medium?"],
    [CLUSTER, "    aks: Give", "    akss: Give", "remediation.steps: there is no field akss. Did you mean aks?"],
    [CLUSTER, "  cli:\n    aks:", "  cli:\n    asks:", "Did you mean aks?"],
    [CLUSTER, "terraform:", "terrafrom:", "Did you mean terraform?"],
    [CLUSTER, "--name CLUSTER --disable", "--name CLUSTR --disable", "nothing fills in CLUSTR. Did you mean CLUSTER?"],
    [CLUSTER, "  A shared client", "  TODO: A shared client", "rationale: holds TODO: finish it."],
    [CLUSTER, "AWS tells of it.", "AWS tells of it", "rationale: end with a full stop."],
    [CLUSTER, "https://docs.aws", "htps://docs.aws", "is not https."],
    // Its examples.
    [CLUSTER, "localAccounts: true }", "localAcounts: true }", "Did you mean localAccounts?"],
    [
      CLUSTER,
      "distribution: aks, name: prod, identity: { localAccounts: false",
      "distribution: ask, name: prod, identity: { localAccounts: false",
      "Did you mean aks?",
    ],
    [
      CLUSTER,
      "evidence: [identity.localAccounts]",
      "evidence: [identity.localAcounts]",
      "its evidence should be identity.localAcounts, and is identity.localAccounts.",
    ],
    [CLUSTER, "evidence: [", "evidance: [", "Did you mean evidence?"],
    [CLUSTER, "class: absent", "class: absnt", "Did you mean absent?"],
    [CLUSTER, "  unknown:", "  unkown:", "Did you mean unknown?"],
    [POD, "kind: Pod", "kindd: Pod", "there is no kind. Did you mean kind by kindd?"],
    [POD, "kind: Pod", "kind: Podd", "the control judges no Podd. Did you mean Pod?"],
    [POD, "spec: { containers", "spec: { contaners", "Did you mean containers?"],
    ["pods/host-path-volume.yaml", "volumes: [{ name: tmp", "volums: [{ name: tmp", "Did you mean volumes?"],
    [
      "hygiene/api-version-removed.yaml",
      "kind: Deployment",
      "kind: Deploymnt",
      "Deploymnt is not known. Did you mean Deployment?",
    ],
    [BUDGET, "facts: { budget: none }", "facts: { budgt: none }", "Did you mean budget?"],
    [BUDGET, "facts: { budget: none }", "cluster: { nmae: a }, facts: { budget: none }", "Did you mean name?"],
    [BUDGET, "facts: { budget: none }", "params: { replcas: 1 }, facts: { budget: none }", "Did you mean replicas?"],
    [
      BUDGET,
      "facts: { budget: allows }",
      "facts: { budget: allows }, evidence: [spec]",
      "only an example in `fail` has evidence.",
    ],
    [BUDGET, "facts: { budget: allows }", "facts: { budget: none }", "it should be healthy, and is unhealthy"],
  ])("%s: %s, written %s", (source, from, by, said) => {
    const within = mkdtempSync(path.join(folder, "controls-"));
    const name = path.basename(source);
    const controls = path.join("domain", "posture", "controls");
    // Another control, whose id and name are taken.
    const other = "kubelet-anonymous-auth.yaml";
    if (name !== other) cpSync(path.join(root, controls, "kubelets", other), path.join(within, other));
    const line = changed(path.join(controls, source), path.join(within, name), from, by);
    const faults = controlFaults(readContent(within)).map((fault) => fault.replaceAll(`${within}/`, ""));
    expect(faults.join("\n")).toContain(said);
    for (const fault of faults) expect(fault).toMatch(new RegExp(`^${name}:${line}: `));
  });
});

it("a setting that is written wrong wherever it stands is no setting of a kubelet", () => {
  const within = mkdtempSync(path.join(folder, "settings-"));
  const source = path.join("domain", "posture", "controls", "kubelets", "kubelet-read-only-port.yaml");
  changed(
    source,
    path.join(within, path.basename(source)),
    /^.*$/s,
    readFileSync(path.join(root, source), "utf8").replaceAll("readOnlyPort", "readonlyPort"),
  );
  const faults = controlFaults(readContent(within));
  expect(faults.length).toBeGreaterThan(1);
  for (const fault of faults) expect(fault).toMatch(/:\d+: .*readonlyPort.* Did you mean readOnlyPort\?/);
});

it.each(["cel.bind(p, params, p.replicas)", "(size(params) + 1)", "params['replicas']", "params.?replicas.orValue(2)"])(
  "a parameter is read by %s",
  (expression) => {
    const within = mkdtempSync(path.join(folder, "params-"));
    const source = path.join("domain", "posture", "controls", BUDGET);
    changed(source, path.join(within, path.basename(BUDGET)), "params.replicas", expression);
    expect(controlFaults(readContent(within))).toEqual([]);
  },
);

describe("of a benchmark, what is misspelt is told with its line and what was meant", () => {
  const AKS = "cis-aks-1.8.yaml";
  const CIS = "cis-kubernetes-2.0.1.yaml";
  const ids = new Set(loadControls().map(({ id }) => id));

  it.each<[file: string, from: string, by: string, said: string]>([
    [AKS, "distributions: [aks]", "distributions: *aks", "*aks is an alias, which is not taken"],
    ["pss-restricted.yaml", "includes: pss-baseline", "includes: pss-base", "Did you mean pss-baseline?"],
    [AKS, "title: CIS", "ttile: CIS", "Did you mean title?"],
    [AKS, "distributions: [aks]", "distributions: [asks]", "Did you mean aks?"],
    [AKS, "controls: [SW-0106]", "controls: [SW-1006]", "SW-1006 is not a control. Did you mean SW-"],
    [AKS, "controls: [SW-0106]", "controls: [SW-106]", "looks like SW-0123"],
    [AKS, "controls: [SW-0106]", "controls: [SW-0106, SW-0106]", "SW-0106 stands here twice."],
    [AKS, "controls: [SW-0106]", "control: [SW-0106]", "Did you mean controls?"],
    [AKS, "controls: [SW-0106]", "controls: [SW-0023]", "SW-0023 is deprecated and judges nothing."],
    [AKS, "controls: [SW-0106]", "controls: [SW-0413]", "SW-0413 is for eks only, the benchmark for aks."],
    [AKS, "facts: [nodePools.name,", "facts: [nodePool.name,", "Did you mean nodePools.name?"],
    [AKS, "facts: [listed.ServiceAccount]", "facts: [listed.ServiceAcount]", "Did you mean listed.ServiceAccount?"],
    [AKS, "    manual:\n", "    manaul:\n", "Did you mean manual?"],
    [AKS, "instead: true", "insted: true", "Did you mean instead?"],
    [AKS, "look: On one", "look: TODO On one", "manual.look: holds TODO: finish it."],
    [AKS, 'id: "3.2.2"', 'id: "3.2.1"', "the requirement 3.2.1 stands here twice."],
    [AKS, 'id: "3.2"', 'id: "3.1"', "the section 3.1 stands here twice."],
    [AKS, "about: What", "about: What: [", "Nested mappings"],
    [CIS, "includes: cis-kubernetes-1.12", "includes: cis-kubernetes-1.21", "Did you mean cis-kubernetes-1.12?"],
    [CIS, "previous: cis-kubernetes-1.12", "previous: cis-kubernetes-1.21", "Did you mean cis-kubernetes-1.12?"],
    [
      CIS,
      "previous: cis-kubernetes-1.12\n",
      'previous: cis-kubernetes-1.12\nrenumbered: { "5.1.1": "5.1.77" }\n',
      "has no requirement 5.1.77. Did you mean 5.1.7?",
    ],
    ["pss-restricted.yaml", "hostPathVolumes,", "hostPathVolume,", "Did you mean hostPathVolumes?"],
    // Another one includes it, and is not told of.
    ["pss-baseline.yaml", "title:", "titel:", "Did you mean title?"],
  ])("%s: %s, written %s", (name, from, by, said) => {
    const within = mkdtempSync(path.join(folder, "benchmarks-"));
    const benchmarks = path.join("domain", "benchmark", "benchmarks");
    cpSync(path.join(root, benchmarks), within, { recursive: true });
    const line = changed(path.join(benchmarks, name), path.join(within, name), from, by);
    const faults = benchmarkFaults({ ids, controls: loadControls() }, within).map((fault) =>
      fault.replaceAll(`${within}/`, ""),
    );
    expect(faults.join("\n")).toContain(said);
    for (const fault of faults) expect(fault).toMatch(new RegExp(`^${name}:${line}: `));
  });
});

it("a control that can't be used makes no page stale and is still one that benchmarks may name", () => {
  const within = mkdtempSync(path.join(folder, "bad-"));
  const file = path.join(within, "local-accounts-enabled.yaml");
  changed(path.join("domain", "posture", "controls", CLUSTER), file, "severity: high", "severity: hgh");
  const content = readContent(within);
  expect(content.controls).toEqual([]);
  expect([...content.ids]).toEqual(["SW-0102"]);
  expect(docFaults(content)).toEqual([]);
});
