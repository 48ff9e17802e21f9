import type { Readable } from "node:stream";
import { assess, controlsByKind } from "@/domain/posture/engine";
import type { Assessment, Control, Outcome, Severity } from "@/domain/posture/schema";
import { readDocuments } from "./documents";
import { certainFacts } from "./facts";
import { type Given, groupOf, unpack, wordOf } from "./objects";
import { topmost } from "./owned";
import { type Problem, readSources, type Source } from "./sources";

/** One control on one resource, as it is printed. */
export interface Result {
  control: string;
  name: string;
  severity: Severity;
  outcome: Outcome;
  /** Why it was not evaluated; null otherwise. */
  reason: string | null;
  resource: { apiVersion: string; kind: string; namespace: string; name: string };
  source: { file: string; document: number; line: number };
  evidence: { path: string; message: string }[];
}
export interface Checked {
  documents: number;
  resources: number;
  results: Result[];
  problems: Problem[];
  /** What was left alone, as lines for people: `FILE: passed over, …`. */
  passedOver: string[];
}

/** Reads everything, then judges every topmost object by every control of its kind. */
export async function check(paths: readonly string[], stdin: Readable, controls: readonly Control[]): Promise<Checked> {
  const checked: Checked = { documents: 0, resources: 0, results: [], problems: [], passedOver: [] };
  const given: Given[] = [];
  for await (const source of readSources(paths, stdin)) {
    if ("message" in source) checked.problems.push(source);
    else if ("skipped" in source) checked.passedOver.push(`${source.file}: passed over, ${source.skipped}`);
    else for (const one of readSource(source, checked)) given.push(one);
  }
  if (given.length === 0 && checked.problems.length === 0) {
    checked.problems.push({ file: paths.join(", "), message: "nothing to judge: no Kubernetes object was found." });
  }
  const factsOf = certainFacts(given.filter(({ object }) => wordOf(object) !== null).map(({ object }) => object));
  const byKind = controlsByKind(controls);
  for (const { object, source } of topmost(given)) {
    const appliesTo = wordOf(object);
    if (appliesTo === null) continue;
    const { apiVersion, kind, metadata } = object;
    const resource = { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name };
    const key = { apiGroup: groupOf(apiVersion), kind, namespace: resource.namespace, name: metadata.name };
    const facts = { ...factsOf(object) };
    let applied = 0;
    for (const control of byKind.get(appliesTo) ?? []) {
      const { id, name, severity } = control;
      const assessment = assess(control, { key, appliesTo, object, facts });
      const { outcome, reason, evidence } = told(assessment);
      checked.results.push({ control: id, name, severity, outcome, reason, resource, source, evidence });
      if (outcome !== "not_applicable") applied = 1;
    }
    checked.resources += applied;
  }
  return checked;
}

/** What only Helm's templates hold. */
const HELM = /\{\{-?\s*[^}]*(\.Values\b|\.Release\.|\.Chart\.|\b(include|template|define)\s+")/;
const BRACES = /\{\{[^}]*\}\}/;

/** The problem of a text that is a template: nobody can say what it will be. `broken`: it can't be read as it is. */
function templateProblem({ file, text }: Source, broken: boolean): Problem | null {
  const [pattern, what] = HELM.test(text)
    ? [HELM, "looks like an unrendered Helm template: run helm template, and check its output."]
    : [BRACES, "holds {{ }}, so it looks like a template: render it, and check what comes out."];
  const at = text.search(pattern);
  if (at < 0 || (pattern === BRACES && !broken)) return null;
  return { file, line: text.slice(0, at).split("\n").length, message: what };
}

function readSource(source: Source, checked: Checked): Given[] {
  const objects: Given[] = [];
  const problems: Problem[] = [];
  let documents = 0;
  for (const document of readDocuments(source)) {
    documents += 1;
    if ("message" in document) {
      problems.push(document);
      continue;
    }
    const { file, line } = document;
    const unpacked = unpack(document);
    for (const object of unpacked.objects) objects.push(object);
    problems.push(...unpacked.problems);
    if (unpacked.skipped !== null) checked.passedOver.push(`${file}:${line}: passed over, ${unpacked.skipped}`);
    if (!unpacked.foreign) continue;
    if (source.named) {
      problems.push({ file, line, message: `document ${document.document}: apiVersion and kind are missing.` });
    } else checked.passedOver.push(`${file}: passed over, no Kubernetes object`);
  }
  checked.documents += documents;
  if (source.named && documents === 0) problems.push({ file: source.file, message: "holds no documents." });
  const template = templateProblem(source, problems.length > 0);
  if (template !== null) {
    checked.problems.push(template);
    // One whose braces stand in texts only is judged where it can be read.
    return objects;
  }
  for (const problem of problems) checked.problems.push(problem);
  return objects;
}

function told(assessment: Assessment): Pick<Result, "outcome" | "reason" | "evidence"> {
  const { outcome } = assessment;
  if (outcome === "unhealthy") return { outcome, reason: null, evidence: assessment.evidence };
  if (outcome !== "not_evaluated") return { outcome, reason: null, evidence: [] };
  return { outcome, reason: assessment.reason, evidence: [{ path: "", message: assessment.message }] };
}
