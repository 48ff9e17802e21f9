import { expect, it } from "vitest";
import type { Mover } from "../mover/schema";
import { coverageWords, dayWords, moveWords, pointWords } from "./moves";

const mover = (weight: Mover["weight"], joined = false): Mover => ({
  scanId: "019a0000-0000-7000-8000-000000000001",
  account: { id: "019a0000-0000-7000-8000-000000000002", name: "Innovation Lab" },
  cluster: { id: "019a0000-0000-7000-8000-000000000003", name: "aks-lab-1" },
  joined,
  weight,
});

it("says which cluster made which account heavier, and how that account scores", () => {
  expect(moveWords({ step: "weights", resources: 0 }, mover({ heavier: true, score: 55.24 }, true))).toBe(
    "Innovation Lab (score 55.2) counts more: aks-lab-1 joined",
  );
  expect(moveWords({ step: "weights", resources: 0 }, mover({ heavier: true, score: 55.24 }), 2)).toBe(
    "Innovation Lab (score 55.2) counts more: aks-lab-1 grew, and 2 other clusters",
  );
  expect(
    moveWords({ step: "weights", resources: 0 }, { ...mover({ heavier: false, score: null }), cluster: null }),
  ).toBe("Innovation Lab counts less");
  expect(moveWords({ step: "weights", resources: 0 })).toBe("Accounts weigh differently");
});

it("says where the other moves were, and counts one resource as one", () => {
  expect(moveWords({ step: "broken", resources: 27 }, mover(null))).toBe("27 resources broken in aks-lab-1");
  expect(moveWords({ step: "fixed", resources: 1 }, mover(null), 3)).toBe("1 resource fixed, most in aks-lab-1");
  expect(moveWords({ step: "coverage", resources: 1 })).toBe("1 resource seen again or lost sight of");
  expect(moveWords({ step: "coverage", resources: 39, lost: 39 })).toBe("39 resources lost sight of");
  expect(moveWords({ step: "coverage", resources: 39, lost: 0 })).toBe("39 resources seen again");
  expect(moveWords({ step: "coverage", resources: 39, lost: 1 }, mover(null))).toBe(
    "1 resource lost sight of, 38 seen again in aks-lab-1",
  );
  expect(coverageWords(-0.032)).toBe("Coverage fell by 3.2 percentage points");
  expect(coverageWords(0.001, mover(null))).toBe("Coverage rose by 0.1 percentage points in aks-lab-1");
});

it("says what moved a point, and of the first reading that it is one", () => {
  const fixed = { step: "fixed" as const, delta: 0.4, resources: 1 };
  const small = { step: "broken" as const, delta: -0.001, resources: 1 };
  const point = { first: false, ledger: [small, fixed], coverageChange: -0.032 };
  expect(pointWords(point, null)).toBe("1 resource fixed");
  expect(pointWords({ ...point, ledger: [small] }, mover(null))).toBe(
    "Coverage fell by 3.2 percentage points in aks-lab-1",
  );
  expect(pointWords({ ...point, ledger: [], coverageChange: 0 }, null)).toBe("Nothing that shows in the score");
  for (const ledger of [[], [fixed]]) expect(pointWords({ ...point, ledger, first: true }, null)).toBe("First reading");
});

it("says each reason of a day with its points, in ever fewer words", () => {
  const part = { mover: mover(null), others: 0, lost: null };
  expect(dayWords([{ ...part, step: "fixed", delta: 0.8, resources: 10 }])).toEqual([
    "10 resources fixed in aks-lab-1",
    "10 resources fixed",
  ]);
  expect(
    dayWords([
      { ...part, step: "fixed", delta: 0.8, resources: 10 },
      { ...part, step: "broken", delta: -0.3, resources: 1 },
    ]),
  ).toEqual([
    "10 resources fixed in aks-lab-1 +0.8; 1 resource broken in aks-lab-1 −0.3",
    "10 resources fixed +0.8; 1 resource broken −0.3",
    "fixed +0.8; broken −0.3",
  ]);
  expect(dayWords([])).toEqual(["Many small moves"]);
});
