import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { inspectControls } from "@/domain/posture/load";
import { APPLIES_TO, type AppliesTo, SCORE_GROUP_IDS } from "@/domain/posture/schema";

const USAGE = `npm run new:control -- CATEGORY/NAME [--resource KIND] [--group GROUP]
  CATEGORY   folder of domain/posture/controls: an existing one, or a new one
  NAME       what is wrong, in lower case with hyphens: image-without-digest
  --resource ${APPLIES_TO.join(", ")} (default Workload)
  --group    ${SCORE_GROUP_IDS.join(", ")} (default security-configurations)
`;
const ROOT = path.resolve(import.meta.dirname, "../domain/posture/controls");
const WORD = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The lowest id above all that are used; ids are never used again, so gaps stay. */
export function nextId(ids: readonly string[]): string {
  const last = Math.max(0, ...ids.map((id) => Number(id.slice(3))));
  return `SW-${String(last + 1).padStart(4, "0")}`;
}

/** A control file that is valid as it stands, judges nothing wrongly (`preview` is not scored), and says at each place what to write. */
export function scaffold(id: string, name: string, resource: AppliesTo, group: string): string {
  const title = name.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());
  const cloud = resource === "ManagedCluster";
  const pod = resource === "Workload";
  // Of a ConfigMap its data are judged by `forEach: entry`.
  const plain = cloud || resource === "ConfigMap";
  const head = cloud ? "{ distribution: aks, name: prod" : `{ kind: ${pod ? "Pod" : resource}`;
  // A fact that stands for yours: those of a cluster are known, and others are refused.
  const cloudly: Readonly<Record<string, string>> = { "1": "false", "2": "true" };
  const of = (value: string): string =>
    cloud
      ? `${head}, security: { alphaFeatures: ${cloudly[value] ?? value} } }`
      : plain
        ? `${head}, metadata: { name: web, example: ${value} } }`
        : `${head}, metadata: { name: web }, spec: { example: ${value} } }`;
  const without = cloud ? `${head} }` : `${head}, metadata: { name: web }, spec: {} }`;
  const violates = cloud
    ? "object.security.alphaFeatures"
    : `${plain ? "object.metadata.example" : "spec.example"} > 1`;
  return `id: ${id}
name: ${name}
# One sentence without a full stop: how it should be.
title: "TODO: ${title}"
scoreGroup: ${group}
severity: medium # critical, high, medium, low
maturity: preview # stable once its verdicts were looked at on real clusters; preview is shown and not scored
appliesTo: { resources: [${resource}] }
# Why it matters, to whom, and what an attacker gains: two or three sentences of your own.
rationale: >
  TODO: say why it matters.
# One CEL predicate; true means unhealthy. Give a default with .?x.orValue(…) only where the Kubernetes API has one.
violates: ${violates}
# params: { most: 1 }
message: "TODO: name the thing ({{object.${cloud ? "name" : "metadata.name"}}}) and what is wrong with it."
remediation:
  effort: low # low, medium, high
  impact: "TODO: say what may break when it is fixed."
  steps: "TODO: say what to do; by distribution where it differs."
references: []
examples:
  pass:
    - name: as it should be
      resource: ${of("1")}
  fail:
    - name: as it should not be
      resource: ${of("2")}
  unknown:
    - name: what it needs is not there
      class: absent
      resource: ${without}
    - name: all is left out that may be left out
      class: default-omitted
      resource: ${without}
    - name: null stands in its place
      class: "null"
      resource: ${of("null")}
    - name: a text stands in its place
      class: wrong-type
      resource: ${of("two")}
`;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}`);
  process.exit(2);
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { resource: { type: "string" }, group: { type: "string" } },
  });
  const [category = "", name = "", ...more] = (positionals[0] ?? "").split("/");
  if (positionals.length !== 1 || more.length > 0 || !WORD.test(category) || !WORD.test(name))
    fail("Say CATEGORY/NAME.");
  const wanted = values.resource ?? "Workload";
  const resource = APPLIES_TO.find((word) => word === (isWorkloadKind(wanted) ? "Workload" : wanted));
  if (resource === undefined) fail(`No control judges a ${wanted}.`);
  const group = SCORE_GROUP_IDS.find((id) => id === (values.group ?? "security-configurations"));
  if (group === undefined) fail(`There is no group ${values.group}.`);
  const { controls } = inspectControls(ROOT);
  const taken = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).some(
    (file) => path.basename(file) === `${name}.yaml`,
  );
  if (taken) fail(`${name} exists already.`);
  const file = path.join(ROOT, category, `${name}.yaml`);
  if (!existsSync(path.dirname(file))) mkdirSync(path.dirname(file));
  const id = nextId(controls.map((control) => control.id));
  writeFileSync(file, scaffold(id, name, resource, group), { flag: "wx" });
  const shown = path.relative(process.cwd(), file);
  process.stdout.write(
    `${shown}: ${id}. Fill in every TODO, which npm run verify names, then:\n  npx seawall control test ${shown}\n  npm run docs\n`,
  );
}
