import { availableParallelism } from "node:os";
import { setImmediate as immediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Document, Part } from "./documents";
import { Lines } from "./lines";
import type { Outline } from "./outline";
import type { Found } from "./sources";

/** Where a document stands, as it travels between threads. `lines`: null where none will be asked for. */
export interface Place {
  document: number;
  line: number;
  lines: { part: Part; index: number; outline: Outline | null } | null;
}
/** What the second reader made of some files: the values of the documents of each, or null, as JSON, and their places. */
export interface Batch {
  batch: number;
  values: string;
  places: readonly (readonly Place[])[];
}
/** What the second reader is to do. `begun` is shared: who sets the number of a batch of `size` files to 1 reads it. */
export interface Order {
  files: readonly string[];
  size: number;
  begun: Int32Array;
  lines: boolean;
}
type Read = readonly Document[] | null;
/** A file, its place among all, and its documents; null where the caller is to read it. */
export interface FileRead {
  at: number;
  file: Found;
  documents: Read;
}

/** Starting a thread takes as long as reading some hundreds of files. */
const MIN_FILES = 1000;
const SIZE = 50;
/** What the thread reads is sent at once: it needs little room. */
const LIMITS = { maxYoungGenerationSizeMb: 24 };
const NO_TEXT: Part = { text: "", offset: 0 };

/**
 * Reads many files on a second thread, from the last one on, while its caller, on the first, takes what was read and, when there is
 * nothing to take, reads from the first one on: they meet. The thread gives files ready only where nothing is odd; whatever is to be
 * said of a file is said by its caller.
 */
export class SecondReader {
  readonly #begun: Int32Array;
  readonly #worker: Worker | null = null;
  readonly #arrived: Batch[] = [];
  #waiting: { resolve: (batch: Batch) => void; reject: (error: unknown) => void } | null = null;
  #failure: { error: unknown } | null = null;
  /** The first batch that the caller has not begun to read itself. */
  #own = 0;

  constructor(
    private readonly files: readonly Found[],
    lines: boolean,
  ) {
    this.#begun = new Int32Array(new SharedArrayBuffer(4 * Math.ceil(files.length / SIZE)));
    if (files.length < MIN_FILES || availableParallelism() < 2) return;
    const workerData: Order = { files: files.map(({ file }) => file), size: SIZE, begun: this.#begun, lines };
    this.#worker = new Worker(new URL("./start-second-reader.mjs", import.meta.url), {
      workerData,
      resourceLimits: LIMITS,
    });
    this.#worker.on("message", (batch: Batch) => {
      if (this.#waiting === null) this.#arrived.push(batch);
      else this.#waiting.resolve(batch);
      this.#waiting = null;
    });
    this.#worker.on("error", (error) => {
      this.#failure = { error };
      this.#waiting?.reject(error);
    });
  }

  /** Every file once, what the thread has sent before all others. Throws what ended the thread. */
  async *read(): AsyncGenerator<FileRead> {
    for (let left = this.#begun.length; left > 0; left--) {
      const sent = await this.#take();
      const batch = sent?.batch ?? this.#own++;
      const files = this.files.slice(batch * SIZE, (batch + 1) * SIZE);
      const ready = sent === null ? [] : documentsOf(sent, files);
      for (const [within, file] of files.entries())
        yield { at: batch * SIZE + within, file, documents: ready[within] ?? null };
    }
  }

  /** A batch that the thread has sent; null when the caller is to read its next one. */
  async #take(): Promise<Batch | null> {
    if (this.#worker !== null) await immediate(); // messages come between two turns only
    const sent = this.#arrived.shift();
    if (sent !== undefined) return sent;
    if (this.#own < this.#begun.length && Atomics.compareExchange(this.#begun, this.#own, 0, 1) === 0) return null;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#failure !== null) reject(this.#failure.error);
    });
  }
}

/** The documents of each of the files of a batch; null for a file that has to be read in order. */
export const documentsOf = ({ values, places }: Batch, files: readonly Found[]): readonly Read[] =>
  (JSON.parse(values) as (unknown[] | null)[]).map((read, index) => {
    const where = places[index] ?? [];
    return read && where.map((place, nth) => documentOf(files[index]?.file ?? "", place, read[nth]));
  });

function documentOf(file: string, { document, line, lines }: Place, value: unknown): Document {
  const { part, index, outline } = lines ?? { part: NO_TEXT, index: 0, outline: null };
  return { file, document, line, value, aliased: false, lines: new Lines(part, index, outline) };
}
