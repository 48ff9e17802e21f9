import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A Seawall of its own with nothing in it, beside the demo that the other tests use. */
export interface EmptyConsole {
  /** Makes the first Owner. */
  setupLink: string;
  stop: () => Promise<void>;
}

/** Runs `npm start` on a new data folder. Rejects with what it printed when it ends before it runs. */
export async function startEmptyConsole(): Promise<EmptyConsole> {
  const folder = mkdtempSync(path.join(existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir(), "seawall-empty-"));
  spawnSync("chmod", ["711", folder]);
  const { SEAWALL_URL: _demo, DATABASE_URL: _other, ...env } = process.env;
  const seawall = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "scripts/start.ts"], {
    cwd: path.join(import.meta.dirname, ".."),
    env: {
      ...env,
      NODE_OPTIONS: "",
      SEAWALL_DATA_DIR: path.join(folder, "seawall"),
      PORT: String(41_000 + (process.pid % 10_000)),
      SEAWALL_ALLOW_PRIVATE_NETWORKS: "true",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => seawall.once("exit", () => resolve()));
  const stop = async () => {
    seawall.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  let said = "";
  const setupLink = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const link = /https?:\/\/\S+\/setup\?token=\S+/.exec(said)?.[0];
      if (link !== undefined) resolve(link);
    };
    seawall.stdout.on("data", hear);
    seawall.stderr.on("data", hear);
    seawall.once("exit", (code) => reject(new Error(`npm start ended with code ${code}: ${said}`)));
  });
  return { setupLink, stop };
}
