import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { CoverageFigure } from "@/components/coverage-figure";
import { NothingOpen } from "./nothing-open";
import { GroupTable } from "./tables";

const textOf = (html: string): string => html.replaceAll(/<[^>]+>/g, "").replaceAll("&#x27;", "'");
const said = (expected: number, evaluated: number) => {
  const html = renderToStaticMarkup(
    <NothingOpen title="No open findings" assessed={{ expected, evaluated }}>
      All holds.
    </NothingOpen>,
  );
  return { words: textOf(html), ticked: html.includes('class="m healthy"') };
};

it("says that all holds, and ticks it, only where all that was due was evaluated", () => {
  expect(said(21_098, 21_098)).toEqual({ words: "No open findingsAll holds.", ticked: true });
  const some = said(21_098, 21_087);
  expect(some.words).toMatch(
    /^No open findings among what could be evaluated11 of 21,098 assessments could not be made/,
  );
  expect(some.ticked).toBe(false);
  expect(said(0, 0)).toEqual({ words: "Nothing was there to evaluate yet, so nothing can be said.", ticked: false });
});

it("has no figure for the coverage and the groups of nothing", () => {
  expect(textOf(renderToStaticMarkup(<CoverageFigure ratio={null} none="nothing evaluated" done="evaluated" />))).toBe(
    "Coverage–",
  );
  expect(textOf(renderToStaticMarkup(<GroupTable totals={{}} place={{}} />))).toBe(
    "Nothing was there to evaluate yet.",
  );
});
