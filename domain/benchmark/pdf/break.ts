const LONGEST_WORD = 16;
const LONGEST_NAME = 9;
/** An id of a control, or a day: short, and read as one. */
const WHOLE = /^\(?(?:SW-\d{4}|\d{4}-\d{2}-\d{2})[.,;:)]*$/;
const HUMP = /(?<=\p{Ll})(?=\p{Lu})/u;

/** A part that may be too wide: between its humps, and what is too long even so anywhere. */
function breakable(part: string): string[] {
  const most = /^[\p{L}.,;:()]+$/u.test(part) ? LONGEST_WORD : LONGEST_NAME;
  if (part.length <= most) return [part];
  return part.split(HUMP).flatMap((hump) => (hump.length > most ? [...hump] : [hump]));
}

/**
 * A word as the pieces between which a line may end. Words are not hyphenated: a hyphen that was added could not be told from one of a
 * name. They break behind signs and at humps (`shareProcess|Namespace`); what may even so be wider than the narrowest column breaks
 * anywhere. A word that cannot break and does not fit makes the renderer fail.
 */
export function piecesOf(word: string): string[] {
  if (WHOLE.test(word)) return [word];
  if (word.length <= LONGEST_NAME || /^\p{L}+[.,;:)]*$/u.test(word)) return breakable(word);
  return (word.match(/[^-./:_@,]+[-./:_@,]*|[-./:_@,]+/gu) ?? [word]).flatMap(breakable);
}
