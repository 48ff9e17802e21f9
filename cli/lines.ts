import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";
import type { Part } from "./documents";

/** Texts beyond this are not read a second time for the sake of a line. */
const MAX_TEXT = 4 * 1024 * 1024;

interface Node {
  start: number;
  /** Values by key, with the place of the key. */
  fields?: Map<string, Node>;
  items?: Node[];
}

/** Lines of one document by path. Reads the text again when it is first asked: most documents are never asked. */
export class Lines {
  #root: Node | null | undefined;
  #starts: number[] = [];

  /** The document at `index` among those of a part. */
  constructor(
    private readonly part: Part,
    private readonly index: number,
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
    this.#root ??= this.#read();
    let node: Node | undefined = this.#root ?? undefined;
    if (node === undefined) return undefined;
    let rest = path;
    let line = node.start;
    while (rest !== "" && node !== undefined) {
      const [next, left]: [Node | undefined, string] = step(node, rest);
      if (next !== undefined) line = next.start;
      [node, rest] = [next, left];
    }
    return this.#lineAt(line);
  }

  #lineAt(place: number): number {
    const { text, offset } = this.part;
    if (this.#starts.length === 0) {
      let line = 0;
      for (let at = text.indexOf("\n"); at >= 0 && at < place; at = text.indexOf("\n", at + 1)) line += 1;
      return offset + 1 + line;
    }
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return offset + 1 + low;
  }

  #read(): Node | null {
    const { text } = this.part;
    if (text.length > MAX_TEXT) return null;
    this.#starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
    try {
      return treeOf(text, parseEvents(text, { maxDepth: 200 }), this.index);
    } catch {
      // JSON that YAML refuses (a tab): the document's own line is told instead.
      return null;
    }
  }
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

function placeOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return Math.max(event.valueStart, 0);
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return "start" in event ? event.start : 0;
}

function treeOf(text: string, events: readonly Event[], wanted: number): Node | null {
  let documents = -1;
  let at = 0;
  const value = (start?: number): Node | null => {
    const event = events[at++];
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return null;
    const node: Node = { start: start ?? placeOf(event) };
    if (event.type === EVENT_ID.SEQUENCE) {
      node.items = [];
      for (let item = value(); item !== null; item = value()) node.items.push(item);
    } else if (event.type === EVENT_ID.MAPPING) {
      node.fields = new Map();
      for (let key = events[at]; key !== undefined && key.type !== EVENT_ID.POP; key = events[at]) {
        value();
        const child = value(placeOf(key));
        if (child !== null && key.type === EVENT_ID.SCALAR) node.fields.set(getScalarValue(text, key), child);
      }
      at += 1;
    }
    return node;
  };
  while (at < events.length) {
    const event = events[at++];
    if (event?.type === EVENT_ID.DOCUMENT) documents += 1;
    else continue;
    const root = value();
    if (documents === wanted) return root;
  }
  return null;
}
