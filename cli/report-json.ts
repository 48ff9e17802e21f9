import type { Control } from "@/domain/posture/schema";
import { type Format, itemOf, made, quoted, summaryOf, withItems } from "./report";
import type { Kept, Result } from "./result";
import type { Tally } from "./tally";

/** JSON that `docs/cli.md` describes. */
export const jsonFormat = (): Format<string> => ({ lines: false, write: evidenceWriter(), report: jsonReport });

function* jsonReport(tally: Tally<string>): Generator<string> {
  const object = { schema: "seawall.check/1", summary: summaryOf(tally), results: [] };
  const heads = new Map<Control, string>();
  const verdicts = new Map<string, string>();
  let last: Kept<string>["place"] | null = null;
  let where = "";
  yield* withItems(object, 2, tally.results, ({ control, outcome, unknown, place, written }) => {
    const { id, name, severity } = control;
    const head = made(heads, control, () => inside({ control: id, name, severity }, ITEM));
    const reason = unknown?.reason ?? null;
    // Only what was not evaluated has a reason, and no reason is called as an outcome is.
    const verdict = made(verdicts, reason ?? outcome, () => inside({ outcome, reason }, ITEM));
    // Results of one object stand together.
    if (last !== place) {
      const { resource, source, prefix } = place;
      where = inside({ resource, source: prefix === "" ? source : { ...source, item: itemOf(prefix) } }, ITEM);
    }
    last = place;
    return [`{${head},${verdict},${where},${ITEM}  "evidence": ${written}${ITEM}}`];
  });
}

/** The margin of an item of `results`. */
const ITEM = "\n    ";

/** `value` as indented JSON without its braces, whose further lines stand at a margin: a line end and blanks. */
const inside = (value: object, margin: string): string =>
  // Line ends inside texts are escaped, so every one is the form's.
  JSON.stringify(value, null, 2)
    .replaceAll("\n", margin)
    .slice(1, -margin.length - 1);

/** Writes the evidence of results. Thousands that wait for the same fact say the same. */
function evidenceWriter(): (result: Result) => string {
  const known = new Map<string, string>();
  return ({ evidence, unknown }) =>
    unknown === null ? evidenceText(evidence) : made(known, unknown.message, () => evidenceText(evidence));
}

function evidenceText(evidence: Result["evidence"]): string {
  if (evidence.length === 0) return "[]";
  const texts: string[] = [];
  for (const { path, message } of evidence) {
    texts.push(
      `${texts.length === 0 ? "[" : ","}${ITEM}    {${ITEM}      "path": `,
      quoted(path),
      `,${ITEM}      "message": `,
      quoted(message),
      `${ITEM}    }`,
    );
  }
  texts.push(`${ITEM}  ]`);
  // Joined, it is one text, and not the twenty that it was made of: hundreds of thousands are kept.
  return texts.join("");
}
