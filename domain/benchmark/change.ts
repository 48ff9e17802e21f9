import { z } from "zod";
import { type Benchmark, type DecidedBy, decidedBy, type Requirement } from "./schema";

/** How a requirement differs from the one of the version before. */
export const changeSchema = z
  .object({
    kind: z.enum(["added", "removed", "changed"]),
    id: z.string().meta({ description: "Its id now; of a removed one, its id then" }),
    title: z.string(),
    differences: z.array(z.string()).meta({ description: "Only of a changed one: what is different, in words" }),
  })
  .meta({ id: "RequirementChange" });
export type RequirementChange = z.infer<typeof changeSchema>;

const WORDS: Readonly<Record<DecidedBy, string>> = {
  controls: "by controls",
  "controls-or-person": "by controls, or a person where they cannot look",
  "controls-and-person": "by controls and a person",
  person: "by a person",
};
const all = ({ sections }: Benchmark): Map<string, Requirement> =>
  new Map(sections.flatMap((section) => section.requirements.map((requirement) => [requirement.id, requirement])));
const list = (ids: readonly string[]): string => ids.join(", ");

function differencesOf(before: Requirement, now: Requirement): string[] {
  const said: string[] = [];
  if (before.id !== now.id) said.push(`was ${before.id}`);
  if (before.title !== now.title) said.push(`was called “${before.title}”`);
  const [then, here] = [decidedBy(before), decidedBy(now)];
  if (then !== here) said.push(`decided ${WORDS[here]}, before ${WORDS[then]}`);
  const gone = (before.controls ?? []).filter((id) => !now.controls?.includes(id));
  const fresh = (now.controls ?? []).filter((id) => !before.controls?.includes(id));
  if (fresh.length > 0) said.push(`judged also by ${list(fresh)}`);
  if (gone.length > 0) said.push(`no longer judged by ${list(gone)}`);
  return said;
}

/** What differs between two versions of a benchmark, in the order of the new one; what went comes last. */
export function changesBetween(before: Benchmark, now: Benchmark): RequirementChange[] {
  const [then, here] = [all(before), all(now)];
  const oldId = (id: string): string => now.renumbered[id] ?? id;
  const kept = new Set([...here.keys()].map(oldId));
  const changes: RequirementChange[] = [];
  for (const [id, requirement] of here) {
    const old = then.get(oldId(id));
    if (old === undefined) changes.push({ kind: "added", id, title: requirement.title, differences: [] });
    else {
      const differences = differencesOf(old, requirement);
      if (differences.length > 0) changes.push({ kind: "changed", id, title: requirement.title, differences });
    }
  }
  for (const [id, { title }] of then) if (!kept.has(id)) changes.push({ kind: "removed", id, title, differences: [] });
  return changes;
}
