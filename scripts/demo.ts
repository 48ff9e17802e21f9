import path from "node:path";
import { z } from "zod";
import { grantsOf } from "@/domain/access/queries";
import { mintScope } from "@/domain/access/scope";
import { CLOUD_FORMS } from "@/domain/accounts/cloud-form";
import { connectAccount } from "@/domain/accounts/mutations";
import type { KeyRing } from "@/lib/crypto";
import { keyRing } from "@/lib/crypto-key";
import { pool } from "@/lib/db";
import { dataDir, env } from "@/lib/env";
import { createQueues, jobClient } from "@/lib/jobs";
import { logFor, reasonOf } from "@/lib/log";
import { systemClock } from "@/lib/time";
import { type Booted, boot, runMain, say } from "./boot";
import { daysLeft, readPlan, writePlan } from "./demo-plan";
import { type OfferedAccount, startEstate } from "./estate";
import { demoSignInLink } from "./links";

const log = logFor("demo");

/** Connects what the estate offers, as of `at`, by the code path of a real account; what an earlier start connected is left as it is. */
async function connectAll(
  offered: readonly OfferedAccount[],
  userId: string,
  ring: KeyRing,
  at?: Date,
): Promise<string[]> {
  const scope = mintScope(userId, "Demo Owner", await grantsOf(userId));
  const { rows } = await pool().query<{ id: string; provider: string; externalId: string }>(
    `SELECT "id", "provider", "externalId" FROM "Account"`,
  );
  const ids: string[] = [];
  for (const { provider, name, externalId, settings, secrets } of offered) {
    const known = rows.find((row) => row.provider === provider && row.externalId === externalId);
    if (known !== undefined) {
      ids.push(known.id);
      continue;
    }
    const parsed = z.record(z.string(), z.unknown()).parse(CLOUD_FORMS[provider].schema.parse(settings));
    ids.push(await connectAccount(scope, provider, name, 60, { externalId, settings: parsed, secrets }, ring, at));
  }
  return ids;
}

/** Whether this database already has a past that no plan speaks of: the demo of an older version made it. */
const hasPast = async (): Promise<boolean> =>
  ((await pool().query(`SELECT 1 FROM "ScorePoint" LIMIT 1`)).rowCount ?? 0) > 0;

async function fill(seawall: Booted): Promise<string> {
  const file = path.join(dataDir(), "demo-history.json");
  const estate = await startEstate(path.join(dataDir(), "estate"), say);
  seawall.onStop(estate.stop);
  seawall.stopping.throwIfAborted();
  let plan = readPlan(file);
  if (plan === null) {
    plan = { today: new Date().toISOString(), days: env().SEAWALL_DEMO_DAYS, complete: await hasPast() };
    writePlan(file, plan);
  }
  const ring = keyRing();
  const { link, userId } = await demoSignInLink(seawall.url);
  if (plan.complete) {
    const ids = await connectAll(await estate.accounts(), userId, ring);
    say(`${ids.length} accounts of the simulated estate are connected`);
  } else {
    const boss = jobClient(env().DATABASE_URL ?? "", "worker");
    boss.on("error", (error) => log.warn("job queue", { reason: reasonOf(error) }));
    await boss.start();
    await createQueues(boss); // connecting an account enqueues
    // Before the first of its days, or its scans would be older than the account.
    const [firstDay] = daysLeft(plan, null);
    const ids = await connectAll(await estate.accounts(), userId, ring, firstDay);
    say(
      `connected ${ids.length} accounts; scanning ${plan.days} days of their history, one scan of each cluster a day`,
    );
    // It brings every cloud's SDK with it, which a start with nothing to scan need not load.
    const { liveThroughHistory } = await import("./demo-history");
    const world = { pool: pool(), boss, ring, clock: systemClock };
    await liveThroughHistory(world, estate, ids, plan, seawall.stopping, say);
    await boss.stop({ graceful: false });
    writePlan(file, { ...plan, complete: true });
  }
  await seawall.startWorker();
  return link;
}

runMain(async () => {
  const seawall = await boot({
    SEAWALL_ALLOW_PRIVATE_NETWORKS: "true",
    SEAWALL_DATA_DIR: process.env.SEAWALL_DATA_DIR || ".data/demo",
  });
  say("starting the simulated estate: 3 Azure subscriptions, 2 AWS accounts, 2 GCP projects");
  const filling = fill(seawall);
  seawall.onStop(() => filling.catch(() => {})); // its scans are cut off, then let go of the database
  const [link] = await Promise.all([filling, seawall.startWeb()]);
  say(`Seawall runs with its demo. Sign in here (once, within a day):\n\n          ${link}\n`);
});
