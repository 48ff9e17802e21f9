import type { ControlState } from "../rollup";

/** What a control says of a cluster as a number 0…15, because a fleet has hundreds of thousands of them. LIFTED is added where an exemption holds for something. */
export const UNSAID = 0;
const [FAILED, NOT_EVALUATED, PASSED, NOT_APPLICABLE, LIFTED] = [1, 2, 3, 4, 8];
const CODES = 16;

const SAID = new Uint8Array(128).fill(NOT_EVALUATED);
for (const [letter, code] of Object.entries({ u: FAILED, e: NOT_EVALUATED, h: PASSED, n: NOT_APPLICABLE })) {
  SAID[letter.charCodeAt(0)] = code;
  SAID[letter.toUpperCase().charCodeAt(0)] = code + LIFTED;
}
/** By the letter of a roll-up, as its character's code. */
export const saidBy = (letter: number): number => SAID[letter] ?? NOT_EVALUATED;

/** What is known of a control on a cluster besides its roll-up: that nothing of the kind is there, no more than that nobody looked, that it could not be listed, or that it is for other distributions. */
export const [NOTHING_THERE, UNSEEN, HIDDEN, ELSEWHERE] = [0, 1, 2, 3];

const isFirm = (code: number): boolean => code % LIFTED === FAILED || code % LIFTED === NOT_EVALUATED;
function settle(besides: number, said: number): number {
  if (besides === ELSEWHERE) return isFirm(said) ? said % LIFTED : NOT_APPLICABLE;
  if (isFirm(said)) return said;
  if (besides === HIDDEN) return said < LIFTED ? NOT_EVALUATED : NOT_EVALUATED + LIFTED;
  if (said % LIFTED !== UNSAID) return said;
  return besides === NOTHING_THERE ? NOT_APPLICABLE : NOT_EVALUATED;
}
const SETTLED = Uint8Array.from({ length: 4 * CODES }, (_, at) => settle(Math.floor(at / CODES), at % CODES));
/** What a control says when all is taken together; what fails or could not be evaluated stays so. */
export const settled = (besides: number, said: number): number => SETTLED[besides * CODES + said] ?? NOT_EVALUATED;

const STATES = ["not_evaluated", "failed", "not_evaluated", "passed", "not_applicable"] as const;
const read = (lifted: (state: ControlState) => ControlState): readonly ControlState[] =>
  Array.from({ length: CODES }, (_, code) => {
    const state = STATES[code % LIFTED] ?? "not_evaluated";
    return code < LIFTED ? state : lifted(state);
  });
/** The state by its number, with exemptions and as if there were none. */
export const READ = {
  with: read((state) => (state === "failed" || state === "not_evaluated" ? state : "exempted")),
  without: read(() => "failed"),
};
export type Exemptions = keyof typeof READ;
