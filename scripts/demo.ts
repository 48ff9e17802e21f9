import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { grantsOf } from "@/domain/access/queries";
import { mintScope } from "@/domain/access/scope";
import { CLOUD_FORMS } from "@/domain/accounts/connection-form";
import { AccountError, connectAccount } from "@/domain/accounts/mutations";
import { loadKeyRing } from "@/lib/crypto-key";
import { pool } from "@/lib/db";
import { dataDir, env } from "@/lib/env";
import { createQueues, jobClient } from "@/lib/jobs";
import { systemClock } from "@/lib/time";
import { boot, runMain, say } from "./boot";
import { accountsShape, liveThroughHistory } from "./demo-history";
import { demoSignInLink } from "./links";

const root = fileURLToPath(new URL("..", import.meta.url));
const readyShape = z.object({ ready: z.literal(true), control: z.url() });

/** Starts the simulated estate as a process of its own and resolves with the address of its control endpoint. */
async function startEstate(): Promise<{ control: string; stop: () => Promise<void> }> {
  const state = path.join(dataDir(), "estate");
  const child: ChildProcess = spawn(
    process.execPath,
    ["--import", "tsx", path.join(root, "simulator/main.ts"), "--state", state],
    { cwd: root, stdio: ["ignore", "pipe", "inherit", "ipc"], detached: process.platform !== "win32" },
  );
  const control = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split("\n").find((candidate) => candidate.startsWith('{"ready"'));
      if (line !== undefined) resolve(readyShape.parse(JSON.parse(line)).control);
    });
    child.once("exit", (code) =>
      reject(new Error(`The simulated estate ended with code ${code} before it was ready.`)),
    );
  });
  return {
    control,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

runMain(async () => {
  const seawall = await boot({
    SEAWALL_ALLOW_PRIVATE_NETWORKS: "true",
    SEAWALL_DATA_DIR: process.env.SEAWALL_DATA_DIR ?? ".data/demo",
  });
  const days = Number(process.env.SEAWALL_DEMO_DAYS ?? 30);
  say("starting the simulated estate: 3 Azure subscriptions, 2 AWS accounts, 2 Google projects");
  const estate = await startEstate();
  seawall.onStop(estate.stop);

  const web = seawall.startWeb();
  web.catch(() => {}); // awaited below; until then its rejection must not end the process
  const boss = jobClient(process.env.DATABASE_URL ?? "", "worker");
  boss.on("error", (error) => say(`job queue: ${error.message}`));
  await boss.start();
  await createQueues(boss);
  const ring = loadKeyRing({ key: env().SEAWALL_KEY, dataDir: dataDir() });
  const { link, userId } = await demoSignInLink(seawall.url);
  const scope = mintScope(userId, "Demo Owner", await grantsOf(userId));

  const answer = await fetch(`${estate.control}/accounts`);
  const offered = accountsShape.parse(await answer.json());
  const ids: string[] = [];
  const connect = async ({
    provider,
    name,
    externalId,
    settings,
    secrets,
  }: (typeof offered)[number]): Promise<string> => {
    const connection = {
      externalId,
      settings: z.record(z.string(), z.unknown()).parse(CLOUD_FORMS[provider].schema.parse(settings)),
      secrets,
    };
    try {
      return await connectAccount(scope, provider, name, 60, connection, ring);
    } catch (error) {
      if (!(error instanceof AccountError)) throw error;
      const known = await pool().query<{ id: string }>(
        `SELECT "id" FROM "Account" WHERE "provider" = $1 AND "externalId" = $2`,
        [provider, externalId],
      );
      const id = known.rows[0]?.id;
      if (id === undefined) throw error;
      return id; // connected by an earlier start; the estate keeps its addresses
    }
  };
  for (const account of offered) ids.push(await connect(account));
  const { rows } = await pool().query<{ n: string }>(`SELECT count(*) AS n FROM "ScorePoint"`);
  if (Number(rows[0]?.n) === 0) {
    say(`connected ${ids.length} accounts; scanning ${days} days of their history, one scan of each cluster a day`);
    await liveThroughHistory({ pool: pool(), boss, ring, clock: systemClock }, estate.control, ids, days, say);
  } else {
    say(`${ids.length} accounts are connected already`);
  }
  await boss.stop({ graceful: false });
  await seawall.startWorker();
  await web;
  say(`Seawall runs with its demo. Sign in here (once, within a day):\n\n          ${link}\n`);
});
