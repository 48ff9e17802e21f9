import "server-only";
import { stillAdmitted } from "@/domain/access/queries";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { listen } from "@/lib/events";
import { logFor, reasonOf } from "@/lib/log";

const log = logFor("events");
const COALESCE_MS = 1000;
const RETRY_MS = 2000;
const BEAT_MS = 25_000;

/** An open stream. */
export interface Listener {
  /** Whose it is, as the gate said when it was opened. */
  scope: AccountScope;
  /** Hears that something changed, or that nothing did for a while. */
  hear: (what: "changed" | "beat") => void;
  /** The gate admits its scope no more: its session or token ended, or its last role was withdrawn. */
  end: () => void;
}

/** One LISTEN for all streams of a process. Before they are told anything they are asked for at the gate again, all in one query. */
export class Hub {
  readonly #listeners = new Set<Listener>();
  #started = false;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #beating: ReturnType<typeof setInterval> | undefined;

  constructor(readonly beatMs: number) {}

  /** Tells `listener` soon after anything was announced, at most once a second, and of every beat. Returns how to stop. */
  join(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#beating ??= setInterval(() => void this.#tell("beat"), this.beatMs);
    if (!this.#started) {
      this.#started = true;
      void this.#connect();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#beating);
      this.#beating = undefined;
    };
  }

  async #connect(): Promise<void> {
    const anew = () => setTimeout(() => void this.#connect(), RETRY_MS).unref();
    try {
      await listen(
        pool(),
        () => this.#soon(COALESCE_MS),
        (error) => {
          log.warn("the event connection ended, listening anew", { reason: error.message });
          anew();
        },
      );
      this.#soon(COALESCE_MS); // whatever was announced while nobody listened
    } catch (error) {
      log.warn("cannot listen for events, trying again", { reason: reasonOf(error) });
      anew();
    }
  }

  #soon(ms: number): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      void this.#tell("changed");
    }, ms);
  }

  async #tell(what: "changed" | "beat"): Promise<void> {
    const asked = [...this.#listeners];
    if (asked.length === 0) return;
    try {
      const admitted = await stillAdmitted(asked.map(({ scope }) => scope));
      for (const each of asked) if (!admitted.has(each.scope)) each.end();
      // Who joined meanwhile was admitted this very moment, and may have read before the change.
      for (const each of this.#listeners) each.hear(what);
    } catch (error) {
      log.warn("cannot ask who may listen, telling nobody", { reason: reasonOf(error) });
      if (what === "changed") this.#soon(RETRY_MS);
    }
  }
}

/** The one of this process. */
export const hub = new Hub(BEAT_MS);
