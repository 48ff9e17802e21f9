import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CORE_SCHEMA, load as loadYaml, YAMLException } from "js-yaml";
import { controlFaults } from "./control-fault";
import { faultsOf, type LineOf, readYaml, YamlError } from "./file-fault";
import { type Control, controlSchema } from "./schema";

/** A control file that can't be used; the message names the file, the line and what was meant. */
export class ControlFileError extends Error {
  override name = "ControlFileError";
}

const MAX_FILE_BYTES = 64 * 1024;
/** Pages and the API are bundles of one process, each with this file: they judge by the same controls, read once. */
const held = globalThis as typeof globalThis & { seawallControls?: readonly Control[] };

/**
 * All controls of the product, ordered by id; read once per process, so that files that change under a running Seawall change nothing.
 * Their expressions are not looked through here, which takes seconds: `npm run verify` does that. Throws ControlFileError, with all that
 * is known of the first bad file.
 */
export function loadControls(): readonly Control[] {
  const folder = controlsFolder();
  held.seawallControls ??= orThrow(
    inspectControls(folder, (file) => readQuickly(file) ?? readSource(file)),
    folder,
  );
  return held.seawallControls;
}

/** Reads every `*.yaml` under a folder. Throws the ControlFileError of the first bad file, or of an id or name used twice. */
export const readControls = (folder: string): readonly Control[] => orThrow(inspectControls(folder), folder);

function orThrow({ controls, faults }: ReturnType<typeof inspectControls>, folder: string): readonly Control[] {
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  if (controls.length === 0) throw new ControlFileError(`${folder}: no controls found.`);
  return controls;
}

/** Where a control is written. */
export interface ControlSource {
  readonly file: string;
  /** Where in it; not known of a control that was read quickly. */
  readonly lines?: LineOf;
}

/** As readControls, but goes on behind a bad file: all that are good, ordered by id, and what is wrong with the others. */
export function inspectControls(
  folder = controlsFolder(),
  read: (file: string) => { control: Control; lines?: LineOf } = readSource,
): {
  controls: Control[];
  faults: ControlFileError[];
  /** By the control's id. */
  sources: ReadonlyMap<string, ControlSource>;
  /** Ids of all files, of those that can't be used too. */
  ids: ReadonlySet<string>;
} {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const seen = new Map<string, string>();
  const sources = new Map<string, ControlSource>();
  const ids = new Set<string>();
  const controls: Control[] = [];
  const faults: ControlFileError[] = [];
  for (const file of files) {
    try {
      const { control, lines } = read(file);
      ids.add(control.id);
      for (const field of ["id", "name"] as const) {
        const other = seen.get(control[field]);
        if (other !== undefined) {
          const line = (lines ?? readSource(file).lines).at([field]);
          throw new ControlFileError(`${file}:${line}: ${control[field]} is already used by ${other}.`);
        }
        seen.set(control[field], file);
      }
      sources.set(control.id, lines === undefined ? { file } : { file, lines });
      controls.push(control);
    } catch (error) {
      if (!(error instanceof ControlFileError)) throw error;
      faults.push(error);
      const [, id] = /^id:\s*["']?(SW-\d{4})\b/m.exec(readFileSync(file, "utf8")) ?? [];
      if (id !== undefined) ids.add(id);
    }
  }
  return { controls: controls.sort((a, b) => (a.id < b.id ? -1 : 1)), faults, sources, ids };
}

/** The control of a good file, by the faster of two readers of YAML; null for any other, which has to be explained. */
function readQuickly(file: string): { control: Control } | null {
  try {
    const parsed = controlSchema.safeParse(loadYaml(readFileSync(file, "utf8"), { schema: CORE_SCHEMA }));
    return parsed.success ? { control: parsed.data } : null;
  } catch (error) {
    if (error instanceof YAMLException) return null;
    throw error;
  }
}

/** Reads one control file. Throws ControlFileError, with all that is wrong with it. */
export const readControlFile = (file: string): Control => readSource(file).control;

function readSource(file: string): { control: Control; lines: LineOf } {
  const text = readFileSync(file, "utf8");
  if (text.length > MAX_FILE_BYTES) throw new ControlFileError(`${file}: larger than ${MAX_FILE_BYTES} bytes.`);
  const { value, lines } = yamlIn(file, text);
  const parsed = controlSchema.safeParse(value);
  if (!parsed.success)
    throw new ControlFileError(faultsOf(file, parsed.error, lines, controlSchema), { cause: parsed.error });
  const control = parsed.data;
  if (path.basename(file).replace(/\.ya?ml$/, "") !== control.name)
    throw new ControlFileError(`${file}:${lines.at(["name"])}: the file must be named ${control.name}.yaml.`);
  const faults = controlFaults(control).map((fault) => `${file}:${lines.of(fault)}: ${fault.message}`);
  if (faults.length > 0) throw new ControlFileError(faults.join("\n"));
  return { control, lines };
}

function yamlIn(file: string, text: string): { value: unknown; lines: LineOf } {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ControlFileError(`${file}:${error.line}: ${error.message}`, { cause: error });
  }
}

/** Beside this file; in a bundle, which moves this file and not the data, under the directory the process started in. */
function controlsFolder(): string {
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), "controls");
  return existsSync(beside) ? beside : path.join(process.cwd(), "domain", "posture", "controls");
}
