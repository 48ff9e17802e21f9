import { EVENT_ID, type Event } from "js-yaml";

type Scalar = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/**
 * Where everything stands in a text, in as much room as the text. Values of fields that hold nothing themselves are left out:
 * a field stands where its key does.
 */
export interface Outline {
  /**
   * Three numbers for each document, collection, key and item: its type, where it begins in the text, and what it ends with. Of a
   * document and a collection that is the place in `marks` behind all that it holds; of a scalar that is read as it is written, its
   * end in the text.
   */
  readonly marks: Uint16Array | Uint32Array;
  /** All other scalars, as a quoted one; their type is ENCODED, and in place of their end stands their number. */
  readonly scalars: readonly Scalar[];
}
/** Type of a scalar that is not read as it is written. */
export const ENCODED = 100;
/** Numbers of a mark. */
export const SIZE = 3;

/** Where an event begins. */
export function placeOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return Math.max(event.valueStart, 0);
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return "start" in event ? event.start : 0;
}

/** What comes next in a collection: an item, a key, or the value of the key before. */
const [AN_ITEM, A_KEY, A_VALUE] = [0, 1, 2];
const AFTER = [AN_ITEM, A_VALUE, A_KEY];

/** Where marks are written before it is known how many they are; enough for most, and made once. */
const SCRATCH = new Uint32Array(SIZE * 4096);

/** The outline of a text from what the parser found in it. */
export function outlineOf(text: string, events: readonly Event[]): Outline {
  // No event makes more than one mark.
  const most = SIZE * events.length;
  const marks = most > SCRATCH.length ? new Uint32Array(most) : SCRATCH;
  let end = 0;
  const mark = (type: number, place: number, behind: number): void => {
    marks[end] = type;
    marks[end + 1] = place;
    marks[end + 2] = behind;
    end += SIZE;
  };
  const scalars: Scalar[] = [];
  /** Of everything that is open: where its mark stands, and what comes next in what holds it. */
  const open: number[] = [];
  let next = AN_ITEM;
  for (const event of events) {
    const { type } = event;
    if (type === EVENT_ID.POP) {
      next = open.pop() ?? AN_ITEM;
      marks[(open.pop() ?? 0) + 2] = end;
    } else if (type === EVENT_ID.SCALAR || type === EVENT_ID.ALIAS) {
      if (next === A_VALUE) next = A_KEY;
      else {
        next = AFTER[next] ?? AN_ITEM;
        if (type === EVENT_ID.ALIAS) mark(type, placeOf(event), 0);
        else if (event.fast || event.valueStart < 0) mark(type, placeOf(event), Math.max(event.valueEnd, 0));
        else mark(ENCODED, placeOf(event), scalars.push(event) - 1);
      }
    } else {
      open.push(end, AFTER[next] ?? AN_ITEM);
      mark(type, placeOf(event), 0);
      next = type === EVENT_ID.MAPPING ? A_KEY : AN_ITEM;
    }
  }
  const written = marks.subarray(0, end);
  const fits = text.length < 65_536 && end < 65_536;
  return { marks: fits ? new Uint16Array(written) : new Uint32Array(written), scalars };
}
