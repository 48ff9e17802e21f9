import { count } from "@/components/format";
import { Mark } from "@/components/marks";
import type { Tally } from "../rollup";
import { REQUIREMENT_STATES, type RequirementState } from "../schema";
import { STATE_MARKS, STATE_WORDS } from "./words";

/** Whether a requirement's state over many clusters is what people said of all of them: what controls say of one is nobody's word. */
export const isAttested = (tally: Tally): boolean =>
  tally.attested > 0 && tally.attested === REQUIREMENT_STATES.reduce((sum, state) => sum + tally[state], 0);

/** Shape and word of a requirement's state. */
export function StateMark({ state, attested = false }: { state: RequirementState; attested?: boolean }) {
  const mark = STATE_MARKS[state];
  return (
    <span className={`req-state ${state}`}>
      {mark === null ? <span className="none" aria-hidden="true" /> : <Mark name={mark} />}
      <span>
        {STATE_WORDS[state]}
        {attested ? <span className="dim">, attested</span> : null}
      </span>
    </span>
  );
}

/** How many clusters are in which state: the worst first; nothing where one word says it all. */
export function Spread({ tally }: { tally: Readonly<Record<RequirementState, number>> }) {
  const parts = REQUIREMENT_STATES.filter((state) => tally[state] > 0);
  const all = parts.reduce((sum, state) => sum + tally[state], 0);
  if (all === 0) return <span className="dim">no cluster</span>;
  if (parts.length === 1) return <span className="dim">{all === 1 ? "1 cluster" : `all ${count(all)} clusters`}</span>;
  return (
    <span className="spread">
      {parts.map((state) => (
        <span key={state} className="nw">
          {count(tally[state])} {STATE_WORDS[state].toLowerCase()}
        </span>
      ))}
    </span>
  );
}
