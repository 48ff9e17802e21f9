import { EVENT_ID, getScalarValue } from "js-yaml";
import { ENCODED, type Outline, SIZE } from "./outline";

/** What one step of a path leads to. */
interface Step {
  place: number;
  /** The mark of a collection; null where nothing further can be found. */
  value: number | null;
  /** Where the rest of the path begins. */
  rest: number;
}

const [DOT, BRACKET] = [0x2e, 0x5b];
const [ZERO, NINE, CLOSED] = [0x30, 0x39, 0x5d];
/** An item so near to its list's begin is walked to: most lists are as short. */
const NEAR = 8;

const isCollection = (type: number | undefined): boolean => type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING;

/** Whether a key may end there in a path: at its end, before `.` and before `[`. */
const isEdge = (path: string, at: number): boolean =>
  at === path.length || path.charCodeAt(at) === DOT || path.charCodeAt(at) === BRACKET;

/** Places in the text of one document, found by paths. */
export class Places {
  /** The mark of what the document holds; null when that is nothing. */
  readonly #root: number | null;
  /** The items of each list that was asked for: a list may hold thousands, and be asked for each. */
  readonly #items = new Map<number, readonly number[]>();

  /** The document at `wanted` among those of a text. */
  constructor(
    readonly text: string,
    readonly outline: Outline,
    wanted: number,
  ) {
    let at = 0;
    for (let passed = 0; passed < wanted; passed++) at = this.#behind(at);
    this.#root = at + SIZE < this.#behind(at) ? at + SIZE : null;
  }

  /**
   * Where that begins which stands at a path, as `spec.containers[0].image`, or its nearest parent that was written; undefined when
   * the document holds nothing. Keys may hold dots and brackets themselves: the longest that exists wins.
   */
  at(path: string): number | undefined {
    const { marks } = this.outline;
    let mark = this.#root;
    if (mark === null) return undefined;
    let place = marks[mark + 1] ?? 0;
    for (let rest = 0; rest < path.length && mark !== null; ) {
      const step: Step | null =
        marks[mark] === EVENT_ID.MAPPING ? this.#field(mark, path, rest) : this.#item(mark, path, rest);
      if (step === null) return place;
      ({ place, value: mark, rest } = step);
    }
    return place;
  }

  /** The mark behind what stands at a mark. */
  #behind(mark: number): number {
    const { marks } = this.outline;
    if (mark >= marks.length) return marks.length;
    const holds = isCollection(marks[mark]) || marks[mark] === EVENT_ID.DOCUMENT;
    return holds ? (marks[mark + 2] ?? marks.length) : mark + SIZE;
  }

  #field(map: number, path: string, rest: number): Step | null {
    const { marks } = this.outline;
    const from = path.charCodeAt(rest) === DOT ? rest + 1 : rest;
    const end = this.#behind(map);
    let found: Step | null = null;
    for (let at = map + SIZE; at < end; ) {
      const until = this.#keyEnd(at, path, from);
      const value = this.#behind(at);
      const holds = value < end && isCollection(marks[value]);
      if (until !== null && (found === null || until > found.rest))
        found = { place: marks[at + 1] ?? 0, value: holds ? value : null, rest: until };
      at = holds ? this.#behind(value) : value;
    }
    return found;
  }

  /** Where in the path the key at a mark ends; null when the path does not go on with it. */
  #keyEnd(mark: number, path: string, from: number): number | null {
    const { marks, scalars } = this.outline;
    const [type, begin, end] = [marks[mark], marks[mark + 1] ?? 0, marks[mark + 2] ?? 0];
    if (type === EVENT_ID.SCALAR) {
      const until = from + end - begin;
      return isEdge(path, until) && path.startsWith(this.text.slice(begin, end), from) ? until : null;
    }
    const scalar = type === ENCODED ? scalars[end] : undefined;
    if (scalar === undefined) return null;
    const key = getScalarValue(this.text, scalar);
    return isEdge(path, from + key.length) && path.startsWith(key, from) ? from + key.length : null;
  }

  #item(list: number, path: string, rest: number): Step | null {
    const { marks } = this.outline;
    const from = path.charCodeAt(rest) === DOT ? rest + 1 : rest;
    if (marks[list] !== EVENT_ID.SEQUENCE || path.charCodeAt(from) !== BRACKET) return null;
    let [index, next] = [0, from + 1];
    for (let digit = path.charCodeAt(next); digit >= ZERO && digit <= NINE; digit = path.charCodeAt(next)) {
      index = 10 * index + digit - ZERO;
      next += 1;
    }
    if (next === from + 1 || path.charCodeAt(next) !== CLOSED) return null;
    const at = index < NEAR ? this.#walked(list, index) : this.#itemsOf(list)[index];
    if (at === undefined) return null;
    return { place: marks[at + 1] ?? 0, value: isCollection(marks[at]) ? at : null, rest: next + 1 };
  }

  /** The mark of an item; undefined where the list is shorter. */
  #walked(list: number, index: number): number | undefined {
    const end = this.#behind(list);
    let at = list + SIZE;
    for (let passed = 0; passed < index && at < end; passed++) at = this.#behind(at);
    return at < end ? at : undefined;
  }

  #itemsOf(list: number): readonly number[] {
    const known = this.#items.get(list);
    if (known !== undefined) return known;
    const items: number[] = [];
    const end = this.#behind(list);
    for (let at = list + SIZE; at < end; at = this.#behind(at)) items.push(at);
    this.#items.set(list, items);
    return items;
  }
}
