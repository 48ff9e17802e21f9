import { expect, it } from "vitest";
import { digitsOf } from "./ledger";

it("shows hundredths of changes only where nothing else would show", () => {
  expect(digitsOf([0.03, 0, -0.01])).toBe(2);
  expect(digitsOf([0.03, 0.4])).toBe(1);
  expect(digitsOf([0, 0.001])).toBe(1);
});
