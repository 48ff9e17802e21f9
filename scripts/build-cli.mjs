// Writes the command line as plain JavaScript into cli/generated: started from its sources it would translate some hundred files each
// time. What was built is used as long as none of the files it was made of has changed (cli/built.mjs).
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const folder = path.join(root, "cli", "generated");
/** It looks for what was built beside it, a thread; all others look for what stands beside their source. */
const OF_BUILT = path.join(root, "cli", "second-reader.ts");

/** Data stands beside the sources that read it, and stays there. */
const sourcesStay = {
  name: "sources-stay",
  setup(building) {
    building.onLoad({ filter: /\.tsx?$/ }, ({ path: file }) => {
      const text = readFileSync(file, "utf8");
      if (file === OF_BUILT || !text.includes("import.meta.url")) return undefined;
      const from = JSON.stringify(path.relative(folder, file).replaceAll(path.sep, "/"));
      const contents = text.replaceAll("import.meta.url", `new URL(${from}, import.meta.url).href`);
      return { contents, loader: file.endsWith("x") ? "tsx" : "ts" };
    });
  },
};

rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: "cli/main.ts", "start-second-reader": "cli/second-reader-thread.ts" },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  metafile: true,
  platform: "node",
  format: "esm",
  target: "node24",
  packages: "external",
  alias: { "@": root },
  plugins: [sourcesStay],
  logLevel: "warning",
});
const files = Object.keys(metafile.inputs).map((file) => [file, statSync(path.join(root, file)).mtimeMs]);
// Last, so that a build that was interrupted is none.
writeFileSync(path.join(folder, "files.json"), JSON.stringify(files));
