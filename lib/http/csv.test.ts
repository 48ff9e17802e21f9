import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRows, harmless } from "./csv";

describe("cells of a file", () => {
  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "\0=1",
    "=\0",
    " \0 =1",
    "\tplain",
    "\rplain",
    "=cmd|' /C calc'!A0",
    "\u0085=1",
    "\u2028=1",
  ])("takes the formula out of %j", (text) => {
    const safe = harmless(text);
    expect(safe.startsWith("'")).toBe(true);
    expect(safe).not.toContain("\0");
  });

  it("leaves plain text, and numbers, as they are", () => {
    expect(harmless("shop/checkout-7")).toBe("shop/checkout-7");
    expect(harmless("a=b")).toBe("a=b");
    expect(csvRows([[-0.5, null, true, 'a "b"\r\nc,d;e']])).toBe('-0.5,,"true","a ""b""\r\nc,d;e"\r\n');
  });

  it("comes back as it went in, whatever the names are", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 8 }), (rows) => {
        const read = parse(csvRows(rows), { record_delimiter: "\r\n" }) as string[][];
        expect(read).toEqual(rows.map((row) => row.map(harmless)));
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[\s\p{Cf}]*[=+\-@＝＋－＠]/u);
      }),
    );
  });
});
