import type { Pool } from "pg";
import { writeProgress } from "@/domain/inventory/scan/store";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { announce } from "@/lib/events";
import type { Collected } from "./collect";

/** How far a pass over a cluster has come: kinds that are done, well or not, of all; objects seen so far. */
export interface Progress {
  kinds: number;
  of: number;
  objects: number;
}

const EVERY_MS = 1000;

export const progressOf = ({ complete, failures, sightings }: Collected): Progress => ({
  kinds: LISTED_KINDS.filter(({ kind }) => complete.has(kind) || failures.has(kind)).length,
  of: LISTED_KINDS.length,
  objects: sightings.size,
});

/**
 * Tells open pages how far a running scan is, at most once a second. It is no part of the result: what cannot be written is left
 * out, and the scan goes on.
 */
export function reporter(pool: Pool, scanId: string): (collected: Collected) => void {
  let last = performance.now(); // a scan of less than a second has nothing to tell
  let writing = false;
  return (collected) => {
    if (writing || performance.now() - last < EVERY_MS) return;
    writing = true;
    writeProgress(pool, scanId, progressOf(collected))
      .then(() => announce(pool, "scan"))
      .catch(() => undefined) // the commit meets the same database, and says what is wrong with it
      .finally(() => {
        writing = false;
        last = performance.now();
      });
  };
}
