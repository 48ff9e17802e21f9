import "server-only";
import type { Origin } from "../origin";
import { allowAttempt } from "./store";

const QUARTER_HOUR = 15 * 60 * 1000;
export const TOO_MANY = "Too many attempts. Wait a quarter of an hour and try again.";

/** Nobody guesses the 256 bits of a one-time link: this holds back who tries, and must not hold back everybody else. */
export const mayTry = (what: string, { address }: Origin, most: number): Promise<boolean> =>
  allowAttempt(`${what} from:${address ?? "nowhere"}`, most, QUARTER_HOUR);
