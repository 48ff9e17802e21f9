// One measured piece of work in a fresh process: `{folder, work}`, told to the parent as `{ms, cpu, peak}`. Plain JavaScript, so
// that it runs without a loader, as the command does where it is installed: one that stands between slows whatever is measured.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { load } from "js-yaml";
import { parse } from "yaml";
import { builtModule } from "../../cli/built.mjs";
import { KUBERNETES_YAML } from "../../cli/kubernetes-yaml.ts";

const { folder, work } = JSON.parse(process.argv[2] ?? "");

function* texts() {
  for (const name of readdirSync(folder)) yield readFileSync(path.join(folder, name), "utf8");
}
/** Holds all that was read, as every reader of manifests must that looks at more than one object at a time. */
const parseAll = (read) => [...texts()].map(read).length;

const { main } = await import(builtModule("main.mjs"));
const terminal = { stdin: Readable.from([]), out: () => undefined, err: () => undefined, colour: false };
const run = (...args) => main(args, terminal);

// Loads the controls.
if (work.startsWith("check")) await run("control", "list");
const [began, before] = [performance.now(), process.cpuUsage()];
if (work === "yaml") parseAll((text) => parse(text, { version: "1.1", merge: true }));
else if (work === "js-yaml") parseAll((text) => load(text, { schema: KUBERNETES_YAML }));
else await run("check", folder, "--format", work.slice("check ".length));
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(before);
process.send?.({ ms, cpu: (user + system) / 1000, peak: process.resourceUsage().maxRSS / 1024 });
process.disconnect?.();
