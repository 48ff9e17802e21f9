import { describe, expect, it } from "vitest";
import { runBufbuild } from "./bufbuild";
import { conformanceCases } from "./cases";
import { runMarcbachmann } from "./marcbachmann";
import { MISSES } from "./misses";
import { runOurs } from "./ours";
import { judge } from "./verdict";

const cases = conformanceCases();
const known = new Map(Object.entries(MISSES).flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const)));
const verdicts = cases.map((one) => ({ one, ...judge(one, runOurs) }));

describe("the official conformance suite", () => {
  it("is read whole", () => expect(cases.length).toBeGreaterThan(2300));

  it("is passed but for the misses that are explained", () => {
    const surprises = verdicts.filter(({ one, passed }) => !passed && !known.has(one.id));
    expect(surprises.map(({ one, given }) => `${one.id}: ${one.test.expr} gave ${given}`)).toEqual([]);
  });

  it("has no explained miss that passes, and none that is no case", () => {
    const missed = new Set(verdicts.filter(({ passed }) => !passed).map(({ one }) => one.id));
    expect([...known.keys()].filter((id) => !missed.has(id))).toEqual([]);
  });

  it("is passed further than by either library", () => {
    const ours = verdicts.filter(({ passed }) => passed).length;
    for (const run of [runBufbuild, runMarcbachmann]) {
      expect(ours).toBeGreaterThan(cases.filter((one) => judge(one, run).passed).length);
    }
  });
});
