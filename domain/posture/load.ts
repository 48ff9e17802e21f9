import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CORE_SCHEMA, load as loadYaml, YAMLException } from "js-yaml";
import { LineCounter, parseDocument } from "yaml";
import { check, type Known } from "@/cel/check";
import { FACT_NAMES } from "./engine-unknown";
import { faultsOf, LineOf } from "./file-fault";
import { type Control, controlSchema, EXAMPLE_CLASSES, type ForEach } from "./schema";

/** A control file that can't be used; the message names the file, the line and what was meant. */
export class ControlFileError extends Error {
  override name = "ControlFileError";
}

const MAX_FILE_BYTES = 64 * 1024;
let loaded: readonly Control[] | undefined;

/**
 * All controls of the product, ordered by id; read once per process. Their expressions are not looked through here, which takes
 * seconds: `npm run verify` does that. Throws ControlFileError, with all that is known of the first bad file.
 */
export function loadControls(): readonly Control[] {
  const folder = controlsFolder();
  loaded ??= orThrow(
    inspectControls(folder, (file) => readQuickly(file) ?? readControlFile(file)),
    folder,
  );
  return loaded;
}

/** Reads every `*.yaml` under a folder. Throws the ControlFileError of the first bad file, or of an id or name used twice. */
export const readControls = (folder: string): readonly Control[] => orThrow(inspectControls(folder), folder);

function orThrow({ controls, faults }: ReturnType<typeof inspectControls>, folder: string): readonly Control[] {
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  if (controls.length === 0) throw new ControlFileError(`${folder}: no controls found.`);
  return controls;
}

/** As readControls, but goes on behind a bad file: all that are good, ordered by id, and what is wrong with the others. */
export function inspectControls(
  folder = controlsFolder(),
  read: (file: string) => Control = readControlFile,
): {
  controls: Control[];
  faults: ControlFileError[];
  /** Where each control is written, by its id. */
  files: ReadonlyMap<string, string>;
} {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const seen = new Map<string, string>();
  const controls: Control[] = [];
  const faults: ControlFileError[] = [];
  for (const file of files) {
    try {
      const control = read(file);
      for (const key of [control.id, control.name]) {
        const other = seen.get(key);
        if (other !== undefined) throw new ControlFileError(`${file}: ${key} is already used by ${other}.`);
        seen.set(key, file);
      }
      controls.push(control);
    } catch (error) {
      if (!(error instanceof ControlFileError)) throw error;
      faults.push(error);
    }
  }
  return { controls: controls.sort((a, b) => (a.id < b.id ? -1 : 1)), faults, files: seen };
}

/** The control of a good file, by the faster of two readers of YAML; null for any other, which has to be explained. */
function readQuickly(file: string): Control | null {
  try {
    const parsed = controlSchema.safeParse(loadYaml(readFileSync(file, "utf8"), { schema: CORE_SCHEMA }));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof YAMLException) return null;
    throw error;
  }
}

/** Reads one control file. Throws ControlFileError. */
export function readControlFile(file: string): Control {
  const text = readFileSync(file, "utf8");
  if (text.length > MAX_FILE_BYTES) throw new ControlFileError(`${file}: larger than ${MAX_FILE_BYTES} bytes.`);
  const counter = new LineCounter();
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true, lineCounter: counter });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw new ControlFileError(`${file}: ${problem.message}`, { cause: problem });
  const lines = new LineOf(document, counter);
  const parsed = controlSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) {
    throw new ControlFileError(faultsOf(file, parsed.error, lines, controlSchema), { cause: parsed.error });
  }
  const control = parsed.data;
  if (path.basename(file).replace(/\.ya?ml$/, "") !== control.name) {
    throw new ControlFileError(`${file}:${lines.at(["name"])}: the file must be named ${control.name}.yaml.`);
  }
  for (const [name, what] of missingClasses(control)) {
    throw new ControlFileError(
      `${file}:${lines.at(["examples"])}: no example has \`class: ${name}\`: show what the control says when ${what}.`,
    );
  }
  for (const { line, column, message } of check(control.violates, knownTo(control))) {
    throw new ControlFileError(`${file}:${lines.at(["violates"])}: violates, ${line}:${column}: ${message}`);
  }
  const { when } = control.appliesTo;
  for (const { line, column, message } of when === undefined ? [] : check(when, knownTo(control))) {
    throw new ControlFileError(`${file}:${lines.at(["appliesTo", "when"])}: when, ${line}:${column}: ${message}`);
  }
  if ((when === undefined) !== (control.examples.notApplicable.length === 0)) {
    throw new ControlFileError(
      `${file}:${lines.at(["examples"])}: \`appliesTo.when\` and \`examples.notApplicable\` go together: show what the control leaves out.`,
    );
  }
  return control;
}

/** What a control's expression may read: the engine's bindings, the facts that are derived, the control's own parameters. */
function knownTo({ params, forEach }: Control): Known {
  const all = (names: readonly string[]): Known => Object.fromEntries(names.map((name) => [name, true]));
  return {
    object: true,
    spec: true,
    pod: true,
    cluster: true,
    facts: all(FACT_NAMES),
    params: all(Object.keys(params)),
    ...(forEach === undefined ? {} : { [forEach]: true }),
    ...(forEach === undefined ? {} : (BESIDE[forEach] ?? {})),
  };
}

const CONTAINER = { container: true, containerKind: true } as const;
/** What a loop binds beside its item. */
const BESIDE: { readonly [name in ForEach]?: Readonly<Record<string, true>> } = {
  container: CONTAINER,
  variable: CONTAINER,
  mount: { ...CONTAINER, volume: true },
  securityContext: { setOn: true },
};

/** Classes of examples that a control does not show, with what each is. */
function missingClasses(control: Control): [string, string][] {
  const shown = new Set(
    Object.values(control.examples)
      .flat()
      .map((example) => example.class),
  );
  return Object.entries(EXAMPLE_CLASSES).filter(([name]) => ![...shown].some((one) => one === name));
}

/** Beside this file; in a bundle, which moves this file and not the data, under the directory the process started in. */
function controlsFolder(): string {
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), "controls");
  return existsSync(beside) ? beside : path.join(process.cwd(), "domain", "posture", "controls");
}
