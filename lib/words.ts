/** The words of a text, in small letters. */
export const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");

/** Whether all words of `asked` stand somewhere in `text`, in any order: `net pol` is found in `network policy`. */
export function holdsWords(text: string, asked: string): boolean {
  const within = text.toLowerCase();
  return wordsOf(asked).every((word) => within.includes(word));
}
