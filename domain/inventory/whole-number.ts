/** Digits in groups, with a base before them as Go writes it: `30`, `1_000`, `0x1e`, `0b11110`, `0o36`, and `036`, which is octal too. */
const WRITTEN = /^([+-]?)(0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9A-Fa-f])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
/** No number of 64 bits is longer, in whichever base. */
const MAX_LENGTH = 140;

/**
 * A whole number as programs in Go read it from a flag (`strconv.ParseInt` with base 0), in decimal; null for what they refuse to
 * start with. https://pkg.go.dev/strconv#ParseInt, https://go.dev/ref/spec#Integer_literals
 */
export function wholeNumber(text: string, bits: 32 | 64): string | null {
  const [, sign, written] = text.length > MAX_LENGTH ? [] : (WRITTEN.exec(text) ?? []);
  if (written === undefined) return null;
  const digits = written.replaceAll("_", "").toLowerCase();
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits) * (sign === "-" ? -1n : 1n);
  return BigInt.asIntN(bits, value) === value ? String(value) : null;
}
