import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Lock, tryLock } from "./lock";
import { systemEnv } from "./process-env";

const root = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = [
  "app",
  "components",
  "domain",
  "lib",
  "cel",
  "connectors",
  "prisma",
  "next.config.ts",
  "proxy.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];

/** Hash of the names, sizes and contents of everything the console is built from. */
function sourceHash(): string {
  const hash = createHash("sha256");
  const add = (relative: string): void => {
    const file = path.join(root, relative);
    if (!existsSync(file)) return;
    if (statSync(file).isDirectory()) {
      for (const entry of readdirSync(file).sort())
        if (entry !== "generated" && entry !== "node_modules") add(path.join(relative, entry));
    } else if (!/\.test\.tsx?$/.test(relative)) {
      hash.update(relative).update(readFileSync(file));
    }
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}

const marker = path.join(root, ".next/seawall-sources");
const isCurrent = (wanted: string): boolean =>
  existsSync(path.join(root, ".next/BUILD_ID")) && existsSync(marker) && readFileSync(marker, "utf8") === wanted;

/** One build of this checkout at a time: two Seawalls with folders of their own may start from it at once. */
async function buildLock(signal: AbortSignal): Promise<Lock> {
  const folder = path.join(root, "node_modules/.cache");
  mkdirSync(folder, { recursive: true });
  for (;;) {
    signal.throwIfAborted();
    const lock = tryLock(path.join(folder, "seawall-build.lock"));
    if (lock !== null) return lock;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** `next build` in a process of its own that ends with ours and is told no secret. Resolves with its exit code and words. */
async function runBuild(signal: AbortSignal): Promise<{ code: number | null; said: string }> {
  const output: string[] = [];
  const child = spawn(
    process.execPath,
    [
      "--import",
      path.join(root, "scripts/die-with-parent.mjs"),
      path.join(root, "node_modules/next/dist/bin/next"),
      "build",
    ],
    {
      cwd: root,
      env: { ...systemEnv(), NEXT_TELEMETRY_DISABLED: "1", SEAWALL_PARENT: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: process.platform !== "win32",
    },
  );
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const end = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("exit", resolve));
  signal.removeEventListener("abort", end);
  return { code, said: output.join("").slice(-4000) };
}

/** Builds the console unless the last build was made from these very sources. Rejects with the build's output, or when aborted. */
export async function buildConsole(signal: AbortSignal): Promise<"built" | "current"> {
  const wanted = sourceHash();
  if (isCurrent(wanted)) return "current";
  const lock = await buildLock(signal);
  try {
    if (isCurrent(wanted)) return "current"; // whoever had the lock built it
    const { code, said } = await runBuild(signal);
    signal.throwIfAborted();
    if (code !== 0 || !existsSync(path.join(root, ".next/BUILD_ID")))
      throw new Error(
        `The console could not be built (its words below). Run npm ci; where the machine is short of memory or disk, free some; then start again.\n${said}`,
      );
    writeFileSync(marker, wanted);
    return "built";
  } finally {
    lock.release();
  }
}
