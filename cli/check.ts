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
  /** Files of a folder that hold something else than Kubernetes objects. */
  passedOver: string[];
}

/** Reads everything, then judges every topmost object by every control of its kind. */
export async function check(paths: readonly string[], stdin: Readable, controls: readonly Control[]): Promise<Checked> {
  const checked: Checked = { documents: 0, resources: 0, results: [], problems: [], passedOver: [] };
  const given: Given[] = [];
  for await (const source of readSources(paths, stdin)) {
    if ("message" in source) checked.problems.push(source);
    else given.push(...readSource(source, checked));
  }
  const factsOf = certainFacts(given.filter(({ object }) => wordOf(object) !== null).map(({ object }) => object));
  const byKind = controlsByKind(controls);
  for (const { object, source } of topmost(given)) {
    const appliesTo = wordOf(object);
    if (appliesTo === null) continue;
    checked.resources += 1;
    const { apiVersion, kind, metadata } = object;
    const resource = { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name };
    const key = { apiGroup: groupOf(apiVersion), kind, namespace: resource.namespace, name: metadata.name };
    const facts = { ...factsOf(object) };
    for (const control of byKind.get(appliesTo) ?? []) {
      const { id, name, severity } = control;
      const assessment = assess(control, { key, appliesTo, object, facts });
      const { outcome, reason, evidence } = told(assessment);
      checked.results.push({ control: id, name, severity, outcome, reason, resource, source, evidence });
    }
  }
  return checked;
}

function readSource(source: Source, checked: Checked): Given[] {
  const objects: Given[] = [];
  let documents = 0;
  let broken = 0;
  for (const document of readDocuments(source)) {
    documents += 1;
    if ("message" in document) {
      checked.problems.push(document);
      broken += 1;
      continue;
    }
    const unpacked = unpack(document);
    objects.push(...unpacked.objects);
    checked.problems.push(...unpacked.problems);
    broken += unpacked.problems.length;
    if (!unpacked.foreign) continue;
    const { file, line } = document;
    if (source.named) {
      checked.problems.push({ file, line, message: `document ${document.document}: apiVersion and kind are missing.` });
      broken += 1;
    } else checked.passedOver.push(file);
  }
  checked.documents += documents;
  if (source.named && documents === 0 && broken === 0) {
    checked.problems.push({ file: source.file, message: "holds no documents." });
  }
  return objects;
}

function told(assessment: Assessment): Pick<Result, "outcome" | "reason" | "evidence"> {
  const { outcome } = assessment;
  if (outcome === "unhealthy") return { outcome, reason: null, evidence: assessment.evidence };
  if (outcome !== "not_evaluated") return { outcome, reason: null, evidence: [] };
  return { outcome, reason: assessment.reason, evidence: [{ path: "", message: assessment.message }] };
}
