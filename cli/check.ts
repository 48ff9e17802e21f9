import type { Readable } from "node:stream";
import { reduceConfigMap } from "@/domain/inventory/config-map/reduced";
import { groupOf } from "@/domain/inventory/schema";
import type { Subject } from "@/domain/posture/schema";
import { type Document, readDocuments } from "./documents";
import { certainFacts, type FileFacts } from "./facts";
import { namedNamespaces } from "./named-namespace";
import { type Given, tellsOfOthers, unpack, wordOf } from "./objects";
import { topmost } from "./owned";
import { SecondReader } from "./second-reader";
import { type Found, findSources, OPENING, type Problem, readSource, type Source } from "./sources";
import { type Asked, type Place, Tally } from "./tally";

/** Reads everything, then judges every topmost object by every control of its kind. */
export async function check(paths: readonly string[], stdin: Readable, asked: Asked): Promise<Tally> {
  const tally = new Tally(asked);
  const given = await readAll(paths, stdin, tally);
  if (given.length === 0 && tally.problems.length === 0) {
    tally.problems.push({ file: paths.join(", "), message: "nothing to judge: no Kubernetes object was found." });
  }
  nameUnjudged(given, tally);
  // What is judged is let go: the results of thousands of objects take the room of the objects.
  const left = judgeable(given.splice(0), asked.version).reverse();
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { place, named, between, ...subject } = next;
    if (named) tally.judgeNamed(subject, place);
    else tally.judge(subject, place, between);
  }
  return tally;
}

async function readAll(paths: readonly string[], stdin: Readable, tally: Tally): Promise<Given[]> {
  const given: Given[] = [];
  const found = [...findSources(paths)];
  const files = found.flatMap((one) => ("named" in one ? [one.file] : []));
  const second = new SecondReader(files, tally.asked.lines);
  for (const one of found) {
    if ("message" in one) tally.problems.push(one);
    else if ("skipped" in one) tally.passedOver.push(`${one.file}: passed over, ${one.skipped}`);
    else {
      const documents = await second.next();
      if (documents !== null) tally.problems.push(...takeDocuments(one, documents, tally, given));
      else await takeSource(one, stdin, tally, given);
    }
  }
  return given;
}

/** Kinds that no control judges which are named one by one. */
const MAX_UNJUDGED = 20;

/** Names the kinds that were given and are judged by no control: one of them may be mistyped, and its object a workload. */
function nameUnjudged(given: readonly Given[], tally: Tally): void {
  const amounts = new Map<string, number>();
  for (const { object } of given) {
    if (wordOf(object) !== null) continue;
    const what = `${object.apiVersion} ${object.kind}`;
    amounts.set(what, (amounts.get(what) ?? 0) + 1);
  }
  if (amounts.size === 0) return;
  const named = [...amounts].slice(0, MAX_UNJUDGED).map(([what, amount]) => `${amount} ${what}`);
  const more = amounts.size - named.length;
  const rest = more > 0 ? `, and ${more} more kinds` : "";
  tally.passedOver.push(`not judged, since no control knows the kind: ${named.join(", ")}${rest}.`);
}

/** Something to be judged, where it was written, and whether the files only name it. */
type Judgeable = Subject & Pick<FileFacts, "between"> & { place: Place; named?: true };

/** The topmost objects that a control may judge, in order, and the namespaces of workloads, with their facts and where they were written. */
function judgeable(given: readonly Given[], version: string | undefined): Judgeable[] {
  const top = topmost(given);
  const telling = top.filter(({ object }) => tellsOfOthers(object)).map(({ object }) => object);
  const factsOf = certainFacts(telling, version);
  const subjectOf = ({ object, ...written }: Given): Judgeable[] => {
    const appliesTo = wordOf(object);
    if (appliesTo === null) return [];
    const { apiVersion, kind, metadata } = object;
    const resource = { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name };
    const key = { apiGroup: groupOf(apiVersion), kind, namespace: resource.namespace, name: metadata.name };
    // Of a ConfigMap nothing goes on but its keys and what their values look like.
    const judged = appliesTo === "ConfigMap" ? reduceConfigMap(object) : object;
    const { certain, between } = factsOf(object);
    return [{ key, appliesTo, object: judged, facts: { ...certain }, between, place: { resource, ...written } }];
  };
  const named = namedNamespaces(top).flatMap(subjectOf);
  return [...top.flatMap(subjectOf), ...named.map((subject) => ({ ...subject, named: true as const }))];
}

/** For reports that tell a document's line only: nothing holds its text any longer. */
const NO_LINES = { of: () => undefined };

/** What only Helm's templates hold. */
const HELM = /\{\{-?\s*[^}]*(\.Values\b|\.Release\.|\.Chart\.|\b(include|template|define)\s+")/;
const BRACES = /\{\{[^}]*\}\}/;

/** The problem of a text that is a template: nobody can say what it will be. `broken`: it can't be read as it is. */
function templateProblem({ file, text }: Source, broken: boolean): Problem | null {
  if (!text.includes(OPENING)) return null;
  const [pattern, what] = HELM.test(text)
    ? [HELM, "looks like an unrendered Helm template: run helm template, and check its output."]
    : [BRACES, "holds {{ }}, so it looks like a template: render it, and check what comes out."];
  const at = text.search(pattern);
  if (at < 0 || (pattern === BRACES && !broken)) return null;
  return { file, line: text.slice(0, at).split("\n").length, message: what };
}

async function takeSource(found: Found, stdin: Readable, tally: Tally, given: Given[]): Promise<void> {
  const source = await readSource(found, stdin);
  if ("message" in source) {
    tally.problems.push(source);
    return;
  }
  const problems = takeDocuments(source, readDocuments(source, tally.asked.lines), tally, given);
  const template = templateProblem(source, problems.length > 0);
  // One whose braces stand in texts only is judged where it can be read.
  if (template !== null) tally.problems.push(template);
  else for (const problem of problems) tally.problems.push(problem);
}

/** Takes the objects out of the documents of a file, and gives what is wrong with it. */
function takeDocuments(
  { file, named }: Found,
  documents: Iterable<Document | Problem>,
  tally: Tally,
  given: Given[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const before = tally.documents;
  for (const document of documents) {
    tally.documents += 1;
    if ("message" in document) {
      problems.push(document);
      continue;
    }
    const { line } = document;
    const unpacked = unpack(document, tally.asked.version);
    for (const one of unpacked.objects) given.push(tally.asked.lines ? one : { ...one, lines: NO_LINES });
    problems.push(...unpacked.problems);
    if (unpacked.skipped !== null) tally.passedOver.push(`${file}:${line}: passed over, ${unpacked.skipped}`);
    if (!unpacked.foreign) continue;
    if (named) {
      problems.push({ file, line, message: `document ${document.document}: is no Kubernetes object.` });
    } else tally.passedOver.push(`${file}: passed over, no Kubernetes object`);
  }
  if (named && tally.documents === before) problems.push({ file, message: "holds no documents." });
  return problems;
}
