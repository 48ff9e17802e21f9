import { LineCounter, parseDocument, type Tags } from "yaml";
import type { Problem, Source } from "./sources";

/** One document of a source; `line` is where its content starts, counted from 1. */
export interface Document {
  file: string;
  document: number;
  line: number;
  value: unknown;
}

const MAX_DEPTH = 100;
const MAX_NODES = 5_000_000;
/** YAML types that Kubernetes' reader leaves as text. */
const LEFT_AS_TEXT = /:(timestamp|binary|omap|pairs|set)$/;

/**
 * The documents of a source as Kubernetes reads them: split at `---` lines, YAML 1.1 words for booleans, no dates, no
 * sexagesimal numbers. A document that can't be read is a Problem, and the next ones are read all the same.
 */
export function* readDocuments(source: Source): Generator<Document | Problem> {
  const { file } = source;
  const text = source.text.replace(/^\uFEFF/, "");
  const json = parseJson(text);
  if (json !== undefined) {
    yield bounded({ file, document: 1, line: lineOfContent(text), value: json.value });
    return;
  }
  let document = 0;
  for (const part of split(text)) {
    if (!part.text.split("\n").some((line) => /^\s*[^\s#]/.test(line))) continue;
    document += 1;
    const read = readYaml(file, document, part);
    if (read !== null) yield read;
  }
}

interface Part {
  text: string;
  /** Lines before it. */
  offset: number;
}

function split(text: string): Part[] {
  const lines = text.split(/\r?\n/);
  const parts: Part[] = [];
  let start = 0;
  const close = (end: number): void => {
    parts.push({ text: `${lines.slice(start, end).join("\n")}\n`, offset: start });
  };
  lines.forEach((line, index) => {
    if (!/^---(\s|$)/.test(line)) return;
    // `--- # comment` and `--- {kind: Pod}` keep what stands behind the mark.
    close(index);
    lines[index] = line.replace(/^---/, "   ");
    start = index;
  });
  close(lines.length);
  return parts;
}

function readYaml(file: string, document: number, part: Part): Document | Problem | null {
  const lines = new LineCounter();
  try {
    const parsed = parseDocument(part.text, {
      version: "1.1",
      merge: true,
      uniqueKeys: true,
      logLevel: "silent",
      lineCounter: lines,
      customTags: plainTags,
    });
    const [error] = parsed.errors;
    if (error !== undefined) {
      const line = part.offset + (error.linePos?.[0].line ?? 1);
      return { file, line, message: `document ${document}: ${firstLine(error.message)}` };
    }
    if (parsed.contents === null) return null;
    const line = part.offset + lines.linePos(parsed.contents.range?.[0] ?? 0).line;
    return bounded({ file, document, line, value: parsed.toJS({ maxAliasCount: 100 }) });
  } catch (error) {
    // The parser recurses; RangeError is its way to say that the text nests without end.
    const message = error instanceof RangeError ? "nested too deeply." : firstLine(String(error));
    return { file, line: part.offset + 1, message: `document ${document}: ${message}` };
  }
}

const plainTags = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === "string" || (!LEFT_AS_TEXT.test(tag.tag) && tag.format !== "TIME"));

function parseJson(text: string): { value: unknown } | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    // YAML's flow style starts alike; if it is neither, the YAML reader says where it breaks.
    return undefined;
  }
}

/** A document whose aliases unfold beyond bounds is a Problem. */
function bounded(document: Document): Document | Problem {
  let nodes = 0;
  const visit = (value: unknown, depth: number): string | null => {
    nodes += 1;
    if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels.`;
    if (nodes > MAX_NODES) return `unfolds to more than ${MAX_NODES} values.`;
    if (typeof value !== "object" || value === null) return null;
    for (const item of Array.isArray(value) ? value : Object.values(value)) {
      const problem = visit(item, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  };
  const problem = visit(document.value, 0);
  if (problem === null) return document;
  return { file: document.file, line: document.line, message: `document ${document.document}: ${problem}` };
}

const lineOfContent = (text: string): number => /^\s*/.exec(text)?.[0].split("\n").length ?? 1;
const firstLine = (message: string): string =>
  message.split("\n", 1)[0]?.replace(/ at line \d+, column \d+:?$/, ".") ?? "";
