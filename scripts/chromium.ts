import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium as playwright } from "@playwright/test";
import { systemEnv } from "./process-env";

const root = fileURLToPath(new URL("..", import.meta.url));
const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const INSTALL_MS = 300_000;

/** Whether a file is there and starts: a browser without its libraries is none. */
const runs = (file: string): boolean =>
  existsSync(file) &&
  spawnSync(file, ["--version"], { stdio: "ignore", env: systemEnv(), timeout: 60_000 }).status === 0;

function installDebian(): void {
  const options: SpawnSyncOptions = {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: INSTALL_MS,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, // whole: proxies are named there
  };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
}

function installPlaywright(): void {
  spawnSync(process.execPath, [path.join(root, "node_modules/@playwright/test/cli.js"), "install", "chromium"], {
    cwd: root,
    stdio: "inherit",
    timeout: INSTALL_MS,
  });
}

/** Where a Chromium may lie and how one may be got; tests give their own. */
export interface ChromiumSources {
  named: string | undefined;
  system: readonly string[];
  /** Where Playwright keeps its own download, there or not. */
  downloaded: string;
  runs(file: string): boolean;
  /** Debian's packages, when we may install them. */
  installDebian: (() => void) | undefined;
  installPlaywright(): void;
  say(line: string): void;
}

export const chromiumSources = (named: string | undefined): ChromiumSources => ({
  named,
  system: SYSTEM,
  downloaded: playwright.executablePath(),
  runs,
  installDebian: process.getuid?.() === 0 && existsSync("/usr/bin/apt-get") ? installDebian : undefined,
  installPlaywright,
  say: (line) => void process.stdout.write(`${line}\n`),
});

/**
 * A Chromium that runs: the one named, the system's, Playwright's download, else Debian's where we may install it, else
 * Playwright's, which needs no rights. Throws with the very commands to run.
 */
export function findChromium(from: ChromiumSources): string {
  if (from.named !== undefined) {
    if (from.runs(from.named)) return from.named;
    throw new Error(`CHROMIUM_PATH: ${from.named} does not start. Name a Chromium that does, or leave it out.`);
  }
  const find = (): string | undefined => [...from.system, from.downloaded].find(from.runs);
  const found = find();
  if (found !== undefined) return found;
  if (from.installDebian !== undefined) {
    from.say("No Chromium was found; installing Debian's.");
    from.installDebian();
  }
  const installed = find();
  if (installed !== undefined) return installed;
  from.say("No Chromium was found; downloading Playwright's.");
  from.installPlaywright();
  const last = find();
  if (last !== undefined) return last;
  throw new Error(
    "There is no Chromium that starts. Run one of these, then `npm test` again:\n" +
      "  sudo apt-get install chromium\n" +
      "  npx playwright install --with-deps chromium\n" +
      "  CHROMIUM_PATH=/path/to/chromium npm test",
  );
}
