/** Thrown when an evaluation has used up its steps: no `||` absorbs it. */
export class OutOfBudget extends Error {
  override name = "OutOfBudget";
}

let left = 0;

/** Steps for the evaluation that begins now. Evaluations don't nest and never wait, so one counter does. */
export function refill(steps: number): void {
  left = steps;
}

/** Takes steps for work that grows with the data: an element compared, a hundred characters searched. Throws OutOfBudget. */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new OutOfBudget("The expression took more steps than are allowed.");
}
