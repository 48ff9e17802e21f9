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

/** Ends the sending side, where it was started: a script or a test that goes on after its database would keep it alive. */
export async function endSender(): Promise<void> {
  const boss = await started?.catch(() => undefined);
  started = undefined;
  await boss?.stop({ graceful: false });
}
