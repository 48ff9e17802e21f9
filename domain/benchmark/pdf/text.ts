/** Signs of print that the report shows beside the Latin letters. */
const MORE = new Set("€‚ƒ„…†‡‰‹‘’“”•–—™›−");

/** Whether a character is what it looks like: printable ASCII and Latin letters, not those of a script that only look like them. */
const isPlain = (character: string, code: number): boolean =>
  (code >= 0x20 && code < 0x7f) || (code >= 0xa1 && code <= 0x17f && code !== 0xad) || MORE.has(character);

/**
 * Text as it is printed. Whatever is not Latin, control and direction characters among it, is written as its code point: nothing hides,
 * and no two names look the same that are not.
 */
export function printable(text: string, most = 400): string {
  let shown = "";
  for (const character of text.normalize("NFC")) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x0a || code === 0x09) shown += " ";
    else if (isPlain(character, code)) shown += character;
    else shown += `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
    if (shown.length > most) return `${shown.slice(0, most)}…`;
  }
  return shown;
}
