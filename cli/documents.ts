import { constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from "js-yaml";
import { cycleIn } from "./cycle";
import { isCommentedJson, isJsonLike, jsonMarks, parseJson, parseJsonStream } from "./json";
import { KUBERNETES_YAML } from "./kubernetes-yaml";
import { contentLines, Lines, MAX_TEXT } from "./lines";
import { outlineOf } from "./outline";
import type { Problem, Source } from "./sources";

/** One document of a source; `line` is where its content starts, counted from 1. */
export interface Document {
  file: string;
  document: number;
  line: number;
  value: unknown;
  /** Parts of it stand in more than one place. */
  aliased: boolean;
  /** Where things stand in it; nothing is read until it is asked. */
  lines: Lines;
}

const MAX_DEPTH = 100;
const MAX_NODES = 5_000_000;
const MAX_ALIASES = 1000;
/** What may begin or end a value in one YAML document: the parser needs some hundred bytes for each. */
const MAX_YAML_MARKS = 3_000_000;
const [LINE, SPACE, COMMA, DASH, ASKED, BRACKET, BRACE] = [0x0a, 0x20, 0x2c, 0x2d, 0x3f, 0x5b, 0x7b];

/**
 * The documents of a source as Kubernetes reads them: split at `---` lines, YAML 1.1 words for booleans, no dates, no
 * sexagesimal numbers. A document that can't be read is a Problem, and the next ones are read all the same. `outlined`: lines of
 * many documents will be asked for, so that what the parser found is kept.
 */
export function* readDocuments(source: Source, outlined: boolean): Generator<Document | Problem> {
  const { file } = source;
  const text = source.text.startsWith("\uFEFF") ? source.text.slice(1) : source.text;
  const json = isJsonLike(text) ? readJson(file, text) : null;
  if (json !== null) {
    yield* json;
    return;
  }
  let document = 0;
  for (const part of split(text)) {
    if (!/^[^\S\n]*[^\s#%]/m.test(part.text)) continue;
    for (const read of readYaml(file, document, part, outlined)) {
      document += 1;
      yield read;
    }
  }
}

/** What a text that looks like JSON holds; null where YAML's reader is to say, whose flow style begins alike. */
function readJson(file: string, text: string): (Document | Problem)[] | null {
  const problem = (said: string) => [{ file, line: lineOfContent(text), message: `document 1: ${said}` }];
  // Counted before it is built: a value takes two characters at least, and tens of bytes when it is built.
  if (text.length > 2 * MAX_NODES && jsonMarks(text) > MAX_NODES)
    return problem(`holds more than ${MAX_NODES} values.`);
  const json = parseJson(text);
  if (json !== undefined) {
    const lines = new Lines({ text, offset: 0 }, 0, null);
    return [bounded({ file, document: 1, line: lineOfContent(text), value: json.value, aliased: false, lines })];
  }
  const stream = parseJsonStream(text);
  if (stream === null)
    return isCommentedJson(text) ? problem("holds comments (//, /* */), which JSON has not: take them out.") : null;
  return stream.map(({ value, part }, index) => {
    const place = { file, document: index + 1, line: part.offset + lineOfContent(part.text) };
    return bounded({ ...place, value, aliased: false, lines: new Lines(part, 0, null) });
  });
}

/** A part of a file, and how many lines stand before it. */
export interface Part {
  text: string;
  offset: number;
}

function* split(whole: string): Generator<Part> {
  const text = whole.includes("\r") ? whole.replace(/\r\n?/g, "\n") : whole;
  if (!text.includes("---")) {
    yield { text, offset: 0 };
    return;
  }
  const mark = /^---(?=\s|$)/gm;
  let [start, offset] = [0, 0];
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found.index > start) yield { text: text.slice(start, found.index), offset };
    for (let at = text.indexOf("\n", start); at >= 0 && at < found.index; at = text.indexOf("\n", at + 1)) offset += 1;
    start = found.index;
  }
  // `--- # comment` and `--- {kind: Pod}` keep what stands behind the mark.
  yield { text: start === 0 ? text : text.slice(start), offset };
}

function* readYaml(file: string, before: number, part: Part, outlined: boolean): Generator<Document | Problem> {
  if (part.text.length > MAX_YAML_MARKS && yamlMarks(part.text) > MAX_YAML_MARKS) {
    const message = `holds more than ${MAX_YAML_MARKS} lines and values of YAML. Split it with --- lines, or write it as JSON.`;
    yield { file, line: part.offset + 1, message: `document ${before + 1}: ${message}` };
    return;
  }
  let events: Event[];
  let values: unknown[];
  let aliased = false;
  try {
    events = parseEvents(part.text, { maxDepth: MAX_DEPTH });
    aliased = part.text.includes("*") && events.some(({ type }) => type === EVENT_ID.ALIAS);
    const cycle = aliased ? cycleIn(part.text, events) : null;
    if (cycle !== null) {
      const line = part.offset + part.text.slice(0, cycle.place).split("\n").length;
      yield { file, line, message: `document ${before + 1 + cycle.document}: ${CYCLE}` };
      return;
    }
    values = constructFromEvents(events, { source: part.text, schema: KUBERNETES_YAML, maxAliases: MAX_ALIASES });
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const message = error instanceof YAMLException ? withoutTexts(error.reason) : "can't be read as YAML";
    const line = part.offset + 1 + (mark?.line ?? 0);
    yield { file, line, message: `document ${before + 1}: ${message}.` };
    return;
  }
  const isKept = part.text.length <= MAX_TEXT || values.length === 1;
  const outline = outlined && isKept ? outlineOf(part.text, events) : null;
  const starts = values.length > 1 ? contentLines(part, events) : null;
  for (const [index, value] of values.entries()) {
    if (value === null || value === undefined) continue;
    const lines = new Lines(part, index, outline);
    const document = {
      file,
      document: before + 1 + index,
      line: starts?.[index] ?? lines.start(events),
      value,
      aliased,
      lines,
    };
    yield aliased ? bounded(document) : document;
  }
}

/** Said without the alias' name, as `withoutTexts` has it. */
const CYCLE =
  "an alias (*) stands inside what its anchor (&) names, so that the value contains itself. Kubernetes refuses it.";

/**
 * What the parser says, without what it repeats of the document: `PASSWORD: *S3cr3t` has an alias, and `PASSWORD: !S3cr3t` a tag, that
 * is meant as a value.
 */
const withoutTexts = (reason: string): string => reason.replace(/ ".*"| !<.*>|: .*/gs, "");

/** How many marks may begin or part values in YAML, which quotes in many ways: lines, `- ` and `? ` count too, and so does what is text. */
function yamlMarks(text: string): number {
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE || code === LINE) marks += 1;
    else if ((code === DASH || code === ASKED) && text.charCodeAt(at + 1) === SPACE) marks += 1;
  }
  return marks;
}

/** A document whose aliases unfold beyond bounds, or whose JSON is nested without end, is a Problem. */
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
