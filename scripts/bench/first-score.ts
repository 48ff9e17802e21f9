import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { mintScope } from "@/domain/access/scope";
import { CLOUD_FORMS } from "@/domain/accounts/cloud-form";
import { connectAccount } from "@/domain/accounts/mutations";
import { loadKeyRing } from "@/lib/crypto-key";
import { closeDatabase, pool } from "@/lib/db";
import { setEnv } from "@/lib/env";
import { endSender } from "@/lib/sender";
import { WORKER_FLAGS } from "../boot";
import { startEstate } from "../estate";
import { processEnv } from "../process-env";
import { figure } from "./figure";

const GOAL_S = 60;
const PATIENCE_S = 300;
const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * From "connect" to the account's first score, on a running worker, one account of the simulated estate after another: what
 * the form does, then its discovery, then the first scan that gives points.
 */
export async function measureFirstScore(url: string, folder: string, say: (line?: string) => void): Promise<void> {
  const key = randomBytes(32).toString("base64");
  const settings = { DATABASE_URL: url, SEAWALL_KEY: key, SEAWALL_ALLOW_PRIVATE_NETWORKS: "true" };
  Object.assign(process.env, settings, { SEAWALL_DATA_DIR: folder });
  setEnv(settings);
  const estate = await startEstate(path.join(folder, "estate"), () => undefined);
  const worker = fork(path.join(root, "worker/index.ts"), [], {
    execArgv: [...WORKER_FLAGS, "--conditions=react-server", "--import", "tsx"],
    env: processEnv("worker"),
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("message", (message) => message === "ready" && resolve());
      worker.once("exit", (code) => reject(new Error(`The worker ended with ${code} before it was ready.`)));
    });
    const ring = loadKeyRing({ key, dataDir: folder });
    const owner = mintScope(null, "bench", [{ role: "Owner", accountId: null }]);
    const seconds: number[] = [];
    for (const { provider, name, externalId, settings, secrets } of await estate.accounts()) {
      const parsed = z.record(z.string(), z.unknown()).parse(CLOUD_FORMS[provider].schema.parse(settings));
      const clock = performance.now();
      const id = await connectAccount(owner, provider, name, 60, { externalId, settings: parsed, secrets }, ring);
      await scored(id);
      seconds.push((performance.now() - clock) / 1000);
    }
    say();
    say(`${seconds.length} accounts connected one after another, from the form's answer to the first score`);
    figure("first score after an account is connected", seconds, "s", GOAL_S);
  } finally {
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    if (worker.exitCode === null && worker.kill("SIGTERM")) await ended;
    await estate.stop();
    await endSender();
    await closeDatabase();
  }
}

async function scored(accountId: string): Promise<void> {
  const end = performance.now() + PATIENCE_S * 1000;
  for (;;) {
    const { rowCount } = await pool().query(
      `SELECT 1 FROM "ScorePoint" WHERE "scope" = 'account' AND "scopeId" = $1 AND "score" IS NOT NULL LIMIT 1`,
      [accountId],
    );
    if (rowCount !== null && rowCount > 0) return;
    if (performance.now() > end) throw new Error(`An account had no score after ${PATIENCE_S} s.`);
    await sleep(100);
  }
}
