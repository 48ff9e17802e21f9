import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { loadControls } from "../load";
import type { Recommendation } from "../queries";
import { FixFirst, type FixOrder } from "./fix-first";

const [one, two] = loadControls().filter(({ maturity, severity }) => maturity === "stable" && severity === "high");
if (one === undefined || two === undefined) throw new Error("two controls of one severity are needed");
const COUNTS = { healthy: 0, unhealthy: 5, notEvaluated: 0 };
/** One is most of all the cluster's own, the other people's. */
const ROWS: Recommendation[] = [
  { control: one, ...COUNTS, increase: 3, own: 0.5 },
  { control: two, ...COUNTS, increase: 2, own: 1.5 },
];

/** The head of the points' column, and each row's control and points. */
function shown(order: FixOrder): { head: string | undefined; rows: [string | undefined, string | undefined][] } {
  const html = renderToStaticMarkup(<FixFirst rows={ROWS} order={order} place={{}} hrefOf={() => "/"} />);
  const row = /class="r6 idc">([^<]+)<.*?class="num r5 inc">([^<]+)</g;
  return {
    head: [...html.matchAll(/<th class="num">([^<]+)</g)].at(-1)?.[1],
    rows: [...html.matchAll(row)].map((match) => [match[1], match[2]]),
  };
}

it("prints what it orders by, under the name that the figure has everywhere", () => {
  expect(shown("worst")).toEqual({
    head: "Potential",
    rows: [
      [one.id, "+3.0"],
      [two.id, "+2.0"],
    ],
  });
  expect(shown("increase")).toEqual({
    head: "People can gain",
    rows: [
      [two.id, "+1.5"],
      [one.id, "+0.5"],
    ],
  });
});
