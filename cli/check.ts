import type { Readable } from "node:stream";
import { certainFacts } from "./facts";
import { type Given, groupOf, isListed, wordOf } from "./objects";
import { mayBeOwned, topmost } from "./owned";
import { SecondReader } from "./second-reader";
import { findSources } from "./sources";
import { type Taken, takeDocuments, takeSource } from "./take";
import { type Asked, type Begun, Tally } from "./tally";

/** An object that was taken out of a file, and its judging; null for a kind that no control judges. */
interface Met extends Pick<Given, "object"> {
  begun: Begun | null;
}
/** What was met in a file. */
interface Read extends Omit<Taken, "objects"> {
  met: Met[];
}

/**
 * Reads everything and judges every topmost object by every control of its kind. Most controls read an object alone: they judge it as
 * soon as it is read, while a second thread reads on. What depends on other objects comes when all were read.
 */
export async function check(paths: readonly string[], stdin: Readable, asked: Asked): Promise<Tally> {
  const tally = new Tally(asked);
  const met = await meetAll(paths, stdin, tally);
  if (met.length === 0 && tally.problems.length === 0) {
    tally.problems.push({ file: paths.join(", "), message: "nothing to judge: no Kubernetes object was found." });
  }
  const factsOf = certainFacts(met.filter(({ object }) => isListed(object)).map(({ object }) => object));
  // What is judged is let go: the results of thousands of objects take the room of the objects.
  const left = topmost(met.splice(0)).reverse();
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.begun !== null) tally.finish(next.begun, { ...factsOf(next.object) });
  }
  return tally;
}

/** Reads everything, in whichever order it comes, and gives what was met in the order in which it was found. */
async function meetAll(paths: readonly string[], stdin: Readable, tally: Tally): Promise<Met[]> {
  const found = [...findSources(paths)];
  const files = found.flatMap((one) => ("named" in one ? [one] : []));
  const { lines } = tally.asked;
  const read: Read[] = [];
  for await (const { at, file, documents } of new SecondReader(files, lines).read()) {
    const taken = documents === null ? await takeSource(file, stdin, lines) : takeDocuments(file, documents, lines);
    const { objects, ...rest } = taken;
    read[at] = { ...rest, met: objects.map((given) => ({ object: given.object, begun: begin(given, tally) })) };
  }
  const met: Met[] = [];
  let at = 0;
  for (const one of found) {
    if ("message" in one) tally.problems.push(one);
    else if ("skipped" in one) tally.passedOver.push(`${one.file}: passed over, ${one.skipped}`);
    else {
      const file = read[at++];
      if (file === undefined) throw new Error(`${one.file} was not read.`);
      tally.documents += file.documents;
      for (const problem of file.problems) tally.problems.push(problem);
      for (const line of file.passedOver) tally.passedOver.push(line);
      for (const each of file.met) met.push(each);
    }
  }
  return met;
}

/** Begins to judge an object; null when no control may judge it. One that another may stand for is not judged before that is known. */
function begin({ object, ...written }: Given, tally: Tally): Begun | null {
  const appliesTo = wordOf(object);
  if (appliesTo === null) return null;
  const { apiVersion, kind, metadata } = object;
  const resource = { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name };
  const key = { apiGroup: groupOf(apiVersion), kind, namespace: resource.namespace, name: metadata.name };
  return tally.begin({ key, appliesTo, object }, { resource, ...written }, mayBeOwned(object) ? "later" : "now");
}
