import { EVENT_ID, type Event, parseEvents } from "js-yaml";
import type { Part } from "./documents";
import { LineStarts } from "./line-starts";
import { type Outline, outlineOf, placeOf } from "./outline";
import { Places } from "./places";

/** Of texts beyond this that are JSON, or YAML of several documents without `---` between, no lines are told but those of documents. */
export const MAX_TEXT = 4 * 1024 * 1024;

/** What was read of the text that was asked last: reports go from one document to the next. */
interface Looked {
  of: Lines;
  /** Null where the text is beyond the reader. */
  places: Places | null;
  /** Lines that were asked for: many controls find fault with the same thing. */
  known: Map<string, number>;
}
let last: Looked | null = null;
/** Where each line of that text starts. */
const starts = new LineStarts();

/** Where the content of each document of a part begins, as `Lines.start` tells of one: asked of thousands, each would go through all. */
export function contentLines({ text, offset }: Part, events: readonly Event[]): number[] {
  const lines: number[] = [];
  let [line, at, isOpen] = [offset + 1, 0, false];
  for (const event of events) {
    if (isOpen) {
      const place = event.type === EVENT_ID.POP ? at : placeOf(event);
      for (let end = text.indexOf("\n", at); end >= 0 && end < place; end = text.indexOf("\n", at)) {
        line += 1;
        at = end + 1;
      }
      lines.push(line);
    }
    isOpen = event.type === EVENT_ID.DOCUMENT;
  }
  return lines;
}

/** Lines of one document by path. */
export class Lines {
  /** The document at `index` among those of a part. */
  constructor(
    readonly part: Part,
    readonly index: number,
    /** What the parser found in the part; where that is not kept, the part is parsed again. */
    readonly outline: Outline | null,
  ) {}

  /** Line where the content begins, from events that were read already. */
  start(events: readonly Event[]): number {
    let documents = -1;
    for (const event of events) {
      if (event.type === EVENT_ID.DOCUMENT) documents += 1;
      else if (documents === this.index) return this.#lineAt(placeOf(event));
    }
    return this.part.offset + 1;
  }

  /** Line of a path such as `spec.containers[0].image`, or of its nearest parent that was written; undefined if not even the root is known. */
  of(path: string): number | undefined {
    if (last?.of !== this) last = this.#look();
    const { places, known } = last;
    const line = known.get(path);
    if (line !== undefined) return line;
    const place = places?.at(path);
    if (place === undefined) return undefined;
    const found = this.part.offset + 1 + starts.lineOf(place);
    known.set(path, found);
    return found;
  }

  #lineAt(place: number): number {
    const { text, offset } = this.part;
    let line = 0;
    for (let at = text.indexOf("\n"); at >= 0 && at < place; at = text.indexOf("\n", at + 1)) line += 1;
    return offset + 1 + line;
  }

  #look(): Looked {
    const { text } = this.part;
    const looked: Looked = { of: this, places: null, known: new Map() };
    if (text.length > MAX_TEXT && this.outline === null) return looked;
    // Documents of one part share its text.
    starts.read(text);
    try {
      const outline = this.outline ?? outlineOf(text, parseEvents(text, { maxDepth: 200 }));
      return { ...looked, places: new Places(text, outline, this.index) };
    } catch {
      // JSON that YAML refuses (a tab): the document's own line is told instead.
      return looked;
    }
  }
}
