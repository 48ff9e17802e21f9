/**
 * The word of a set that a cloud's text is, in whatever case; undefined where it is none of them: what a word means that nobody
 * knows, or that came after this was written, is not known.
 */
export function wordOf<W extends string>(words: readonly W[], text: unknown): W | undefined {
  if (typeof text !== "string") return undefined;
  const lower = text.toLowerCase();
  return words.find((word) => word.toLowerCase() === lower);
}
