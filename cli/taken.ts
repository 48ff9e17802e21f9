import type { Readable } from "node:stream";
import { type Document, readDocuments } from "./documents";
import { isJsonLike } from "./json";
import { MAX_TEXT } from "./lines";
import { type Given, unpack } from "./objects";
import { type Found, OPENING, type Problem, readSource, type Source } from "./sources";
import type { Asked } from "./tally";

/** What one source holds, and what is to be said of it. `passedOver`: as lines for people. */
export interface Taken {
  given: Given[];
  problems: Problem[];
  passedOver: string[];
  documents: number;
}
export const NOTHING: Readonly<Taken> = { given: [], problems: [], passedOver: [], documents: 0 };

/** For reports that tell a document's line only: nothing holds its text any longer. */
const NO_LINES = { of: () => undefined };

const SILENT = "holds no documents: did the command that was to write them fail?";

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

/** Reads a source and takes what it holds. */
export async function takeSource(found: Found, stdin: Readable, asked: Asked): Promise<Taken> {
  const source = await readSource(found, stdin);
  if ("message" in source) return { ...NOTHING, problems: [source] };
  const taken = takeDocuments(source, readDocuments(source, asked.lines), asked);
  if (asked.lines && source.text.length > MAX_TEXT && isJsonLike(source.text))
    taken.passedOver.push(`${source.file}: JSON beyond 4 MB, so findings are told with the lines of their documents.`);
  const template = templateProblem(source, taken.problems.length > 0);
  // One whose braces stand in texts only is judged where it can be read.
  return template === null ? taken : { ...taken, problems: [template] };
}

/** Takes the objects out of the documents of a file. */
export function takeDocuments(
  { file, named }: Found,
  documents: Iterable<Document | Problem>,
  { lines, version }: Asked,
): Taken {
  const taken: Taken = { given: [], problems: [], passedOver: [], documents: 0 };
  const { given, problems, passedOver } = taken;
  for (const document of documents) {
    taken.documents += 1;
    if ("message" in document) {
      problems.push(document);
      continue;
    }
    const { line } = document;
    const unpacked = unpack(document, version);
    for (const one of unpacked.objects) given.push(lines ? one : { ...one, lines: NO_LINES });
    problems.push(...unpacked.problems);
    if (unpacked.skipped !== null) passedOver.push(`${file}:${line}: passed over, ${unpacked.skipped}`);
    if (unpacked.foreign === null) continue;
    if (named) {
      const message = `document ${document.document}: is no Kubernetes object.${unpacked.foreign}`;
      problems.push({ file, line, message });
    } else passedOver.push(`${file}: passed over, no Kubernetes object`);
  }
  if (named && taken.documents === 0) problems.push({ file, message: file === "-" ? SILENT : "holds no documents." });
  return taken;
}
