import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { faultsOf, type LineOf, readYaml, YamlError } from "@/domain/posture/file-fault";
import { loadControls } from "@/domain/posture/load";
import { suggestion } from "@/lib/nearest";
import { isFact, KNOWN_FACTS } from "./fact/fact";
import { type Benchmark, type BenchmarkFile, benchmarkSchema, type Section } from "./schema";

/** A benchmark file that can't be used; the message names the file, the line and what was meant. */
export class BenchmarkFileError extends Error {
  override name = "BenchmarkFileError";
}

const MAX_FILE_BYTES = 256 * 1024;
/** For all bundles of the process, as controls are held. */
const held = globalThis as typeof globalThis & { seawallBenchmarks?: readonly Benchmark[] };

/** All benchmarks of the product, ordered by id; read and checked once per process. Throws BenchmarkFileError. */
export function loadBenchmarks(): readonly Benchmark[] {
  if (held.seawallBenchmarks !== undefined) return held.seawallBenchmarks;
  const { benchmarks, faults } = inspectBenchmarks(benchmarksFolder());
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  held.seawallBenchmarks = benchmarks;
  return benchmarks;
}

/** Every control that a benchmark names. */
export const controlsOf = (benchmark: Pick<Benchmark, "sections">): ReadonlySet<string> =>
  new Set(benchmark.sections.flatMap((section) => section.requirements.flatMap(({ controls }) => controls ?? [])));

const idOf = (file: string): string => path.basename(file).replace(/\.ya?ml$/, "");

/** The benchmarks that a file takes over, directly or through others. */
function buildsOn({ parsed }: BenchmarkSource, sources: ReadonlyMap<string, BenchmarkSource>): string[] {
  const found = new Set<string>();
  for (let id = parsed.includes; id !== undefined && !found.has(id); id = sources.get(id)?.parsed.includes)
    found.add(id);
  return [...found];
}

/** A file by itself. */
export interface BenchmarkSource {
  readonly file: string;
  readonly lines: LineOf;
  readonly parsed: BenchmarkFile;
}

/** Reads every `*.yaml` of a folder and goes on behind a bad one: all that are good, ordered by id, and what is wrong with the others. */
export function inspectBenchmarks(
  folder = benchmarksFolder(),
  controls: ReadonlySet<string> = new Set(loadControls().map((control) => control.id)),
): {
  benchmarks: Benchmark[];
  faults: BenchmarkFileError[];
  /** Where each is written, and what its file says itself. */
  sources: ReadonlyMap<string, BenchmarkSource>;
} {
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
  const ids = new Set(files.map(idOf));
  const benchmarks = [...sources.values()].flatMap((source) => {
    // What builds on a file that can't be used is not told of: that file is.
    if (buildsOn(source, sources).some((id) => ids.has(id) && !sources.has(id))) return [];
    return attempt(() => {
      const benchmark = resolved(source, sources, []);
      requireKnown(source, benchmark, { sources, controls, ids });
      return benchmark;
    });
  });
  return { benchmarks: benchmarks.sort((a, b) => (a.id < b.id ? -1 : 1)), faults, sources };
}

function readSource(file: string): BenchmarkSource {
  const text = readFileSync(file, "utf8");
  if (text.length > MAX_FILE_BYTES) throw new BenchmarkFileError(`${file}: larger than ${MAX_FILE_BYTES} bytes.`);
  const { value, lines } = yamlIn(file, text);
  const parsed = benchmarkSchema.safeParse(value);
  if (!parsed.success) {
    throw new BenchmarkFileError(faultsOf(file, parsed.error, lines, benchmarkSchema), { cause: parsed.error });
  }
  if (idOf(file) !== parsed.data.id)
    throw new BenchmarkFileError(`${file}:${lines.at(["id"])}: the file must be named ${parsed.data.id}.yaml.`);
  return { file, lines, parsed: parsed.data };
}

function yamlIn(file: string, text: string): { value: unknown; lines: LineOf } {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new BenchmarkFileError(`${file}:${error.line}: ${error.message}`, { cause: error });
  }
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
function resolved(
  source: BenchmarkSource,
  sources: ReadonlyMap<string, BenchmarkSource>,
  within: readonly string[],
): Benchmark {
  const { includes, without, ...given } = source.parsed;
  const own = { ...given, sections: spelledOut(given.sections) };
  const at = (where: PropertyKey[]) => `${source.file}:${source.lines.at(where)}`;
  if (includes === undefined) return own;
  const other = sources.get(includes);
  if (other === undefined || within.includes(includes) || includes === own.id) {
    const why =
      other === undefined ? `is not a benchmark.${suggestion(includes, sources.keys())}` : "includes this one.";
    throw new BenchmarkFileError(`${at(["includes"])}: ${includes} ${why}`);
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
      throw new BenchmarkFileError(
        `${at(["without", without.indexOf(id)])}: ${includes} has no requirement ${id}.${suggestion(id, known)}`,
      );
  return { ...own, sections: [...sections.values()].filter(({ requirements }) => requirements.length > 0) };
}

interface Others {
  readonly sources: ReadonlyMap<string, BenchmarkSource>;
  readonly controls: ReadonlySet<string>;
  /** Of all benchmarks, of those that can't be used too. */
  readonly ids: ReadonlySet<string>;
}

/** Every control, fact and requirement that a file names must be there; all that are not are told at once. */
function requireKnown(source: BenchmarkSource, benchmark: Benchmark, { sources, controls, ids }: Others): void {
  const { file, lines, parsed } = source;
  const said: string[] = [];
  const tell = (where: PropertyKey[], what: string) => said.push(`${file}:${lines.at(where)}: ${what}`);
  const requireFacts = (facts: readonly string[], where: PropertyKey[]): void =>
    facts.forEach((fact, f) => {
      if (!isFact(fact)) tell([...where, "facts", f], `${fact} is not a fact.${suggestion(fact, KNOWN_FACTS)}`);
    });
  const once = (id: string, seen: Set<string>, where: PropertyKey[], what: string): void => {
    if (seen.has(id)) tell([...where, "id"], `the ${what} ${id} stands here twice.`);
    seen.add(id);
  };
  const [sections, requirements] = [new Set<string>(), new Set<string>()];
  parsed.sections.forEach((section, s) => {
    once(section.id, sections, ["sections", s], "section");
    requireFacts(section.manual?.facts ?? [], ["sections", s, "manual"]);
    section.requirements.forEach((requirement, r) => {
      const where = ["sections", s, "requirements", r];
      const { id, controls: named, manual } = requirement;
      once(id, requirements, where, "requirement");
      if (named === undefined && manual === undefined && section.manual === undefined)
        tell(where, `${id}: give \`controls\`, \`manual\` or both.`);
      named?.forEach((control, c) => {
        if (!controls.has(control))
          tell([...where, "controls", c], `${control} is not a control.${suggestion(control, controls)}`);
        else if (named.indexOf(control) < c) tell([...where, "controls", c], `${control} stands here twice.`);
      });
      requireFacts(manual?.facts ?? [], [...where, "manual"]);
    });
  });
  const all = idsOf(benchmark);
  for (const id of new Set(all.filter((one, index) => all.indexOf(one) !== index && !requirements.has(one))))
    tell(["includes"], `the requirement ${id} stands in what it includes twice.`);
  if (all.length === 0) tell(["id"], "there is no requirement.");
  requirePrevious(source, all, { sources, ids }, tell);
  if (said.length > 0) throw new BenchmarkFileError(said.join("\n"));
}

const idsOf = ({ sections }: Pick<Benchmark, "sections">): string[] =>
  sections.flatMap((section) => section.requirements.map(({ id }) => id));

/** The version before, and the ids that requirements had in it. */
function requirePrevious(
  { parsed }: BenchmarkSource,
  all: readonly string[],
  { sources, ids }: Pick<Others, "sources" | "ids">,
  tell: (where: PropertyKey[], what: string) => void,
): void {
  const { previous, renumbered } = parsed;
  if (previous !== undefined && (!ids.has(previous) || previous === parsed.id))
    tell(
      ["previous"],
      `${previous} is not another benchmark.${suggestion(
        previous,
        [...ids].filter((id) => id !== parsed.id),
      )}`,
    );
  const before = previous === undefined ? undefined : sources.get(previous);
  const usable = before !== undefined && buildsOn(before, sources).every((id) => sources.has(id));
  const old = usable ? idsOf(resolved(before, sources, [])) : null;
  for (const [id, was] of Object.entries(renumbered)) {
    if (!all.includes(id)) tell(["renumbered", id], `there is no requirement ${id}.${suggestion(id, all)}`);
    if (old !== null && !old.includes(was))
      tell(["renumbered", id], `${previous} has no requirement ${was}.${suggestion(was, old)}`);
  }
}

/** Beside this file; in a bundle, which moves this file and not the data, under the directory the process started in. */
function benchmarksFolder(): string {
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), "benchmarks");
  return existsSync(beside) ? beside : path.join(process.cwd(), "domain", "benchmark", "benchmarks");
}
