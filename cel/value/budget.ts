/** Thrown when an evaluation has used up its steps: no `||` absorbs it. */
export class OutOfBudget extends Error {
  override name = "OutOfBudget";
}

let left = 0;

/** Steps for the evaluation that begins now. Evaluations don't nest and never wait, so one counter does. */
export function refill(steps: number): void {
  left = steps;
}

/** Takes steps for work that grows with the data: an element compared, a match found. Throws OutOfBudget. */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new OutOfBudget("The expression took more steps than are allowed.");
}

/**
 * Takes a step for every sixteen characters or bytes that are read or made, so that short texts are free and all texts that one
 * evaluation makes fit into the memory. Throws OutOfBudget.
 */
export function spendLength(length: number): void {
  if (length > 15) spend(Math.floor(length / 16));
}

/** Takes the steps of a search: a part of many characters may be compared again at each place of the text. Throws OutOfBudget. */
export function spendSearch(text: string, part: string): void {
  if (part.length <= text.length) spendLength(text.length * (1 + (part.length >> 4)));
}
