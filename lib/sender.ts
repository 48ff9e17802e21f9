import "server-only";
import type { PgBoss } from "pg-boss";
import { jobClient } from "./jobs";
import { logFor } from "./log";

const log = logFor("jobs");
let started: Promise<PgBoss> | undefined;

/** The web process's sending side of the job tables, started on first use; a failed start is tried again by the next caller. */
export function sender(): Promise<PgBoss> {
  started ??= (async () => {
    const boss = jobClient(process.env.DATABASE_URL ?? "", "sender");
    boss.on("error", (error) => log.warn("the job connection reported an error", { reason: error.message }));
    await boss.start();
    return boss;
  })().catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}
