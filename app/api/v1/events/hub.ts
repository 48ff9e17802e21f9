import "server-only";
import { pool } from "@/lib/db";
import { listen } from "@/lib/events";
import { logFor } from "@/lib/log";

const log = logFor("events");
const COALESCE_MS = 1000;
const RETRY_MS = 2000;

const listeners = new Set<() => void>();
let started = false;
let timer: ReturnType<typeof setTimeout> | undefined;

const tell = (): void => {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    for (const listener of listeners) listener();
  }, COALESCE_MS);
};

async function connect(): Promise<void> {
  try {
    await listen(pool(), tell, (error) => {
      log.warn("the event connection ended, listening anew", { reason: error.message });
      setTimeout(connect, RETRY_MS).unref();
    });
    tell(); // whatever was announced while nobody listened
  } catch (error) {
    log.warn("cannot listen for events, trying again", { reason: error instanceof Error ? error.message : "unknown" });
    setTimeout(connect, RETRY_MS).unref();
  }
}

/** Calls `listener` soon after anything was announced: one LISTEN per process, at most one call a second. Returns how to stop. */
export function onChange(listener: () => void): () => void {
  listeners.add(listener);
  if (!started) {
    started = true;
    void connect();
  }
  return () => listeners.delete(listener);
}
