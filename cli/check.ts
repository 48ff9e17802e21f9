import type { Readable } from "node:stream";
import { controlsByKind } from "@/domain/posture/engine";
import { readDocuments } from "./documents";
import { certainFacts } from "./facts";
import { type Given, groupOf, unpack, wordOf } from "./objects";
import { topmost } from "./owned";
import { type Problem, readSources, type Source } from "./sources";
import { type Asked, Tally } from "./tally";

/** Reads everything, then judges every topmost object by every control of its kind. */
export async function check(paths: readonly string[], stdin: Readable, asked: Asked): Promise<Tally> {
  const tally = new Tally(asked);
  const given: Given[] = [];
  for await (const source of readSources(paths, stdin)) {
    if ("message" in source) tally.problems.push(source);
    else if ("skipped" in source) tally.passedOver.push(`${source.file}: passed over, ${source.skipped}`);
    else for (const one of readSource(source, tally)) given.push(one);
  }
  if (given.length === 0 && tally.problems.length === 0) {
    tally.problems.push({ file: paths.join(", "), message: "nothing to judge: no Kubernetes object was found." });
  }
  const factsOf = certainFacts(given.filter(({ object }) => wordOf(object) !== null).map(({ object }) => object));
  const byKind = controlsByKind(asked.controls);
  for (const { object, ...place } of topmost(given)) {
    const appliesTo = wordOf(object);
    const controls = appliesTo === null ? undefined : byKind.get(appliesTo);
    if (appliesTo === null || controls === undefined) continue;
    const { apiVersion, kind, metadata } = object;
    const resource = { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name };
    const key = { apiGroup: groupOf(apiVersion), kind, namespace: resource.namespace, name: metadata.name };
    tally.judge({ key, appliesTo, object, facts: { ...factsOf(object) } }, controls, { resource, ...place });
  }
  return tally;
}

/** For reports that tell a document's line only: nothing holds its text any longer. */
const NO_LINES = { of: () => undefined };

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

function readSource(source: Source, tally: Tally): Given[] {
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
    for (const given of unpacked.objects) objects.push(tally.asked.lines ? given : { ...given, lines: NO_LINES });
    problems.push(...unpacked.problems);
    if (unpacked.skipped !== null) tally.passedOver.push(`${file}:${line}: passed over, ${unpacked.skipped}`);
    if (!unpacked.foreign) continue;
    if (source.named) {
      problems.push({ file, line, message: `document ${document.document}: apiVersion and kind are missing.` });
    } else tally.passedOver.push(`${file}: passed over, no Kubernetes object`);
  }
  tally.documents += documents;
  if (source.named && documents === 0) problems.push({ file: source.file, message: "holds no documents." });
  const template = templateProblem(source, problems.length > 0);
  if (template !== null) {
    tally.problems.push(template);
    // One whose braces stand in texts only is judged where it can be read.
    return objects;
  }
  for (const problem of problems) tally.problems.push(problem);
  return objects;
}
