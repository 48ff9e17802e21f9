import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { LineCounter, parseDocument } from "yaml";
import { inspectBenchmarks } from "@/domain/benchmark/load";
import { apiVersionsSchema } from "@/domain/inventory/api-version/schema";
import { apiVersionsFile } from "@/domain/inventory/api-version/table";
import { faultsOf, LineOf } from "@/domain/posture/file-fault";
import { inspectControls } from "@/domain/posture/load";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Every control file that can't be used, as `file:line: what was meant`; empty when all can. */
export function controlFaults(): string[] {
  const { controls, faults } = inspectControls(path.join(root, "domain", "posture", "controls"));
  const said = faults.flatMap(({ message }) => message.split("\n").map((line) => line.replaceAll(root, "")));
  return controls.length + faults.length === 0 ? ["domain/posture/controls: no controls found"] : said;
}

/** The same of benchmarks: a key, control, fact or requirement that is not known. */
export function benchmarkFaults(): string[] {
  const controls = new Set(
    inspectControls(path.join(root, "domain", "posture", "controls")).controls.map((control) => control.id),
  );
  const { benchmarks, faults } = inspectBenchmarks(path.join(root, "domain", "benchmark", "benchmarks"), controls);
  const said = faults.flatMap(({ message }) => message.split("\n").map((line) => line.replaceAll(root, "")));
  return benchmarks.length + faults.length === 0 ? ["domain/benchmark/benchmarks: no benchmarks found"] : said;
}

/** What is wrong with the table of Kubernetes' API versions, with its lines. */
export function apiVersionFaults(text = readFileSync(apiVersionsFile(), "utf8")): string[] {
  const file = path.relative(root, apiVersionsFile());
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [broken] = document.errors;
  if (broken !== undefined)
    return [`${file}:${counter.linePos(broken.pos[0]).line}: ${broken.message.split("\n", 1)[0]}`];
  const { error } = apiVersionsSchema.safeParse(document.toJS());
  return error === undefined ? [] : faultsOf(file, error, new LineOf(document, counter), apiVersionsSchema).split("\n");
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.test)?\.(ts|tsx)$/;

/** Every file of a domain room that the closed set of names does not hold. */
export function roomFaults(): string[] {
  const faults: string[] = [];
  for (const entry of readdirSync(path.join(root, "domain"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/");
    const inData = /^domain\/(posture\/controls|benchmark\/benchmarks|inventory\/data)\//.test(file);
    if (inData !== /\.ya?ml$/.test(file))
      faults.push(`${file}: controls, benchmarks and tables, and nothing else, are .yaml files of their folders`);
    if (inData) continue;
    if (!NAME.test(entry.name) || /^(index|page|layout)\./.test(entry.name))
      faults.push(
        `${file}: a room holds schema, queries, mutations, actions, store and <noun>.ts, in lower case with hyphens`,
      );
    if (file.endsWith(".tsx") && !file.includes("/components/"))
      faults.push(`${file}: what is shown lives in components/`);
  }
  return faults;
}
