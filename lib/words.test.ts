import { expect, it } from "vitest";
import { holdsWords } from "./words";

it("finds words one by one, in any order and letter case", () => {
  expect(holdsWords("Every workload should be selected by a network policy", "net pol")).toBe(true);
  expect(holdsWords("Every workload should be selected by a network policy", "POLICY  network")).toBe(true);
  expect(holdsWords("eks-prod-euc1-1", "prod euw")).toBe(false);
  expect(holdsWords("anything", " ")).toBe(true);
});
