import { expect, it } from "vitest";
import { boundXml } from "./xml";

const code = (text: string | Buffer, limit = 8) => {
  try {
    return boundXml(Buffer.from(text), limit, "ec2").toString();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

it("lets AWS's answers pass as they are", () => {
  const answer = `<?xml version="1.0"?>\n<R xmlns="x"><a><b>1 &lt; 2</b><c/></a><a/></R>`;
  expect(code(answer)).toBe(answer);
});

it.each([
  ["deep", "<a>".repeat(9) + "</a>".repeat(9), "too_large"],
  ["a document type", `<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>`, "malformed"],
  ["a page of HTML", "<!doctype html><html></html>", "malformed"],
  ["cut", "<a><b>", "malformed"],
  ["JSON", "{}", "malformed"],
  ["nothing", "", "malformed"],
  ["not UTF-8", Buffer.from([0x3c, 0xff, 0x3e]), "malformed"],
])("%s is refused", (_what, text, expected) => expect(code(text)).toBe(expected));
