import { CONTROL_PLANE_KINDS } from "@/domain/inventory/control-plane";
import { LISTED_KINDS, WORKLOAD_KINDS } from "@/domain/inventory/schema";
import type { Control } from "@/domain/posture/schema";
import type { ControlState } from "../rollup";
import { ELSEWHERE, type Exemptions, HIDDEN, NOTHING_THERE, READ, saidBy, settled, UNSAID, UNSEEN } from "./code";

/** A cluster's roll-ups as one row of the database gives them. */
export interface EvidenceRow {
  id: string;
  accountId: string;
  distribution: string;
  /** `SW-0001u,SW-0002H`: u fails somewhere, e could not be evaluated somewhere, h holds, n applies to nothing; a capital where an exemption holds for something. */
  states: string;
  /** Controls that the last scan knew; none when there was no scan, or it does not say. */
  judged: string;
  /** Kinds that the last scan could not list completely. */
  unlisted: string;
}

const COMMA = ",".charCodeAt(0);
type Applying = Pick<Control, "appliesTo" | "maturity">;
/** Anything else, such as a managed cluster, a kubelet's settings or a control plane's flags, is not listed: nothing seen is not nothing there. */
const LISTED: ReadonlySet<string> = new Set(LISTED_KINDS.map(({ kind }) => kind));

/** Kinds that a control needs listed; a pod template may stand in any of the workload kinds. */
const kindsOf = (control: Applying): readonly string[] =>
  control.appliesTo.resources.flatMap((word) => (word === "Workload" ? [...WORKLOAD_KINDS] : [word]));

/** Whether a cluster cannot have what a control judges: where a cloud runs the control plane, its processes are none of the customer's (decision 0012). */
const isElsewhere = ({ appliesTo }: Applying, distribution: string): boolean =>
  appliesTo.distributions?.every((each) => each !== distribution) ??
  (distribution !== "arc" && appliesTo.resources.every((word) => CONTROL_PLANE_KINDS.includes(word)));

/** What is known of each control besides its roll-up, and what it says where it has none. */
interface Besides {
  besides: Uint8Array;
  unsaid: Uint8Array;
}
type Told = Omit<EvidenceRow, "id" | "accountId">;
const words = (text: string): ReadonlySet<string> => new Set(text === "" ? [] : text.split(","));

/**
 * What each control says of each cluster of a fleet. Without a roll-up a control is not applicable only when the last scan knew it, listed
 * every kind that it is about, and all of these are kinds that scans list: everything else was not seen, and that is not evaluated.
 */
export class StateReader {
  readonly #ids: readonly string[];
  readonly #at: ReadonlyMap<string, number>;
  readonly #controls: readonly Applying[];
  /** What is known besides roll-ups, by the texts that say it: a thousand clusters have a handful of them. */
  readonly #besides = new Map<string, Map<string, Besides>>();
  /** Of the long text that came last, which is mostly the one that comes next. */
  #last = { judged: "", known: new Map<string, Besides>() };

  constructor(controls: ReadonlyMap<string, Applying>) {
    const sorted = [...controls].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#ids = sorted.map(([id]) => id);
    this.#controls = sorted.map(([, control]) => control);
    this.#at = new Map(this.#ids.map((id, at) => [id, at]));
  }

  #known({ distribution, judged, unlisted }: Told): Besides {
    if (judged !== this.#last.judged) {
      const known = this.#besides.get(judged) ?? new Map<string, Besides>();
      this.#besides.set(judged, known);
      this.#last = { judged, known };
    }
    const key = `${distribution} ${unlisted}`;
    const known = this.#last.known.get(key) ?? this.#look(distribution, words(judged), words(unlisted));
    this.#last.known.set(key, known);
    return known;
  }

  #look(distribution: string, judged: ReadonlySet<string>, unlisted: ReadonlySet<string>): Besides {
    const besides = Uint8Array.from(this.#controls, (control, at) => {
      const kinds = kindsOf(control);
      if (isElsewhere(control, distribution)) return ELSEWHERE;
      if (kinds.some((kind) => unlisted.has(kind))) return HIDDEN;
      return judged.has(this.#ids[at] ?? "") && kinds.every((kind) => LISTED.has(kind)) ? NOTHING_THERE : UNSEEN;
    });
    return { besides, unsaid: besides.map((known) => settled(known, UNSAID)) };
  }

  /** What each control says, by number. Roll-ups come in the order of ids, so that nearly every one is where it is expected. */
  #says(row: Told): Uint8Array {
    const { states } = row;
    const { besides, unsaid } = this.#known(row);
    const says = unsaid.slice();
    let expected = 0;
    for (let from = 0; from < states.length; ) {
      const id = this.#ids[expected] ?? "";
      let letter = from + id.length;
      let at: number | undefined = expected;
      const ends = letter + 1 === states.length || states.charCodeAt(letter + 1) === COMMA;
      if (!ends || !states.startsWith(id, from)) {
        const comma = states.indexOf(",", from);
        letter = (comma < 0 ? states.length : comma) - 1;
        at = this.#at.get(states.slice(from, letter));
      }
      if (at !== undefined) {
        says[at] = settled(besides[at] ?? UNSEEN, saidBy(states.charCodeAt(letter)));
        expected = at + 1;
      }
      from = letter + 2;
    }
    return says;
  }

  /** What each control says of a cluster: with exemptions, and as if there were none. */
  read(row: Told): Record<Exemptions, (id: string) => ControlState> {
    const says = this.#says(row);
    const reader = (states: readonly ControlState[]) => (id: string) =>
      states[says[this.#at.get(id) ?? -1] ?? UNSAID] ?? "not_evaluated";
    return { with: reader(READ.with), without: reader(READ.without) };
  }
}
