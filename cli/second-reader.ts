import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { markNullFree } from "@/domain/posture/engine-null";
import type { Document } from "./documents";
import { type PackedPlaces, PlacesReader } from "./packed-places";

/** What the second reader made of some files. */
export interface Batch {
  batch: number;
  /** The values of the documents of each file, or null, as JSON. */
  values: string;
  places: PackedPlaces;
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

/** Files whose turn it is, and the documents of each; null of a file that the caller is to read. */
export interface Turn {
  /** The place of the first of them among all files. */
  first: number;
  read: readonly Read[];
  /** Why nobody has read them: the thread had begun to, and failed. Null where nothing was lost. */
  lost: string | null;
}

/**
 * Reads many files on a second thread, from the last one on, while the first thread reads the others: they meet. It gives
 * files ready only where nothing is odd; whatever is to be said of a file is said by the first reader.
 */
export class SecondReader {
  readonly #begun: Int32Array;
  readonly #worker: Worker | null = null;
  readonly #arrived: Batch[] = [];
  /** Called when the thread has sent something, or ended. */
  #heard: () => void = () => undefined;
  /** Whether the thread can send nothing any more. */
  #ended = false;
  #failure: Error | null = null;

  /** `thread`: what it runs. */
  constructor(
    private readonly files: readonly string[],
    lines: boolean,
    thread: URL = new URL("./start-second-reader.mjs", import.meta.url),
  ) {
    this.#begun = new Int32Array(new SharedArrayBuffer(4 * Math.ceil(files.length / SIZE)));
    if (files.length < MIN_FILES || availableParallelism() < 2) return;
    const workerData: Order = { files, size: SIZE, begun: this.#begun, lines };
    this.#worker = new Worker(thread, {
      workerData,
      resourceLimits: LIMITS,
      // It brings its loader along; the process's would be started first, and then again.
      execArgv: [],
    });
    this.#worker.on("message", (batch: Batch) => {
      this.#arrived.push(batch);
      this.#heard();
    });
    this.#worker.on("error", (error: Error) => {
      this.#failure = error;
    });
    // What it sent before comes first.
    this.#worker.on("exit", () => {
      this.#ended = true;
      this.#heard();
    });
  }

  /**
   * All files, each once. What the thread has read comes first: whoever works on it meanwhile leaves more of the others to the
   * thread, so that both end together. Where the thread fails, what it had not begun is left to the caller, and what it had is lost: what
   * ended a thread could end the process.
   */
  async *turns(): AsyncGenerator<Turn> {
    let own = 0;
    const came = new Set<number>();
    while (own + came.size < this.#begun.length) {
      const sent = this.#arrived.shift();
      if (sent !== undefined) {
        came.add(sent.batch);
        yield this.#turn(sent.batch, (files) => documentsOf(sent, files));
      } else if (this.#claims(own)) yield this.#turn(own++, (files) => files.map(() => null));
      else if (this.#ended) break;
      else {
        await new Promise<void>((resolve) => {
          this.#heard = resolve;
        });
        continue;
      }
      // What was sent meanwhile comes in.
      await setImmediate();
    }
    const lost = this.#failure?.message ?? "it ended early";
    for (let batch = own; batch < this.#begun.length; batch++)
      if (!came.has(batch)) yield this.#turn(batch, (files) => files.map(() => null), lost);
  }

  #turn(batch: number, read: (files: readonly string[]) => readonly Read[], lost: string | null = null): Turn {
    const first = batch * SIZE;
    return { first, read: read(this.files.slice(first, first + SIZE)), lost };
  }

  #claims(batch: number): boolean {
    return batch < this.#begun.length && Atomics.compareExchange(this.#begun, batch, 0, 1) === 0;
  }
}

/** The documents of each of the files of a batch; null for a file that has to be read in order. */
export function documentsOf({ values, places }: Batch, files: readonly string[]): readonly Read[] {
  const reader = new PlacesReader(places);
  const hasNulls = values.includes("null");
  return (JSON.parse(values) as (unknown[] | null)[]).map((read, index) => {
    const file = files[index] ?? "";
    return (
      read?.map((value) => {
        if (!hasNulls && typeof value === "object" && value !== null) markNullFree(value);
        return { file, ...reader.next(), value, aliased: false };
      }) ?? null
    );
  });
}
