import { EVENT_ID, type Event, parseEvents } from "js-yaml";
import type { Part } from "./documents";
import { type Node, type Outline, outlineOf, placeOf, treeOf } from "./outline";

/** Of texts beyond this no lines are told but those of documents. */
export const MAX_TEXT = 4 * 1024 * 1024;

/** What was read of the text that was asked last: reports go from one document to the next, and trees of all would be large. */
interface Tree {
  of: Lines;
  root: Node | null;
  /** Where each line starts. */
  starts: readonly number[];
}
let last: Tree | null = null;

/** Lines of one document by path. Its tree is made when it is asked. */
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
    if (last?.of !== this) last = this.#read();
    const { root, starts } = last;
    if (root === null) return undefined;
    let node: Node | undefined = root;
    let rest = path;
    let line = node.start;
    while (rest !== "" && node !== undefined) {
      const [next, left]: [Node | undefined, string] = step(node, rest);
      if (next !== undefined) line = next.start;
      [node, rest] = [next, left];
    }
    return this.part.offset + 1 + lineOf(starts, line);
  }

  #lineAt(place: number): number {
    const { text, offset } = this.part;
    let line = 0;
    for (let at = text.indexOf("\n"); at >= 0 && at < place; at = text.indexOf("\n", at + 1)) line += 1;
    return offset + 1 + line;
  }

  #read(): Tree {
    const { text } = this.part;
    if (text.length > MAX_TEXT) return { of: this, root: null, starts: [] };
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    try {
      const outline = this.outline ?? outlineOf(text, parseEvents(text, { maxDepth: 200 }));
      return { of: this, root: treeOf(text, outline, this.index), starts };
    } catch {
      // JSON that YAML refuses (a tab): the document's own line is told instead.
      return { of: this, root: null, starts };
    }
  }
}

/** The line that a place lies in, from 0. */
function lineOf(starts: readonly number[], place: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle;
  }
  return low;
}

/** The key or index that a path begins with, and what is left. Keys may hold dots themselves: the longest that exists wins. */
function step(node: Node, path: string): [Node | undefined, string] {
  const indexed = /^\.?\[(\d+)\]/.exec(path);
  if (indexed !== null) return [node.items?.[Number(indexed[1])], path.slice(indexed[0].length)];
  const keys = path.startsWith(".") ? path.slice(1) : path;
  for (let end = keys.length; end > 0; end = Math.max(keys.lastIndexOf(".", end - 1), keys.lastIndexOf("[", end - 1))) {
    const found = node.fields?.get(keys.slice(0, end));
    if (found !== undefined) return [found, keys.slice(end)];
  }
  return [undefined, ""];
}
