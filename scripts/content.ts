import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type BenchmarkSource, inspectBenchmarks } from "@/domain/benchmark/load";
import { apiVersionsSchema } from "@/domain/inventory/api-version/schema";
import { apiVersionsFile } from "@/domain/inventory/api-version/table";
import { EXAMPLE_LISTS, exampleFault } from "@/domain/posture/example";
import { type ContentFault, faultsOf, readYaml, YamlError } from "@/domain/posture/file-fault";
import { inspectControls } from "@/domain/posture/load";
import type { Control } from "@/domain/posture/schema";
import { benchmarkProseFaults, proseFaults } from "./control-prose";

const root = fileURLToPath(new URL("..", import.meta.url));

const controlsFolder = path.join(root, "domain", "posture", "controls");

/** The controls and what is wrong with them: read once, since to look them through takes seconds. */
export const readContent = (folder = controlsFolder): Content => inspectControls(folder);
export type Content = ReturnType<typeof inspectControls>;

const linesOf = (faults: readonly Error[]): string[] =>
  faults.flatMap(({ message }) => message.split("\n").map((line) => line.replaceAll(root, "")));

/**
 * What is wrong with the controls, as `file:line: what was meant`; empty when nothing is. A file that can't be used, prose that is not
 * finished, and an example of which its control says something else.
 */
export function controlFaults({ controls, faults, sources }: Content): string[] {
  if (controls.length + faults.length === 0) return ["domain/posture/controls: no controls found"];
  const told = controls.flatMap((control) => {
    const { file, lines } = sources.get(control.id) ?? { file: control.name };
    return [...proseFaults(control), ...judgedFaults(control)].map(
      (fault) => `${file.replaceAll(root, "")}:${lines?.of(fault) ?? 1}: ${fault.message}`,
    );
  });
  return [...linesOf(faults), ...told];
}

/** Examples of which a control says something else than it should. */
function judgedFaults(control: Control): ContentFault[] {
  return EXAMPLE_LISTS.flatMap((list) =>
    control.examples[list].flatMap((example, index) => {
      const message = exampleFault(control, list, example);
      const where = ["examples", list, index];
      return message === null ? [] : [{ where, message: `${where.join(".")}: ${message}` }];
    }),
  );
}

/**
 * The same of benchmarks: a key, control, fact or requirement that is not known, a control that judges nothing where the benchmark is meant
 * for, and prose that is not finished.
 */
export function benchmarkFaults(
  { ids, controls }: Pick<Content, "ids"> & { readonly controls: readonly Control[] },
  folder = path.join(root, "domain", "benchmark", "benchmarks"),
): string[] {
  const { benchmarks, faults, sources } = inspectBenchmarks(folder, ids);
  if (benchmarks.length + faults.length === 0) return ["domain/benchmark/benchmarks: no benchmarks found"];
  const byId = new Map(controls.map((control) => [control.id, control]));
  const told = [...sources.values()].flatMap(({ file, lines, parsed }) =>
    [...benchmarkProseFaults(parsed), ...idleFaults(parsed, byId)].map(
      (fault) => `${file.replaceAll(root, "")}:${lines.of(fault)}: ${fault.message}`,
    ),
  );
  return [...linesOf(faults), ...told];
}

/** Controls of requirements that say nothing there: they are deprecated, or for other clouds than the benchmark. */
function idleFaults(
  { distributions, sections }: BenchmarkSource["parsed"],
  controls: ReadonlyMap<string, Control>,
): ContentFault[] {
  return sections.flatMap(({ requirements }, section) =>
    requirements.flatMap(({ controls: named = [] }, requirement) =>
      named.flatMap((id, index) => {
        const where = ["sections", section, "requirements", requirement, "controls", index];
        const { maturity, appliesTo } = controls.get(id) ?? {};
        const own = appliesTo?.distributions;
        if (maturity === "deprecated")
          return [{ where, message: `${id} is deprecated and judges nothing. Name what took its place.` }];
        return own === undefined || distributions === undefined || own.some((each) => distributions.includes(each))
          ? []
          : [{ where, message: `${id} is for ${own.join(", ")} only, the benchmark for ${distributions.join(", ")}.` }];
      }),
    ),
  );
}

/** What is wrong with the table of Kubernetes' API versions, with its lines. */
export function apiVersionFaults(text = readFileSync(apiVersionsFile(), "utf8")): string[] {
  const file = path.relative(root, apiVersionsFile());
  try {
    const { value, lines } = readYaml(text);
    const { error } = apiVersionsSchema.safeParse(value);
    return error === undefined ? [] : faultsOf(file, error, lines, apiVersionsSchema).split("\n");
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return [`${file}:${error.line}: ${error.message.split("\n", 1)[0]}`];
  }
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
