// Generates the Prisma client, and builds the command line. The client needs no schema engine, and the engine's download is not reachable everywhere:
// naming a harmless executable stops Prisma from asking for it.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const cli = path.join(root, "node_modules/prisma/build/index.js");
const pinned = path.join(root, "node_modules/.bin", process.platform === "win32" ? "node.cmd" : "node");
const node = existsSync(pinned) ? pinned : process.execPath;

execFileSync(node, [cli, "generate", "--no-hints"], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.platform === "win32" ? process.execPath : "/bin/true",
    CHECKPOINT_DISABLE: "1",
  },
  shell: process.platform === "win32",
});

try {
  await import("./build-cli.mjs");
} catch (error) {
  process.stderr.write(`seawall: the command line could not be built, so it runs from its sources: ${error}\n`);
}
