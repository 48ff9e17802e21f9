import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { load } from "js-yaml";
import { parse } from "yaml";
import { builtModule } from "@/cli/built.mjs";
import { KUBERNETES_YAML } from "@/cli/kubernetes-yaml";
import type { main as command } from "@/cli/main";

/** One measured piece of work in a fresh process: `FOLDER WORK`, told to the parent as `{ms, cpu, peak}`. */
const [, , order = ""] = process.argv;
const { folder, work } = JSON.parse(order) as { folder: string; work: string };

function* texts(): Generator<string> {
  for (const name of readdirSync(folder)) yield readFileSync(path.join(folder, name), "utf8");
}
/** The command as it is installed: built. */
const { main } = (await import(builtModule("main.mjs") ?? "@/cli/main")) as { main: typeof command };
const run = (...args: string[]): Promise<number> =>
  main(args, { stdin: Readable.from([]), out: () => undefined, err: () => undefined, colour: false });
/** Holds all that was read, as every reader of manifests must that looks at more than one object at a time. */
const parseAll = async (read: (text: string) => unknown): Promise<number> => [...texts()].map(read).length;

// Loads the controls.
if (work.startsWith("check")) await run("control", "list");
const [began, before] = [performance.now(), process.cpuUsage()];
if (work === "yaml") await parseAll((text) => parse(text, { version: "1.1", merge: true }));
else if (work === "js-yaml") await parseAll((text) => load(text, { schema: KUBERNETES_YAML }));
else await run("check", folder, "--format", work.slice("check ".length));
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(before);
process.send?.({ ms, cpu: (user + system) / 1000, peak: process.resourceUsage().maxRSS / 1024 });
process.disconnect?.();
