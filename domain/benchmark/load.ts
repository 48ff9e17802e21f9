import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, LineCounter, parseDocument } from "yaml";
import { faultsOf, LineOf } from "@/domain/posture/file-fault";
import { loadControls } from "@/domain/posture/load";
import { suggestion } from "@/lib/nearest";
import { isFact, KNOWN_FACTS } from "./fact";
import { type Benchmark, type BenchmarkFile, benchmarkSchema, type Section } from "./schema";

/** A benchmark file that can't be used; the message names the file, the line and what was meant. */
export class BenchmarkFileError extends Error {
  override name = "BenchmarkFileError";
}

const MAX_FILE_BYTES = 256 * 1024;
let loaded: readonly Benchmark[] | undefined;

/** All benchmarks of the product, ordered by id; read and checked once per process. Throws BenchmarkFileError. */
export function loadBenchmarks(): readonly Benchmark[] {
  if (loaded !== undefined) return loaded;
  const { benchmarks, faults } = inspectBenchmarks(benchmarksFolder());
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  loaded = benchmarks;
  return loaded;
}

/** Every control that a benchmark names. */
export const controlsOf = (benchmark: Pick<Benchmark, "sections">): ReadonlySet<string> =>
  new Set(benchmark.sections.flatMap((section) => section.requirements.flatMap(({ controls }) => controls ?? [])));

interface Source {
  file: string;
  lines: LineOf;
  parsed: BenchmarkFile;
}

/** Reads every `*.yaml` of a folder and goes on behind a bad one: all that are good, ordered by id, and what is wrong with the others. */
export function inspectBenchmarks(
  folder = benchmarksFolder(),
  controls: ReadonlySet<string> = new Set(loadControls().map((control) => control.id)),
): { benchmarks: Benchmark[]; faults: BenchmarkFileError[] } {
  const faults: BenchmarkFileError[] = [];
  const attempt = <T>(work: () => T): T[] => {
    try {
      return [work()];
    } catch (error) {
      if (!(error instanceof BenchmarkFileError)) throw error;
      faults.push(error);
      return [];
    }
  };
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
  const sources = new Map(
    files.flatMap((file) => attempt(() => readSource(file))).map((source) => [source.parsed.id, source]),
  );
  const benchmarks = [...sources.values()].flatMap((source) =>
    attempt(() => {
      const benchmark = resolved(source, sources, []);
      requireKnown(source, benchmark, sources, controls);
      return benchmark;
    }),
  );
  return { benchmarks: benchmarks.sort((a, b) => (a.id < b.id ? -1 : 1)), faults };
}

function readSource(file: string): Source {
  const text = readFileSync(file, "utf8");
  if (text.length > MAX_FILE_BYTES) throw new BenchmarkFileError(`${file}: larger than ${MAX_FILE_BYTES} bytes.`);
  const counter = new LineCounter();
  const document: Document.Parsed = parseDocument(text, { version: "1.2", uniqueKeys: true, lineCounter: counter });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw new BenchmarkFileError(`${file}: ${problem.message}`, { cause: problem });
  const lines = new LineOf(document, counter);
  const parsed = benchmarkSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) {
    throw new BenchmarkFileError(faultsOf(file, parsed.error, lines, benchmarkSchema), { cause: parsed.error });
  }
  if (path.basename(file).replace(/\.ya?ml$/, "") !== parsed.data.id)
    throw new BenchmarkFileError(`${file}:${lines.at(["id"])}: the file must be named ${parsed.data.id}.yaml.`);
  return { file, lines, parsed: parsed.data };
}

/** What a section says for all of its requirements is given to those that say nothing themselves; with `instead`, beside their controls. */
const spelledOut = (sections: BenchmarkFile["sections"]): Section[] =>
  sections.map(({ manual, level, requirements, ...section }) => ({
    ...section,
    requirements: requirements.map((given) => {
      const requirement = given.level === undefined && level !== undefined ? { ...given, level } : given;
      return manual === undefined ||
        requirement.manual !== undefined ||
        (requirement.controls !== undefined && !manual.instead)
        ? requirement
        : { ...requirement, manual };
    }),
  }));

/** A file with what it includes, in the order of what is included, then its own. */
function resolved(source: Source, sources: ReadonlyMap<string, Source>, within: readonly string[]): Benchmark {
  const { includes, without, ...given } = source.parsed;
  const own = { ...given, sections: spelledOut(given.sections) };
  const at = (where: PropertyKey[]) => `${source.file}:${source.lines.at(where)}`;
  if (includes === undefined) return own;
  const other = sources.get(includes);
  if (other === undefined || within.includes(includes) || includes === own.id) {
    const why = other === undefined ? "is not a benchmark" : "includes this one";
    throw new BenchmarkFileError(`${at(["includes"])}: ${includes} ${why}.${suggestion(includes, sources.keys())}`);
  }
  const base = resolved(other, sources, [...within, own.id]);
  const sections = new Map(
    base.sections.map((section): [string, Section] => [
      section.id,
      { ...section, requirements: section.requirements.filter(({ id }) => !without.includes(id)) },
    ]),
  );
  for (const section of own.sections) {
    const taken = sections.get(section.id)?.requirements ?? [];
    const added = new Map(section.requirements.map((requirement) => [requirement.id, requirement]));
    const replaced = taken.map((requirement) => added.get(requirement.id) ?? requirement);
    const fresh = section.requirements.filter(({ id }) => !taken.some((known) => known.id === id));
    sections.set(section.id, { ...section, requirements: [...replaced, ...fresh] });
  }
  const known = base.sections.flatMap((section) => section.requirements.map(({ id }) => id));
  for (const id of without)
    if (!known.includes(id))
      throw new BenchmarkFileError(`${at(["without"])}: ${includes} has no requirement ${id}.${suggestion(id, known)}`);
  return { ...own, sections: [...sections.values()].filter(({ requirements }) => requirements.length > 0) };
}

/** Every control, fact and requirement that a file names must be there; all that are not are told at once. */
function requireKnown(
  { file, lines, parsed }: Source,
  benchmark: Benchmark,
  sources: ReadonlyMap<string, Source>,
  controls: ReadonlySet<string>,
): void {
  const said: string[] = [];
  const tell = (where: PropertyKey[], what: string) => said.push(`${file}:${lines.at(where)}: ${what}`);
  const requireFacts = (facts: readonly string[], where: PropertyKey[]): void =>
    facts.forEach((fact, f) => {
      if (!isFact(fact)) tell([...where, "facts", f], `${fact} is not a fact.${suggestion(fact, KNOWN_FACTS)}`);
    });
  parsed.sections.forEach((section, s) => {
    requireFacts(section.manual?.facts ?? [], ["sections", s, "manual"]);
    section.requirements.forEach((requirement, r) => {
      const where = ["sections", s, "requirements", r];
      const { id, controls: named, manual } = requirement;
      if (named === undefined && manual === undefined && section.manual === undefined)
        tell(where, `${id}: give \`controls\`, \`manual\` or both.`);
      named?.forEach((control, c) => {
        if (!controls.has(control))
          tell([...where, "controls", c], `${control} is not a control.${suggestion(control, controls)}`);
      });
      requireFacts(manual?.facts ?? [], [...where, "manual"]);
    });
  });
  const ids = benchmark.sections.flatMap((section) => section.requirements.map(({ id }) => id));
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
    tell(["sections"], `the requirement ${id} stands here twice.`);
  if (ids.length === 0) tell(["id"], "there is no requirement.");
  const { previous } = parsed;
  if (previous !== undefined && !sources.has(previous))
    tell(["previous"], `${previous} is not a benchmark.${suggestion(previous, sources.keys())}`);
  for (const id of Object.keys(parsed.renumbered))
    if (!ids.includes(id)) tell(["renumbered", id], `there is no requirement ${id}.${suggestion(id, ids)}`);
  if (said.length > 0) throw new BenchmarkFileError(said.join("\n"));
}

/** Beside this file; in a bundle, which moves this file and not the data, under the directory the process started in. */
function benchmarksFolder(): string {
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), "benchmarks");
  return existsSync(beside) ? beside : path.join(process.cwd(), "domain", "benchmark", "benchmarks");
}
