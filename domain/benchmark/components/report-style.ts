import { createRequire } from "node:module";
import { Font, StyleSheet } from "@react-pdf/renderer";

/** The console's typeface, of which the renderer reads single weights only. What one part lacks is taken from the next. */
const PARTS = { Inter: "latin", "Inter more": "latin-ext" };
const WEIGHTS = [400, 600];
const files = createRequire(import.meta.url);
for (const [family, part] of Object.entries(PARTS)) {
  Font.register({
    family,
    fonts: WEIGHTS.map((fontWeight) => ({
      src: files.resolve(`@fontsource/inter/files/inter-${part}-${fontWeight}-normal.woff`),
      fontWeight,
    })),
  });
}

/** The look of the product on paper: ink, hairlines, one teal; a hatch for what nobody has seen. */
export const INK = {
  ink: "#181B20",
  second: "#50545A",
  third: "#636568",
  line: "#CBC6BA",
  faint: "#E4E0D7",
  accent: "#08686D",
  track: "#EAE7DF",
};

/** Of plain text, in points. */
export const SIZE = 9;

export const STYLE = StyleSheet.create({
  page: {
    fontFamily: Object.keys(PARTS),
    fontSize: SIZE,
    lineHeight: 1.4,
    color: INK.ink,
    paddingTop: 48,
    paddingBottom: 56,
    paddingHorizontal: 48,
  },
  bold: { fontWeight: 600 },
  /** From the top of an A4 page: what is rendered late, such as a page number, has no height yet to be measured from below. */
  foot: { position: "absolute", top: 806, fontSize: 7.5, lineHeight: 1.4, color: INK.third },
  h1: { fontWeight: 600, fontSize: 15, lineHeight: 1.25, marginBottom: 4 },
  lead: { color: INK.second, marginBottom: 10, maxWidth: 440 },
  dim: { color: INK.third },
  small: { fontSize: 8, color: INK.second },
  row: { flexDirection: "row", paddingVertical: 3.5 },
  dense: { flexDirection: "row", paddingVertical: 1.75 },
  /** A line is a box of its own: borders of rows at the end of a page make the renderer compute with endless numbers. */
  line: { height: 0.5, backgroundColor: INK.faint },
  head: { flexDirection: "row", paddingVertical: 3, color: INK.third, fontSize: 8 },
  /** Digits of one width. Not for text: hyphens would be as wide. */
  num: { textAlign: "right", fontFeatureSettings: ["tnum"] },
});
