import fc from "fast-check";
import { expect, it } from "vitest";
import { type Place, type Placeable, placeLabels } from "./label-places";

const extent = ({ x, widths }: Placeable, { anchor, wording }: Place): [number, number] => {
  const width = widths[wording] ?? Number.NaN;
  return anchor === "start" ? [x, x + width] : anchor === "end" ? [x - width, x] : [x - width / 2, x + width / 2];
};

it("never lets two labels of a side touch, nor one leave the plot, and always places the first that fits", () => {
  const label = fc.record({
    x: fc.integer({ min: 0, max: 800 }),
    widths: fc.array(fc.integer({ min: 40, max: 260 }), { minLength: 1, maxLength: 2 }),
    above: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
      const placed = placeLabels(labels, 800).flatMap((place, index) => {
        const label = labels[index];
        return place === null || label === undefined ? [] : [{ above: label.above, at: extent(label, place) }];
      });
      for (const [index, one] of placed.entries()) {
        expect(one.at[0]).toBeGreaterThanOrEqual(0);
        expect(one.at[1]).toBeLessThanOrEqual(800);
        for (const other of placed.slice(index + 1))
          if (one.above === other.above) expect(one.at[1] <= other.at[0] || other.at[1] <= one.at[0]).toBe(true);
      }
      if (labels.length > 0) expect(placed.length).toBeGreaterThan(0);
    }),
  );
});

it("says it in fewer words where the whole does not fit", () => {
  const at = (x: number) => ({ x, widths: [300, 80], above: true });
  expect(placeLabels([at(0), at(320), at(700)], 800).map((place) => place?.wording)).toEqual([0, 0, 1]);
});
