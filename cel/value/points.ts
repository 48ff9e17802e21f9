/** Positions in texts: CEL counts code points, JavaScript units of UTF-16. A surrogate without its other half is a point. */
const isPair = (text: string, unit: number): boolean =>
  (text.charCodeAt(unit) & 0xfc00) === 0xd800 && (text.charCodeAt(unit + 1) & 0xfc00) === 0xdc00;

/** Code points of a text. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let unit = 0; unit < text.length - 1; unit++) if (isPair(text, unit)) length--;
  return length;
}

/** The unit where the code point of a position begins, the text's length for the position after its last; -1 beyond both ends. */
export function unitAt(text: string, position: number): number {
  if (position < 0 || position > text.length) return -1;
  let unit = 0;
  for (let left = position; left > 0; left--) {
    if (unit >= text.length) return -1;
    unit += isPair(text, unit) ? 2 : 1;
  }
  return unit;
}
