import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Breaks, visible } from "./name";

describe("a name from outside", () => {
  it("shows what cannot be seen", () => {
    expect(visible("pay\nments")).toBe("pay␊ments");
    expect(visible("a\u0000b\u007fc")).toBe("a␀b␡c");
    expect(visible("admin\u202egnp.exe")).toBe("admin\ufffdgnp.exe");
    expect(visible("zero\u200bwidth")).toBe("zero\ufffdwidth");
  });

  it("may break behind dots, slashes and colons of a long word, and shows the same text", () => {
    const drawn = renderToStaticMarkup(createElement(Breaks, { text: "rbac.k8s.io/roles may not be read. \u202e" }));
    expect(drawn).toBe("<bdi>rbac.<wbr/>k8s.<wbr/>io/<wbr/>roles may not be read. \ufffd</bdi>");
  });

  it("leaves letters of every script as they are", () => {
    for (const text of ["حاوية-الدفع", "支払い", "🚢-harbour", "<img src=x onerror=alert(1)>", "x".repeat(253)])
      expect(visible(text)).toBe(text);
  });
});
