import { LISTED_KINDS, WORKLOAD_KINDS } from "@/domain/inventory/schema";
import type { Control } from "@/domain/posture/schema";
import type { ControlState } from "../rollup";

/** A cluster's roll-ups as one row of the database gives them. */
export interface EvidenceRow {
  id: string;
  accountId: string;
  distribution: string;
  /** `SW-0001u,SW-0002h`: u fails somewhere, e could not be evaluated somewhere, h holds, n applies to nothing. */
  rollup: string | null;
  /** Controls that the last scan knew; null when there was none, or it does not say. */
  judged: string | null;
  /** Kinds that the last scan could not list completely. */
  unlisted: string | null;
}

const STATES: Readonly<Record<string, ControlState>> = {
  u: "failed",
  e: "not_evaluated",
  h: "passed",
  n: "not_applicable",
};
const setOf = (text: string | null): ReadonlySet<string> =>
  new Set(text === null || text === "" ? [] : text.split(","));

/** Anything else, such as a managed cluster, a kubelet's settings or a control plane's flags, is not listed: nothing seen is not nothing there. */
const LISTED: ReadonlySet<string> = new Set(LISTED_KINDS.map(({ kind }) => kind));

type Applying = Pick<Control, "appliesTo" | "maturity">;
const kinds = new WeakMap<Applying, readonly string[]>();
/** Kinds that a control needs listed; a pod template may stand in any of the workload kinds. A fleet asks for each control a thousand times. */
function kindsOf(control: Applying): readonly string[] {
  const known = kinds.get(control);
  if (known !== undefined) return known;
  const all = control.appliesTo.resources.flatMap((word) => (word === "Workload" ? [...WORKLOAD_KINDS] : [word]));
  kinds.set(control, all);
  return all;
}

/**
 * What each control says of a cluster. Without a roll-up a control is not applicable only when the last scan knew it, listed
 * all of its kinds, and found nothing; in every other case nobody looked.
 */
export function stateReader(
  row: Omit<EvidenceRow, "id" | "accountId">,
  controls: ReadonlyMap<string, Applying>,
): (controlId: string) => ControlState {
  const known = new Map(
    [...setOf(row.rollup)].map((text) => [text.slice(0, -1), STATES[text.slice(-1)] ?? "not_evaluated"]),
  );
  const [judged, unlisted] = [setOf(row.judged), setOf(row.unlisted)];
  const read = (controlId: string): ControlState => {
    const control = controls.get(controlId);
    if (control === undefined) return "not_evaluated";
    const said = known.get(controlId);
    if (said === "failed" || said === "not_evaluated") return said;
    const { distributions } = control.appliesTo;
    if (distributions !== undefined && !distributions.some((each) => each === row.distribution))
      return "not_applicable";
    if (kindsOf(control).some((kind) => unlisted.has(kind))) return "not_evaluated";
    if (said !== undefined) return said;
    if (!judged.has(controlId)) return "not_evaluated";
    return kindsOf(control).some((kind) => !LISTED.has(kind)) ? "not_evaluated" : "not_applicable";
  };
  const decided = new Map<string, ControlState>(); // a dozen benchmarks ask about the same controls
  return (controlId) => {
    const state = decided.get(controlId) ?? read(controlId);
    decided.set(controlId, state);
    return state;
  };
}
