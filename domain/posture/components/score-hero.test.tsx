import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { Trend } from "../trend/queries";
import { WEIGHTS_MEANING } from "./moves";
import { ScoreHero } from "./score-hero";

const at = new Date("2026-03-01T09:00:00Z");
const part = { resources: 0, lost: null, mover: null, others: 0 };
const TREND: Trend = {
  points: [{ at, score: 70, scoreWithoutExemptions: 70, coverage: 1 }],
  from: 70,
  ledger: [{ step: "weights", delta: 0 }],
  moves: [],
};

const DAY_MS = 86_400_000;

function shown(trend: Trend, now = at): string {
  const figures = { score: 70, bare: 70, expected: 10, evaluated: 10, reasons: [], dayChange: null, last: null };
  return renderToStaticMarkup(
    <ScoreHero {...figures} trend={trend} place={{}} days={30} now={now} timeZone="UTC" />,
  ).replaceAll("&#x27;", "'");
}

it("says what weights are where they moved the score, in the ledger or at a pin, and nowhere else", () => {
  expect(shown(TREND)).not.toContain(WEIGHTS_MEANING);
  expect(shown({ ...TREND, ledger: [{ step: "weights", delta: -0.4 }] })).toContain(WEIGHTS_MEANING);
  const parts = [{ ...part, step: "weights" as const, delta: 0.5 }];
  expect(shown({ ...TREND, moves: [{ day: at, delta: 0.5, parts }] })).toContain(WEIGHTS_MEANING);
});

it("says over which time the score moved, to eyes and to readers: since its first point where that is younger than the period", () => {
  const later = (days: number) => shown(TREND, new Date(at.getTime() + days * DAY_MS));
  const young = later(5);
  expect(young).toContain("</span> since 1 Mar");
  expect(young).toContain("Secure score since 1 Mar: from 70.0");
  expect(young).toContain("Entries sum to the change since 1 Mar");
  expect(young).not.toContain("30 days");
  const old = later(30);
  expect(old).toContain("</span> in 30 days");
  expect(old).toContain("Secure score over 30 days: from 70.0");
  expect(old).toContain("Entries sum to the change in 30 days");
});
