import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { type JobName, jobClient } from "@/lib/jobs";
import { sleep } from "@/lib/time";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Real worker processes on one database, as `npm start` runs them; for tests that kill them. */
export class Workers {
  readonly #children: ChildProcess[] = [];

  private constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly dataDir: string,
  ) {}

  static async on(url: string, key: string): Promise<Workers> {
    return new Workers(url, key, await mkdtemp(path.join(os.tmpdir(), "seawall-worker-")));
  }

  /** Starts one; resolves when it takes jobs. */
  async start(settings: Record<string, string> = {}): Promise<ChildProcess> {
    const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "worker/index.ts"], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        ...process.env,
        NODE_ENV: "production",
        DATABASE_URL: this.url,
        SEAWALL_DATA_DIR: this.dataDir,
        SEAWALL_KEY: this.key,
        SEAWALL_ALLOW_PRIVATE_NETWORKS: "true",
        LOG_LEVEL: "error",
        ...settings,
      },
    });
    this.#children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", (code) => reject(new Error(`the worker ended with ${code} before it was ready`)));
    });
    return child;
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    for (const child of this.#children) await this.kill(child);
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/**
 * Lets the time pass after which the job of a dead worker is handed on (30 s without a heartbeat, looked for every minute), and
 * has the queue looked through. `where` picks the dead one's jobs: a living one's heartbeat would be missed as well.
 */
export async function heartbeatIsMissed(
  db: { url: string; pool: pg.Pool },
  name: JobName,
  where = "true",
): Promise<void> {
  await db.pool.query(
    `UPDATE jobs.job SET heartbeat_on = now() - interval '1 minute' WHERE name = $1 AND state = 'active' AND ${where}`,
    [name],
  );
  await db.pool.query(
    `UPDATE jobs.queue SET monitor_on = monitor_on - interval '2 minutes', monitor_claim_on = monitor_claim_on - interval '2 minutes' WHERE name = $1`,
    [name],
  );
  const boss = jobClient(db.url, "sender");
  await boss.start();
  await boss.supervise(name);
  await boss.stop({ graceful: false });
}

/** Asks until `what` is true; rejects after `seconds` with what was last seen. */
export async function until<T>(seconds: number, look: () => Promise<T>, what: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (what(seen)) return seen;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${JSON.stringify(seen)}`);
    await sleep(100);
  }
}
