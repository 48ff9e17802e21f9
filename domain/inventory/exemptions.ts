/** Whether figures are shown with exemptions, or as if there were none. Safe in the browser, and light there: what parses it stands elsewhere. */
export const EXEMPTIONS = ["with", "without"] as const;
export type Exemptions = (typeof EXEMPTIONS)[number] | null;

/** Name of the column that holds such a score, quoted. */
export const scoreColumn = (exemptions: Exemptions): string =>
  exemptions === "without" ? `"scoreWithoutExemptions"` : `"score"`;

/** Such a score of a row. */
export const scoreFor = (
  exemptions: Exemptions,
  row: { score: number | null; scoreWithoutExemptions: number | null },
): number | null => (exemptions === "without" ? row.scoreWithoutExemptions : row.score);

/** The switch between the two, in a page's address. */
export const EXEMPTION_SWITCH = {
  id: "exemptions",
  value: "without",
  off: "Look without exemptions",
  on: "Look with exemptions",
  said: "scores without exemptions",
} as const;
