import { keyRing } from "@/lib/crypto-key";
import { closeDatabase, pool } from "@/lib/db";
import { env } from "@/lib/env";
import { createQueues, handle, handlersEnded, jobClient } from "@/lib/jobs";
import { logFor, reasonOf } from "@/lib/log";
import { systemClock } from "@/lib/time";
import { discoverAccount } from "./handlers/discover-account";
import { forget } from "./handlers/forget";
import { sendMail } from "./handlers/mail-send";
import { notify } from "./handlers/notify";
import { recordToday } from "./handlers/record-compliance";
import { removeAccount } from "./handlers/remove-account";
import { scanOneCluster } from "./handlers/scan-cluster";
import { testConnection } from "./handlers/test-connection";
import { tick } from "./handlers/tick";

const log = logFor("worker");

async function main(): Promise<void> {
  const boss = jobClient(process.env.DATABASE_URL ?? "", "worker");
  boss.on("error", (error) => log.error("job queue", { reason: reasonOf(error) }));
  await boss.start();
  await createQueues(boss);
  const world = {
    pool: pool(),
    boss,
    ring: keyRing(),
    clock: systemClock,
  };
  await handle(boss, "tick", 1, () => tick(world));
  await handle(boss, "discover-account", 2, (data, context) => discoverAccount(world, data, context));
  await handle(boss, "scan-cluster", env().SEAWALL_WORKER_CONCURRENCY, (data, context) =>
    scanOneCluster(world, data, context),
  );
  await handle(boss, "test-connection", 2, (data, context) => testConnection(world, data, context));
  await handle(boss, "remove-account", 1, (data, context) => removeAccount(world, data, context));
  await handle(boss, "record-compliance", 1, () => recordToday(world));
  await handle(boss, "forget", 1, (_data, context) => forget(world, context));
  await handle(boss, "notify", 1, (_data, context) => notify(world, context));
  await handle(boss, "send-mail", 1, (_data, context) => sendMail(world, context));
  await boss.schedule("tick", "* * * * *", {}, { tz: "UTC" });
  await boss.schedule("record-compliance", "*/5 * * * *", {}, { tz: "UTC" });
  await boss.schedule("forget", "7 * * * *", {}, { tz: "UTC" });
  process.send?.("ready");
  log.info("ready");

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await boss.stop({ graceful: true, timeout: 14_000 });
    // What did not end by itself was aborted just now: it gives back its lease before the database goes.
    await handlersEnded(4_000);
    await closeDatabase();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
}

main().catch((error: unknown) => {
  log.error("the worker cannot run", { reason: reasonOf(error) });
  process.exit(1);
});
