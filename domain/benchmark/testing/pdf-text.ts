import { inflateSync } from "node:zlib";

/** Objects of a PDF as they are written: number, dictionary, and the stream where there is one that unpacks. */
function objectsOf(pdf: Uint8Array): Map<string, { words: string; stream: string }> {
  const text = Buffer.from(pdf).toString("latin1");
  const objects = new Map<string, { words: string; stream: string }>();
  for (const found of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)endobj/g)) {
    const [, id = "", body = ""] = found;
    const [words = "", packed] = body.split(/stream\r?\n/, 2);
    const isText = packed !== undefined && words.includes("FlateDecode") && !words.includes("/Subtype");
    objects.set(id, { words, stream: isText ? inflateSync(Buffer.from(packed, "latin1")).toString("latin1") : "" });
  }
  return objects;
}

/** Which text each glyph of a font stands for, by its ToUnicode map. */
function glyphsOf(map: string): string[] {
  const [, listed = ""] = /beginbfrange([\s\S]*)endbfrange/.exec(map) ?? [];
  return [...listed.matchAll(/\[([^\]]*)\]/g)].flatMap(([, some = ""]) =>
    [...some.matchAll(/<([0-9a-f]+)>/gi)].map(([, hex = ""]) => Buffer.from(hex, "hex").swap16().toString("utf16le")),
  );
}

/** The text of a PDF that `@react-pdf/renderer` made, in the order in which it is drawn, without spaces between the pieces. */
export function pdfText(pdf: Uint8Array): string {
  const objects = objectsOf(pdf);
  const fonts = new Map<string, string[]>();
  for (const { words } of objects.values()) {
    for (const [, name = "", id = ""] of words.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const [, map = ""] = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.words ?? "") ?? [];
      fonts.set(name, glyphsOf(objects.get(map)?.stream ?? ""));
    }
  }
  let text = "";
  for (const { stream } of objects.values()) {
    let glyphs: string[] = [];
    for (const [, font, hex] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9a-f]+)>/gi)) {
      if (font !== undefined) glyphs = fonts.get(font) ?? [];
      else for (const [code] of (hex ?? "").matchAll(/.{4}/g)) text += glyphs[Number.parseInt(code, 16)] ?? "";
    }
  }
  return text;
}
