import type { Readable } from "node:stream";
import { reduceConfigMap } from "@/domain/inventory/config-map/reduced";
import { groupOf } from "@/domain/inventory/schema";
import { controllerOf } from "@/domain/inventory/workload";
import type { Subject } from "@/domain/posture/schema";
import { controlPlaneParts, partSubject } from "./control-plane";
import { certainFacts } from "./facts";
import type { FileFacts } from "./file-facts";
import { namedNamespaces } from "./named-namespace";
import { type Given, tellsOfOthers, wordOf } from "./objects";
import { topmost } from "./owned";
import { readAll } from "./reading";
import type { OpenPlace } from "./result";
import type { Asked, Asking, Known, Noted, Tally } from "./tally";

/**
 * Reads everything, and judges every topmost object by every control of its kind. Controls that need an object alone are asked
 * when the files of a turn are read, while the second thread reads on.
 */
export async function check<W>(paths: readonly string[], stdin: Readable, tally: Tally<W>): Promise<void> {
  // By what was given: an alias makes one object two items of a list.
  const early = new Map<Given, Noted<W>>();
  const begin = (judged: readonly Pick<Judgeable, "given" | "as">[]): void => {
    const asking = judged.flatMap(({ given: one, as }): [Given, Asking][] => {
      const subject = as === "part" ? partSubject(one.object) : subjectOf(one);
      return subject === null ? [] : [[one, { subject, place: placeOf(one) }]];
    });
    const noted = tally.begin(asking.map(([, one]) => one));
    for (const [nth, [one]] of asking.entries()) if (noted[nth] !== undefined) early.set(one, noted[nth]);
  };
  const given = await readAll(paths, stdin, tally, (read) => {
    // Another object may stand for what has an owner.
    const own = read.filter(({ object }) => controllerOf(object.metadata) === null);
    for (let at = 0; at < own.length; at += TOGETHER)
      begin(own.slice(at, at + TOGETHER).map((one) => ({ given: one, as: "held" })));
  });
  if (given.length === 0 && tally.problems.length === 0) {
    tally.problems.push({ file: paths.join(", "), message: "nothing to judge: no Kubernetes object was found." });
  }
  nameUnjudged(given, tally);
  // What is judged is let go: the results of thousands of objects take the room of the objects.
  const left = judgeable(given.splice(0), tally.asked).reverse();
  while (left.length > 0) {
    const next = left.splice(-TOGETHER).reverse();
    begin(next.filter(({ given: one, as }) => as !== "named" && !early.has(one)));
    const known: Known<W>[] = [];
    for (const { given: one, as, facts } of next) {
      const noted = early.get(one);
      early.delete(one);
      if (as !== "named" && noted !== undefined)
        known.push({ noted, facts: { ...facts.certain }, between: facts.between });
    }
    tally.judge(known);
    // They stand behind all others.
    for (const { given: one, as, facts } of next) {
      const namespace = as === "named" ? subjectOf(one) : null;
      if (namespace !== null) tally.judgeNamed({ ...namespace, facts: { ...facts.certain } }, placeOf(one));
    }
  }
}

/** How many objects are judged at once (`Assessor.begin`). */
const TOGETHER = 25;

/** Kinds that no control judges which are named one by one. */
const MAX_UNJUDGED = 20;

/** Names the kinds that were given and are judged by no control: one of them may be mistyped, and its object a workload. */
function nameUnjudged(given: readonly Given[], tally: Tally): void {
  const amounts = new Map<string, number>();
  for (const { object } of given) {
    if (wordOf(object) !== null) continue;
    const what = `${object.apiVersion} ${object.kind}`;
    amounts.set(what, (amounts.get(what) ?? 0) + 1);
  }
  if (amounts.size === 0) return;
  const named = [...amounts].slice(0, MAX_UNJUDGED).map(([what, amount]) => `${amount} ${what}`);
  const more = amounts.size - named.length;
  const rest = more > 0 ? `, and ${more} more kinds` : "";
  tally.passedOver.push(`not judged, since no control knows the kind: ${named.join(", ")}${rest}.`);
}

/** Something to be judged with what the files tell of it: as they hold it, as a part of a control plane that a pod runs, or only named. */
interface Judgeable {
  given: Given;
  facts: FileFacts;
  as: "held" | "part" | "named";
}
const NO_FACTS: FileFacts = { certain: {}, between: undefined };

/** The topmost objects that a control may judge, in order, the processes of a control plane, and the namespaces of workloads. */
function judgeable(given: readonly Given[], { version, cluster: { distribution } }: Asked): Judgeable[] {
  const top = topmost(given);
  const telling = top.filter(({ object }) => tellsOfOthers(object)).map(({ object }) => object);
  const factsOf = certainFacts(telling, version);
  const withFacts = (one: Given, as: Judgeable["as"]): Judgeable => ({ given: one, facts: factsOf(one.object), as });
  const judged = top.filter(({ object }) => wordOf(object) !== null);
  return [
    ...judged.map((one) => withFacts(one, "held")),
    ...controlPlaneParts(top, distribution).map((one): Judgeable => ({ given: one, facts: NO_FACTS, as: "part" })),
    ...namedNamespaces(top).map((one) => withFacts(one, "named")),
  ];
}

/** An object as controls judge it, but its facts; null where none judges its kind. */
function subjectOf({ object }: Given): Omit<Subject, "facts"> | null {
  const appliesTo = wordOf(object);
  if (appliesTo === null) return null;
  const { apiVersion, kind, metadata } = object;
  const key = { apiGroup: groupOf(apiVersion), kind, namespace: metadata.namespace ?? "", name: metadata.name };
  // Of a ConfigMap nothing goes on but its keys and what their values look like.
  return { key, appliesTo, object: appliesTo === "ConfigMap" ? reduceConfigMap(object) : object };
}

function placeOf({ object: { apiVersion, kind, metadata }, ...written }: Given): OpenPlace {
  return { resource: { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name }, ...written };
}
