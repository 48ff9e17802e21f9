import { z } from "zod";
import { suggestion } from "@/lib/nearest";
import { isStorable } from "@/lib/storable-json";
import { wholeRecord } from "@/lib/whole-record";
import { assessExample } from "../example";
import type { Control } from "../schema";

/** Parameters of one control that replace its own. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Values cannot be used; the message says which and why, for people. */
export class ParameterError extends Error {
  override name = "ParameterError";
}

/** Somebody set a place's parameters since the form was opened: nothing was overwritten. */
export class ParameterRaceError extends ParameterError {
  override name = "ParameterRaceError";
  constructor() {
    super(
      "Somebody set parameters for this place since you opened this form, so nothing was saved. Look at them in another tab; then reload this page and enter yours anew.",
    );
  }
}

/** Somebody set a place's parameters since the page was opened: nothing was taken away. */
export class ParameterTakenRaceError extends ParameterError {
  override name = "ParameterTakenRaceError";
  constructor() {
    super(
      "Somebody set these parameters anew since you opened this page, so nothing was taken away. Reload the page, look at what is set now, and take it away then if it still should go.",
    );
  }
}

const MAX_ITEMS = 500;
const text = z.string().max(2000).refine(isStorable, "a text holds a NUL, or half a character");

/** An empty pattern matches everything: it would find, or excuse, whatever there is. Whoever means nothing writes '^$'. */
const someText = text.min(
  1,
  "an empty text stands for nothing here, and as a pattern for everything; '^$' matches no name",
);

/**
 * What a parameter may be, by the type of its default. A list without items in the control is one of texts. Only a text that is empty in
 * the control may be so.
 */
export function valueSchema(own: unknown): z.ZodType {
  if (typeof own === "boolean") return z.boolean();
  if (typeof own === "string") return own === "" ? text : someText;
  if (typeof own === "number") {
    const number = Number.isInteger(own) ? z.int().max(1_000_000_000) : z.number().max(1e12);
    return own < 0 ? number.min(-1_000_000_000) : number.min(0);
  }
  if (Array.isArray(own)) return z.array(own.length === 0 ? text.min(1) : valueSchema(own[0])).max(MAX_ITEMS);
  if (typeof own === "object" && own !== null) {
    // Values of several types (a name and a limit) each keep their own; a map of equals may have other keys.
    const kinds = Object.values(own).map((value) => (Array.isArray(value) ? "list" : typeof value));
    if (new Set(kinds).size > 1)
      return z.strictObject(Object.fromEntries(Object.entries(own).map(([key, value]) => [key, valueSchema(value)])));
    return wholeRecord(z.record(text.min(1), valueSchema(Object.values(own)[0] ?? ""))).refine(
      (value) => Object.keys(value).length <= MAX_ITEMS,
      `at most ${MAX_ITEMS} entries`,
    );
  }
  return z.never();
}

/**
 * The parameters as given, checked against the control's own: known by name, of the same type, within bounds, and such that the
 * control can still judge its own examples (a pattern must be a pattern). Throws ParameterError.
 */
export function parametersFor(control: Control, given: unknown): Parameters {
  const of = `${control.id} ${control.name}`;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ParameterError(`${of}: parameters are given as NAME: VALUE.`);
  const names = Object.keys(control.params);
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(control.params, name)) {
      const known = names.length === 0 ? " It has none." : ` It has ${names.join(", ")}.`;
      throw new ParameterError(`${of} has no parameter ${name}.${suggestion(name, names) || known}`);
    }
    const parsed = valueSchema(control.params[name]).safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue === undefined ? "" : issue.path.map((part) => `[${String(part)}]`).join("");
      throw new ParameterError(`${of}: ${name}${where}: ${issue?.message ?? "can't be used"}.`);
    }
    checked[name] = parsed.data;
  }
  const fault = unusable(control, checked);
  if (fault !== null) throw new ParameterError(`${of} can't judge with these values: ${fault}`);
  return checked;
}

/** The first example of the control that can be judged with its own parameters, and not with these: what it says then. */
function unusable(control: Control, params: Parameters): string | null {
  for (const example of [...control.examples.pass, ...control.examples.fail]) {
    const assessment = assessExample(control, example, params);
    if (assessment?.outcome === "not_evaluated" && assessment.reason === "error") return assessment.message;
  }
  return null;
}
