import type { Document, Part } from "./documents";
import { Lines } from "./lines";
import type { Outline } from "./outline";

/**
 * Where the documents of some files stand, as it travels between threads: texts and marks stand one behind the other, since of
 * thousands of objects each name of a field would be written and read anew.
 */
export interface PackedPlaces {
  /** NUMBERS for each document: its number and line, its index and its part's offset, where the part's text and marks begin and end; -1 without marks. */
  at: Int32Array<ArrayBuffer>;
  texts: string;
  marks: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** By document. */
  scalars: readonly Outline["scalars"][];
}
const NUMBERS = 8;
const NO_SCALARS: Outline["scalars"] = [];
const NO_LINES = new Lines({ text: "", offset: 0 }, 0, null);

/** `lines`: whether lines will be asked for; without, nothing but each document's own is kept. */
export function packPlaces(documents: readonly Document[], lines: boolean): PackedPlaces {
  const at = new Int32Array(NUMBERS * documents.length);
  const all: Outline["marks"][] = [];
  let [texts, marksEnd] = ["", 0];
  let last: { part: Part | null; text: number; marks: number } = { part: null, text: 0, marks: 0 };
  for (const [nth, { document, line, lines: written }] of documents.entries()) {
    const { part, index, outline } = written;
    at.set([document, line], NUMBERS * nth);
    if (!lines) continue;
    // Documents of one part share its text.
    if (part !== last.part) {
      last = { part, text: texts.length, marks: outline === null ? -1 : marksEnd };
      texts += part.text;
      if (outline !== null) marksEnd += all[all.push(outline.marks) - 1]?.length ?? 0;
    }
    at.set([index, part.offset, last.text, texts.length, last.marks, marksEnd], NUMBERS * nth + 2);
  }
  const marks = all.every((one) => one instanceof Uint16Array) ? new Uint16Array(marksEnd) : new Uint32Array(marksEnd);
  let to = 0;
  for (const one of all) {
    marks.set(one, to);
    to += one.length;
  }
  return { at, texts, marks, scalars: documents.map(({ lines: { outline } }) => outline?.scalars ?? NO_SCALARS) };
}

/** Gives the places of documents, one after the other, as they were packed. */
export class PlacesReader {
  #next = 0;

  constructor(private readonly packed: PackedPlaces) {}

  next(): Pick<Document, "document" | "line" | "lines"> {
    const { at, texts, marks, scalars } = this.packed;
    const nth = this.#next;
    this.#next += 1;
    const number = (which: number): number => at[NUMBERS * nth + which] ?? 0;
    const [document, line] = [number(0), number(1)];
    // Where lines were not packed.
    if (number(5) === 0) return { document, line, lines: NO_LINES };
    const part = { text: texts.slice(number(4), number(5)), offset: number(3) };
    const outline =
      number(6) < 0 ? null : { marks: marks.subarray(number(6), number(7)), scalars: scalars[nth] ?? NO_SCALARS };
    return { document, line, lines: new Lines(part, number(2), outline) };
  }
}
