import type { Readable } from "node:stream";
import type { Given } from "./objects";
import { SecondReader } from "./second-reader";
import { findSources } from "./sources";
import { NOTHING, type Taken, takeDocuments, takeSource } from "./taken";
import type { Tally } from "./tally";

/**
 * Reads all that stands below paths, on two threads where it is much, and tells the tally what is to be said of it. Gives the
 * objects in the order of the files; `each` meets all of them, those of some files together when these are read, in no order.
 */
export async function readAll(
  paths: readonly string[],
  stdin: Readable,
  tally: Tally,
  each: (read: readonly Given[]) => void,
): Promise<Given[]> {
  const { asked, problems, passedOver } = tally;
  const found = [...findSources(paths)];
  const sources = found.filter((one) => "named" in one);
  const taken = new Map<unknown, Taken>();
  const files = sources.map(({ file }) => file);
  for await (const { first, read, lost } of new SecondReader(files, asked.lines).turns()) {
    const together: Given[] = [];
    for (const [index, source] of sources.slice(first, first + read.length).entries()) {
      const documents = read[index] ?? null;
      if (lost !== null) {
        const message = `was not judged: the thread that had begun to read it failed (${lost}). Check it alone.`;
        taken.set(source, { ...NOTHING, problems: [{ file: source.file, message }] });
        continue;
      }
      const one = documents === null ? await takeSource(source, stdin, asked) : takeDocuments(source, documents, asked);
      for (const given of one.given) together.push(given);
      taken.set(source, one);
    }
    each(together);
  }
  const all: Given[] = [];
  for (const one of found) {
    if ("message" in one) problems.push(one);
    else if ("skipped" in one) passedOver.push(`${one.file}: passed over, ${one.skipped}`);
    else {
      const { given, documents, ...said } = taken.get(one) ?? NOTHING;
      tally.documents += documents;
      for (const object of given) all.push(object);
      for (const problem of said.problems) problems.push(problem);
      for (const line of said.passedOver) passedOver.push(line);
    }
  }
  return all;
}
