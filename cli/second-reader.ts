import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Document, Part } from "./documents";
import { Lines } from "./lines";
import type { Outline } from "./outline";

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

/** Starting a thread takes as long as reading some hundreds of files. */
const MIN_FILES = 1000;
const SIZE = 50;
/** What the thread reads is sent at once: it needs little room. */
const LIMITS = { maxYoungGenerationSizeMb: 24 };
const NO_TEXT: Part = { text: "", offset: 0 };

/**
 * Reads many files on a second thread, from the last one on, while the first thread reads them in order: they meet. It gives
 * files ready only where nothing is odd; whatever is to be said of a file is said by who reads it in order.
 */
export class SecondReader {
  readonly #begun: Int32Array;
  readonly #worker: Worker | null = null;
  readonly #arrived = new Map<number, Batch>();
  #waiting: { batch: number; resolve: (batch: Batch) => void; reject: (error: unknown) => void } | null = null;
  #failure: unknown = null;
  #at = 0;
  #ready: readonly Read[] = [];

  constructor(
    private readonly files: readonly string[],
    lines: boolean,
  ) {
    this.#begun = new Int32Array(new SharedArrayBuffer(4 * Math.ceil(files.length / SIZE)));
    if (files.length < MIN_FILES || availableParallelism() < 2) return;
    const workerData: Order = { files, size: SIZE, begun: this.#begun, lines };
    this.#worker = new Worker(new URL("./start-second-reader.mjs", import.meta.url), {
      workerData,
      resourceLimits: LIMITS,
      // It brings its loader along; the process's would be started first, and then again.
      execArgv: [],
    });
    this.#worker.on("message", (batch: Batch) => this.#arrive(batch));
    this.#worker.on("error", (error) => this.#fail(error));
  }

  /** The documents of the next file, in the order of the files; null where the caller is to read it. Throws what ended the thread. */
  async next(): Promise<Read> {
    const within = this.#at % SIZE;
    if (within === 0) this.#ready = await this.#claim(this.#at / SIZE);
    this.#at += 1;
    return this.#ready[within] ?? null;
  }

  async #claim(batch: number): Promise<readonly Read[]> {
    if (this.#worker === null || Atomics.compareExchange(this.#begun, batch, 0, 1) === 0) return [];
    const sent = this.#arrived.get(batch) ?? (await this.#wait(batch));
    this.#arrived.delete(batch);
    return documentsOf(sent, this.files.slice(batch * SIZE, (batch + 1) * SIZE));
  }

  #wait(batch: number): Promise<Batch> {
    return new Promise((resolve, reject) => {
      this.#waiting = { batch, resolve, reject };
      if (this.#failure !== null) reject(this.#failure);
    });
  }
  #arrive(batch: Batch): void {
    if (this.#waiting?.batch === batch.batch) this.#waiting.resolve(batch);
    else this.#arrived.set(batch.batch, batch);
  }
  #fail(error: unknown): void {
    this.#failure = error;
    this.#waiting?.reject(error);
  }
}

/** The documents of each of the files of a batch; null for a file that has to be read in order. */
export const documentsOf = ({ values, places }: Batch, files: readonly string[]): readonly Read[] =>
  (JSON.parse(values) as (unknown[] | null)[]).map((read, index) => {
    const where = places[index] ?? [];
    return read && where.map((place, nth) => documentOf(files[index] ?? "", place, read[nth]));
  });

function documentOf(file: string, { document, line, lines }: Place, value: unknown): Document {
  const { part, index, outline } = lines ?? { part: NO_TEXT, index: 0, outline: null };
  return { file, document, line, value, aliased: false, lines: new Lines(part, index, outline) };
}
