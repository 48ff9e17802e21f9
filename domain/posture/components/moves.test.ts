import { expect, it } from "vitest";
import type { Mover } from "../mover/schema";
import { coverageWords, moveWords } from "./moves";

const mover = (weight: Mover["weight"], joined = false): Mover => ({
  scanId: "019a0000-0000-7000-8000-000000000001",
  account: { id: "019a0000-0000-7000-8000-000000000002", name: "Innovation Lab" },
  cluster: { id: "019a0000-0000-7000-8000-000000000003", name: "aks-lab-1" },
  joined,
  weight,
});

it("says which cluster made which account heavier, and how that account scores", () => {
  expect(moveWords("weights", 0, mover({ heavier: true, score: 55.24 }, true))).toBe(
    "Innovation Lab (score 55.2) counts more: aks-lab-1 joined",
  );
  expect(moveWords("weights", 0, mover({ heavier: true, score: 55.24 }), 2)).toBe(
    "Innovation Lab (score 55.2) counts more: aks-lab-1 grew, and 2 other clusters",
  );
  expect(moveWords("weights", 0, { ...mover({ heavier: false, score: null }), cluster: null })).toBe(
    "Innovation Lab counts less",
  );
  expect(moveWords("weights", 0)).toBe("Accounts weigh differently");
});

it("says where the other moves were, and counts one resource as one", () => {
  expect(moveWords("broken", 27, mover(null))).toBe("27 resources broken in aks-lab-1");
  expect(moveWords("fixed", 1, mover(null), 3)).toBe("1 resource fixed, most in aks-lab-1");
  expect(moveWords("coverage", 1)).toBe("1 resource seen again or lost sight of");
  expect(coverageWords(-0.032)).toBe("Coverage fell by 3.2 percentage points");
  expect(coverageWords(0.001, mover(null))).toBe("Coverage rose by 0.1 percentage points in aks-lab-1");
});
