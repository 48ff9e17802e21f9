import type { Readable } from "node:stream";
import { type Document, readDocuments } from "./documents";
import { type Given, unpack } from "./objects";
import { type Found, OPENING, type Problem, readSource, type Source } from "./sources";

/** What a file holds. `documents`: how many, objects or not. `passedOver`: what was left alone, as lines for people. */
export interface Taken {
  objects: Given[];
  documents: number;
  problems: Problem[];
  passedOver: string[];
}

/** Reads a file, or standard input for `-`. `lines`: reports will ask in which line something stands. */
export async function takeSource(found: Found, stdin: Readable, lines: boolean): Promise<Taken> {
  const source = await readSource(found, stdin);
  if ("message" in source) return { objects: [], documents: 0, problems: [source], passedOver: [] };
  const taken = takeDocuments(source, readDocuments(source, lines), lines);
  const template = templateProblem(source, taken.problems.length > 0);
  // One whose braces stand in texts only is judged where it can be read.
  return template === null ? taken : { ...taken, problems: [template] };
}

/** Takes the objects out of the documents of a file. */
export function takeDocuments({ file, named }: Found, documents: Iterable<Document | Problem>, lines: boolean): Taken {
  const taken: Taken = { objects: [], documents: 0, problems: [], passedOver: [] };
  for (const document of documents) {
    taken.documents += 1;
    if ("message" in document) {
      taken.problems.push(document);
      continue;
    }
    const { line } = document;
    const unpacked = unpack(document);
    for (const one of unpacked.objects) taken.objects.push(lines ? one : { ...one, lines: NO_LINES });
    taken.problems.push(...unpacked.problems);
    if (unpacked.skipped !== null) taken.passedOver.push(`${file}:${line}: passed over, ${unpacked.skipped}`);
    if (!unpacked.foreign) continue;
    if (named) {
      taken.problems.push({ file, line, message: `document ${document.document}: apiVersion and kind are missing.` });
    } else taken.passedOver.push(`${file}: passed over, no Kubernetes object`);
  }
  if (named && taken.documents === 0) taken.problems.push({ file, message: "holds no documents." });
  return taken;
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
