import { LISTED_KINDS, WORKLOAD_KINDS } from "@/domain/inventory/schema";
import type { Control } from "@/domain/posture/schema";
import type { ControlState } from "../rollup";

/** A cluster's roll-ups as one row of the database gives them. */
export interface EvidenceRow {
  id: string;
  accountId: string;
  distribution: string;
  /** `SW-0001u,SW-0002h`: u fails somewhere, e could not be evaluated somewhere, h holds, n applies to nothing. */
  states: string;
  /** Controls that the last scan knew; none when there was no scan, or it does not say. */
  judged: string;
  /** Kinds that the last scan could not list completely. */
  unlisted: string;
  /** Controls that an exemption holds for a finding of, with commas between. */
  exempted: string;
}

type Applying = Pick<Control, "appliesTo" | "maturity">;
/** Said by a roll-up; 0 is nothing. */
const SAID: Readonly<Record<string, number>> = { u: 1, e: 2, h: 3, n: 4 };
const STATES: readonly ControlState[] = [
  "not_evaluated",
  "failed",
  "not_evaluated",
  "passed",
  "not_applicable",
  "exempted",
];
const [UNSEEN, FAILED, NOT_EVALUATED, NOT_APPLICABLE, EXEMPTED] = [0, 1, 2, 4, 5];

/** Anything else, such as a managed cluster, a kubelet's settings or a control plane's flags, is not listed: nothing seen is not nothing there. */
const LISTED: ReadonlySet<string> = new Set(LISTED_KINDS.map(({ kind }) => kind));

/** Kinds that a control needs listed; a pod template may stand in any of the workload kinds. */
const kindsOf = (control: Applying): readonly string[] =>
  control.appliesTo.resources.flatMap((word) => (word === "Workload" ? [...WORKLOAD_KINDS] : [word]));

/**
 * What each control says of each cluster of a fleet. Without a roll-up a control is not applicable only when the last scan knew it, listed
 * every kind that it is about, and all of these are kinds that scans list: everything else was not seen, and that is not evaluated.
 */
export class StateReader {
  readonly #ids: readonly string[];
  readonly #at: ReadonlyMap<string, number>;
  readonly #controls: readonly Applying[];
  /** Of each text that was met, by control: a thousand clusters have a handful of them. */
  readonly #marks = new Map<string, Uint8Array>();

  constructor(controls: ReadonlyMap<string, Applying>) {
    const sorted = [...controls].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#ids = sorted.map(([id]) => id);
    this.#controls = sorted.map(([, control]) => control);
    this.#at = new Map(this.#ids.map((id, at) => [id, at]));
  }

  /** Controls that a text marks, by `marks`, which gets the text's words. */
  #marked(
    what: string,
    text: string,
    marks: (words: ReadonlySet<string>, control: Applying, id: string) => boolean,
  ): Uint8Array {
    const key = `${what} ${text}`;
    const known = this.#marks.get(key);
    if (known !== undefined) return known;
    const words = new Set(text === "" ? [] : text.split(","));
    const marked = Uint8Array.from(this.#controls, (control, at) => Number(marks(words, control, this.#ids[at] ?? "")));
    this.#marks.set(key, marked);
    return marked;
  }

  /** What roll-ups say, by control. They come in the order of ids, so that nearly every one is where it is expected. */
  #said(states: string): Uint8Array {
    const said = new Uint8Array(this.#ids.length);
    let expected = 0;
    for (let from = 0; from < states.length; ) {
      const comma = states.indexOf(",", from);
      const end = (comma < 0 ? states.length : comma) - 1;
      const id = this.#ids[expected];
      const there = id !== undefined && id.length === end - from && states.startsWith(id, from);
      const at = there ? expected : this.#at.get(states.slice(from, end));
      if (at !== undefined) {
        said[at] = SAID[states.charAt(end)] ?? NOT_EVALUATED;
        expected = at + 1;
      }
      from = end + 2;
    }
    return said;
  }

  /** What each control says of a cluster: with exemptions, or as if there were none. */
  read(
    { distribution, states, judged, unlisted, exempted }: Omit<EvidenceRow, "id" | "accountId">,
    exemptions: "with" | "without" = "with",
  ): (id: string) => ControlState {
    const says = this.#said(states);
    const elsewhere = this.#marked(
      "elsewhere",
      distribution,
      (here, { appliesTo: { distributions } }) =>
        distributions !== undefined && !distributions.some((each) => here.has(each)),
    );
    const hidden = this.#marked("hidden", unlisted, (kinds, control) =>
      kindsOf(control).some((kind) => kinds.has(kind)),
    );
    const known = this.#marked("known", judged, (ids, _control, id) => ids.has(id));
    const unseen = this.#marked("unseen", "", (_none, control) => kindsOf(control).some((kind) => !LISTED.has(kind)));
    for (let at = 0; at < says.length; at++) {
      const said = says[at];
      if (said === SAID.u || said === SAID.e) continue;
      if (elsewhere[at] === 1) says[at] = NOT_APPLICABLE;
      else if (hidden[at] === 1) says[at] = NOT_EVALUATED;
      else if (said === UNSEEN) says[at] = known[at] === 1 && unseen[at] === 0 ? NOT_APPLICABLE : NOT_EVALUATED;
    }
    for (const id of exempted === "" ? [] : exempted.split(",")) {
      const at = this.#at.get(id);
      if (at === undefined || elsewhere[at] === 1) continue;
      if (exemptions === "without") says[at] = FAILED;
      else if (says[at] !== FAILED && says[at] !== NOT_EVALUATED) says[at] = EXEMPTED;
    }
    return (id) => STATES[says[this.#at.get(id) ?? -1] ?? NOT_EVALUATED] ?? "not_evaluated";
  }
}
