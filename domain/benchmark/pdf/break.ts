const LONGEST_WORD = 16;
/** An id of a control, or a day: short, and read as one. */
const WHOLE = /^\(?(?:SW-\d{4}|\d{4}-\d{2}-\d{2})[.,;:)]*$/;
const HUMP = /(?<=\p{Ll})(?=\p{Lu})/u;
/** So many letters stay together at either end of a name that breaks anywhere. */
const KEPT = 3;

/** Widths of signs in the report's typeface, in its size, no narrower than either weight draws them; all else is taken for the widest. */
const WIDTHS: readonly (readonly [number, string])[] = [
  [0.4, "Iijlfrt!'(),./:;[\\]`|"],
  [0.5, "1-^_{}"],
  [0.6, '7aceksvxyzJFL*?"'],
  [0.7, "bdghnopqu02345689BEPRSTZ#$&+<=>~"],
  [0.8, "ACDGHKNOQUVXY"],
  [0.9, "mw"],
  [1, "@M"],
];
const WIDEST = 1.1;
const WIDTH_OF = new Map(WIDTHS.flatMap(([width, signs]) => [...signs].map((sign) => [sign, width] as const)));
const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + (WIDTH_OF.get(sign) ?? WIDEST), 0);

/** Letter by letter, but for both ends. */
function letters(name: string): string[] {
  const signs = [...name];
  const last = Math.max(KEPT, signs.length - KEPT);
  return [signs.slice(0, KEPT).join(""), ...signs.slice(KEPT, last), signs.slice(last).join("")].filter(Boolean);
}

/** A part that is long or wider than the column: between its humps, and what is wider even so anywhere. */
function breakable(part: string, room: number): string[] {
  if (part.length <= LONGEST_WORD && widthOf(part) <= room) return [part];
  return part.split(HUMP).flatMap((hump) => (widthOf(hump) > room ? letters(hump) : [hump]));
}

/**
 * A word as the pieces between which a line may end. Words are not hyphenated: a hyphen that was added could not be told from one of a
 * name. They break behind signs and at humps (`shareProcess|Namespace`); only what is even so wider than the column breaks anywhere. A
 * word that cannot break and does not fit makes the renderer fail. `room`: the column's width, in sizes of its type.
 */
export function piecesOf(word: string, room: number): string[] {
  if (WHOLE.test(word)) return [word];
  if (/^\p{L}+[.,;:)]*$/u.test(word)) return breakable(word, room);
  return (word.match(/[^-./:_@,]+[-./:_@,]*|[-./:_@,]+/gu) ?? [word]).flatMap((part) => breakable(part, room));
}
