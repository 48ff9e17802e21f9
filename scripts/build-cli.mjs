// Writes the command line as plain JavaScript into cli/generated: started from its sources it would translate some hundred files each
// time. What was built is used as long as none of the files it was made of has changed (cli/built.mjs).
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const folder = path.join(root, "cli", "generated");
/** It looks for what was built beside it, a thread; all others look for what stands beside their source. */
const OF_BUILT = path.join(root, "cli", "second-reader.ts");

const relative = (from, file) => path.relative(from, file).replaceAll(path.sep, "/");

/** The files that it is made of, each with the hash of what was read: a file may be changed while it is built. */
const files = [];
/** Data stands beside the sources that read it, and stays there. */
const sourcesStay = {
  name: "sources-stay",
  setup(building) {
    building.onLoad({ filter: /./, namespace: "file" }, ({ path: file }) => {
      const text = readFileSync(file, "utf8");
      files.push([relative(root, file), createHash("sha256").update(text).digest("hex")]);
      const from = JSON.stringify(relative(folder, file));
      const contents =
        file === OF_BUILT ? text : text.replaceAll("import.meta.url", `new URL(${from}, import.meta.url).href`);
      return { contents, loader: "default" };
    });
  },
};

rmSync(folder, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { main: "cli/main.ts", "start-second-reader": "cli/second-reader-thread.ts" },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node24",
  packages: "external",
  alias: { "@": root },
  plugins: [sourcesStay],
  logLevel: "warning",
});
// Last, so that a build that was interrupted is none.
writeFileSync(path.join(folder, "files.json"), JSON.stringify(files));
