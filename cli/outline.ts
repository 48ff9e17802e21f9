import { EVENT_ID, type Event, getScalarValue } from "js-yaml";

type Scalar = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/**
 * Where everything stands in a text, in as much room as the text. Values of fields that hold nothing themselves are left out:
 * a field stands where its key does.
 */
export interface Outline {
  /** Three numbers for each event: its type, where it begins, and where a scalar ends that is read as it is written. */
  readonly marks: Uint16Array | Uint32Array;
  /** All other scalars, as a quoted one; their type is ENCODED, and in place of their end stands their number. */
  readonly scalars: readonly Scalar[];
}
const ENCODED = 100;

/** A value and where it stands; of a field, where its key stands. */
export interface Node {
  start: number;
  fields?: Map<string, Node>;
  items?: Node[];
}

/** Where an event begins. */
export function placeOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return Math.max(event.valueStart, 0);
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return "start" in event ? event.start : 0;
}

/** The outline of a text from what the parser found in it. */
export function outlineOf(text: string, events: readonly Event[]): Outline {
  const marks: number[] = [];
  const scalars: Scalar[] = [];
  const mark = (event: Event): void => {
    if (event.type !== EVENT_ID.SCALAR) marks.push(event.type, placeOf(event), 0);
    else if (event.fast || event.valueStart < 0) marks.push(event.type, placeOf(event), Math.max(event.valueEnd, 0));
    else marks.push(ENCODED, placeOf(event), scalars.push(event) - 1);
  };
  /** Of each mapping that is open whether its next node is a value; of each list null. */
  const open: (boolean | null)[] = [];
  for (const event of events) {
    const isValue = open.at(-1) ?? null;
    const isLeaf = event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS;
    if (isValue !== true || !isLeaf) mark(event);
    if (event.type === EVENT_ID.POP) open.pop();
    else if (event.type === EVENT_ID.DOCUMENT) open.push(null);
    else if (isValue !== null) open[open.length - 1] = !isValue;
    if (event.type === EVENT_ID.SEQUENCE) open.push(null);
    else if (event.type === EVENT_ID.MAPPING) open.push(false);
  }
  return { marks: text.length < 65_536 ? Uint16Array.from(marks) : Uint32Array.from(marks), scalars };
}

/** The document at `wanted` among those of a text; null when it holds nothing. */
export function treeOf(text: string, { marks, scalars }: Outline, wanted: number): Node | null {
  let at = 0;
  const typeAt = (): number | undefined => marks[at];
  const startAt = (): number => marks[at + 1] ?? 0;
  const keyAt = (): string | null => {
    const end = marks[at + 2] ?? 0;
    if (typeAt() === EVENT_ID.SCALAR) return text.slice(startAt(), end);
    const scalar = typeAt() === ENCODED ? scalars[end] : undefined;
    return scalar === undefined ? null : getScalarValue(text, scalar);
  };
  const isCollection = (): boolean => typeAt() === EVENT_ID.SEQUENCE || typeAt() === EVENT_ID.MAPPING;
  const isOver = (): boolean => typeAt() === EVENT_ID.POP || typeAt() === undefined;
  const node = (start: number): Node => {
    const found: Node = { start };
    const type = typeAt();
    at += 3;
    if (type === EVENT_ID.SEQUENCE) {
      found.items = [];
      while (!isOver()) found.items.push(node(startAt()));
      at += 3;
    } else if (type === EVENT_ID.MAPPING) {
      found.fields = new Map();
      while (!isOver()) {
        const [key, place] = [keyAt(), startAt()];
        node(place);
        const value = isCollection() ? node(place) : { start: place };
        if (key !== null) found.fields.set(key, value);
      }
      at += 3;
    }
    return found;
  };
  let documents = -1;
  while (at < marks.length) {
    const isDocument = typeAt() === EVENT_ID.DOCUMENT;
    at += 3;
    if (!isDocument) continue;
    documents += 1;
    if (isOver()) continue;
    const root = node(startAt());
    if (documents === wanted) return root;
  }
  return null;
}
