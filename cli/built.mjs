// Plain JavaScript, as seawall.mjs, which asks it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

// Any node can start it: `hash` at once is of newer ones.
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * The address of a module of the built command line (`scripts/build-cli.mjs`); null where nothing was built, or one of the files that
 * it was made of is another one by now: then the sources are run.
 */
export function builtModule(name) {
  const folder = path.join(root, "cli", "generated");
  try {
    const files = JSON.parse(readFileSync(path.join(folder, "files.json"), "utf8"));
    const isCurrent = files.every(([file, was]) => hashOf(readFileSync(path.join(root, file))) === was);
    return isCurrent ? path.join(folder, name) : null;
  } catch {
    // No build, half a build, or a source that is gone.
    return null;
  }
}
