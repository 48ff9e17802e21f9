import type { Pool } from "pg";
import { writeResources } from "@/domain/inventory/store";
import { Transaction } from "@/lib/db";
import type { Collected } from "./collect";
import { isSubject } from "./judge";
import { storedOf } from "./plan";
import type { Sighting } from "./sighting";

/** What a head start leaves for the commit to go on with. */
export interface Begun {
  transaction: Transaction;
  /** By resource: what its row was made of. */
  written: ReadonlyMap<string, Sighting>;
  /** Settles when the last of them is written; rejects when one could not be. */
  sent: Promise<void>;
}

/** Fewer rows than these are not worth a statement of their own. */
export const WORTH = 1000;
/** How long a transaction may wait for a cluster. */
const PATIENCE_MS = 10_000;

/**
 * On a cluster's first scan, writes what no control judges (pods, ReplicaSets) while more is being listed, for the database has nothing
 * else to do then. It happens in the transaction that commits the scan, so that nobody sees it before. A cluster that takes its time
 * does not hold a transaction open: after `patienceMs` all of it is taken back, and the commit writes it.
 */
export class HeadStart {
  #state: "open" | "handed over" | "given up" = "open";
  readonly #written = new Map<string, Sighting>();
  #waiting: [string, Sighting][] = [];
  #sights: Iterator<[string, Sighting]> | undefined;
  #looked = 0;
  #begun: Promise<Transaction> | undefined;
  #sent: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly clusterId: string,
    private readonly now: Date,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Writes what was sighted since, once it is enough for a statement. */
  see({ sightings }: Pick<Collected, "sightings">): void {
    if (this.#state !== "open") return;
    this.#sights ??= sightings.entries();
    // A map's iterator goes on with what is added later, unless it was once asked for more than there was.
    for (; this.#looked < sightings.size; this.#looked++) {
      const next = this.#sights.next();
      if (!next.done && next.value[1].doc !== null && !isSubject(next.value[1])) this.#waiting.push(next.value);
    }
    if (this.#waiting.length >= WORTH) this.#send();
  }

  #send(): void {
    const some = this.#waiting;
    this.#waiting = [];
    for (const [id, seen] of some) this.#written.set(id, seen);
    this.#begun ??= this.#begin();
    const begun = this.#begun;
    this.#sent = this.#sent.then(async () => {
      const { client } = await begun;
      if (this.#state === "given up") return;
      const rows = some.map(([, seen]) => ({
        row: storedOf(seen, { outcomes: null, assessedHash: null }),
        doc: seen.doc,
        fresh: true,
      }));
      await writeResources(client, this.clusterId, rows, this.now);
    });
    this.#sent.catch(() => this.giveUp()); // the commit writes it all, and meets the same trouble if it has stayed
  }

  #begin(): Promise<Transaction> {
    this.#timer = setTimeout(() => void this.giveUp(), this.patienceMs).unref();
    return Transaction.begin(this.pool);
  }

  /** What was begun, from now on its caller's to end; null when nothing was, or when it was given up. Waits for one statement at most. */
  async handOver(): Promise<Begun | null> {
    if (this.#state !== "open" || this.#begun === undefined) return null;
    const transaction = await this.#begun.catch(() => undefined);
    // A connection may have died while nobody listened to it: it is asked while all can still be written by another.
    if (!(await transaction?.isAlive())) await this.giveUp();
    if (transaction === undefined || this.#state !== "open") return null;
    this.#state = "handed over";
    clearTimeout(this.#timer);
    return { transaction, written: this.#written, sent: this.#sent };
  }

  /** Takes back what was written. Does nothing once it was handed over. */
  async giveUp(): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "given up";
    clearTimeout(this.#timer);
    const transaction = await this.#begun?.catch(() => undefined); // none was opened, so none is to be ended
    await this.#sent.catch(() => undefined); // a statement is over, well or not, before its transaction is
    await transaction?.rollback();
  }
}
