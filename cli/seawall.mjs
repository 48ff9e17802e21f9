#!/usr/bin/env node
// Plain JavaScript, so that any node can start it: it hands over to the project's own node when this one is too old, and to
// one with other flags where much is read.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { builtModule } from "./built.mjs";
import { CHECK_FLAGS } from "./node-flags.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const WANTED = 24;
const own = path.join(root, "node_modules", ".bin", process.platform === "win32" ? "node.exe" : "node");
const major = Number(process.versions.node.split(".", 1)[0]);

const isOld = major < WANTED && existsSync(own);
const isCheck = process.argv[2] === "check";

if (process.env.SEAWALL_REEXECUTED !== "1" && (isOld || isCheck)) {
  const node = isOld ? own : process.execPath;
  const flags = isCheck ? CHECK_FLAGS : [];
  const child = spawnSync(node, [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, SEAWALL_REEXECUTED: "1" },
  });
  if (child.error) {
    process.stderr.write(`seawall: ${node} could not be started: ${child.error.message}\n`);
    process.exit(2);
  }
  process.exit(child.status ?? 128 + (constants.signals[child.signal ?? "SIGTERM"] ?? 15));
}

if (!existsSync(path.join(root, "node_modules", "tsx"))) {
  process.stderr.write(`seawall: packages are missing; run npm ci in ${root}\n`);
  process.exit(2);
}
process.stdout.on("error", (error) => {
  // A reader that closes early (`| head`) is no failure of ours.
  if (error.code === "EPIPE") return;
  // A report of which a part is missing is no verdict.
  process.stderr.write(`seawall: the output could not be written: ${error.message}\n`);
  process.exit(2);
});
// Nobody is left to be told; the report and the exit code still say all that counts.
process.stderr.on("error", () => undefined);
const built = builtModule("main.mjs");
if (built === null) {
  process.env.TSX_TSCONFIG_PATH ??= path.join(root, "tsconfig.json");
  const { register } = await import("tsx/esm/api");
  register();
}
const { main } = await import(built === null ? "./main.ts" : pathToFileURL(built).href);
process.exitCode = await main(process.argv.slice(2));
