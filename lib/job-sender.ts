import type { PgBoss } from "pg-boss";
import { jobClient } from "./jobs";
import { logFor, reasonOf } from "./log";

const held = globalThis as typeof globalThis & { seawallSender?: Promise<PgBoss> };

/** The process's job client for sending; started on first use. Rejects when no worker ever made the job tables. */
export function jobSender(): Promise<PgBoss> {
  held.seawallSender ??= (async () => {
    const boss = jobClient(process.env.DATABASE_URL ?? "", "sender");
    boss.on("error", (error) => logFor("jobs").error("job queue", { reason: reasonOf(error) }));
    return boss.start();
  })().catch((error: unknown) => {
    delete held.seawallSender; // the next call tries again
    throw error;
  });
  return held.seawallSender;
}
