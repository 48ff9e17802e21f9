import { expect, it } from "vitest";
import { byIncrease, byOwn, byWorst, ownRaises } from "./order";
import type { Severity } from "./schema";

const row = (id: string, severity: Severity, increase: number, unhealthy: number) => ({
  control: { id, severity },
  increase,
  unhealthy,
});
const ROWS = [
  row("SW-0001", "low", 3.9, 390),
  row("SW-0002", "high", 0.1, 12),
  row("SW-0003", "critical", 0, 17),
  row("SW-0004", "high", 0.62, 3),
  row("SW-0005", "high", 0.58, 9), // printed as 0.6 too
];
const ids = (rows: typeof ROWS) => rows.map(({ control }) => control.id.slice(-1)).join("");

it("puts the gravest first, and what raises the score most among equals", () => {
  expect(ids([...ROWS].sort(byWorst))).toBe("35421");
  expect(ids([...ROWS].sort(byIncrease))).toBe("15423");
});

it("puts first what people can change, and tells what raises nothing that is printed", () => {
  const owned = ROWS.map((each, at) => ({ ...each, own: [0.04, 0.1, 0, 0.2, 0.58][at] ?? 0 }));
  expect(
    owned
      .filter(ownRaises)
      .sort(byOwn)
      .map(({ control }) => control.id.slice(-1)),
  ).toEqual(["5", "4", "2"]);
});
