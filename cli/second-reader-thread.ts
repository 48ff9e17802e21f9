import { parentPort, workerData } from "node:worker_threads";
import { type Document, readDocuments } from "./documents";
import { packPlaces } from "./packed-places";
import type { Batch, Order } from "./second-reader";
import { OPENING, readFile } from "./sources";

/** Reads batches from the last one on, until one was begun by the first reader already, and sends each. */
function readAhead(): void {
  const { files, size, begun, lines } = workerData as Order;
  for (let batch = begun.length - 1; batch >= 0; batch--) {
    if (Atomics.compareExchange(begun, batch, 0, 1) !== 0) return;
    const read = files.slice(batch * size, (batch + 1) * size).map((file) => plainDocuments(file, lines));
    const values = JSON.stringify(read.map((documents) => documents?.map(({ value }) => value) ?? null));
    const places = packPlaces(
      read.flatMap((documents) => documents ?? []),
      lines,
    );
    const sent: Batch = { batch, values, places };
    parentPort?.postMessage(sent, [places.at.buffer, places.marks.buffer]);
  }
}

/** Characters of one file. A batch is sent as one text. */
const MAX_FILE = 1024 * 1024;

/** The documents of a file with which nothing at all is odd; null for every other. Who reads that can say what is. */
function plainDocuments(file: string, lines: boolean): readonly Document[] | null {
  // Standard input is the first thread's, whatever file is called like it.
  if (file === "-") return null;
  const source = readFile({ file, named: false });
  if ("message" in source || source.text.length > MAX_FILE || source.text.includes(OPENING)) return null;
  const documents: Document[] = [];
  for (const document of readDocuments(source, lines)) {
    // Written out, what stands in many places may be very long.
    if ("message" in document || document.aliased) return null;
    documents.push(document);
  }
  return documents;
}

readAhead();
