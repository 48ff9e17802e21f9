import { toldScore } from "./hundredths";

/** A score 0…100 with one decimal. 100.0 only when nothing is missing, so that 99.97 never reads as all. */
export const scoreText = (score: number): string => (score >= 100 ? 100 : Math.min(toldScore(score), 99.9)).toFixed(1);
/** The difference of two scores as they are shown: with one decimal each, so that the three never disagree. */
export const shownChange = (from: number, to: number): number => Number(scoreText(to)) - Number(scoreText(from));
/** A score, or a dash where there is none. */
export const scoreOr = (score: number | null): string => (score === null ? "–" : scoreText(score));
