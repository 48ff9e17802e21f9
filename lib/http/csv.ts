import { stringify } from "csv-stringify/sync";

export type Cell = string | number | boolean | null;

/** What begins a formula in a spreadsheet, full-width signs included. */
const FORMULA = /^[=+\-@＝＋－＠]/;
/** Blanks that a spreadsheet may drop before it looks at the first sign: white space, control, zero-width and other format characters. */
const BLANKS = /^[\s\p{Cc}\p{Cf}]+/u;

/**
 * Text that no spreadsheet takes for a formula (ASVS 5.0 V1.2.10): NUL goes, and what would begin with a formula's sign, or with a tab or line
 * break, gets an apostrophe.
 */
export function harmless(text: string): string {
  const plain = text.replaceAll("\0", "");
  return FORMULA.test(plain.replace(BLANKS, "")) || /^[\t\r\n]/.test(plain) ? `'${plain}` : plain;
}

/** Rows of RFC 4180, CRLF at each end. Text is always quoted; numbers are numbers, negative ones too; null is empty. */
export function csvRows(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) =>
      row.map((cell) => (typeof cell === "string" ? harmless(cell) : typeof cell === "boolean" ? String(cell) : cell)),
    ),
    { record_delimiter: "\r\n", quoted_string: true },
  );
}
