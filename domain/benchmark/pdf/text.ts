/** What the PDF's built-in fonts (WinAnsi) can show beside ASCII and Latin-1. */
const MORE = new Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ");

/**
 * Text as the PDF's built-in fonts can show it. Whatever they cannot, control and direction characters among it, is written as its code
 * point: nothing hides, and no two names look the same that are not.
 */
export function printable(text: string, most = 400): string {
  let shown = "";
  for (const character of text.normalize("NFC")) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x2212) shown += "–";
    else if (code === 0x0a || code === 0x09) shown += " ";
    else if ((code >= 0x20 && code < 0x7f) || (code >= 0xa1 && code <= 0xff && code !== 0xad) || MORE.has(character))
      shown += character;
    else shown += `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
    if (shown.length > most) return `${shown.slice(0, most)}…`;
  }
  return shown;
}
