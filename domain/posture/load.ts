import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { z } from "zod";
import { CelError } from "@/cel/error";
import { predicateOf } from "./engine";
import { type Control, controlSchema } from "./schema";

/** A control file that can't be used; the message names the file and the field. */
export class ControlFileError extends Error {
  override name = "ControlFileError";
}

const MAX_FILE_BYTES = 64 * 1024;
let loaded: readonly Control[] | undefined;

/** All controls of the product, ordered by id; read and checked once per process. Throws ControlFileError. */
export function loadControls(): readonly Control[] {
  loaded ??= readControls(controlsFolder());
  return loaded;
}

/** Reads every `*.yaml` under a folder. Throws ControlFileError on a bad file, a duplicate id, name or alias of the product's own. */
export function readControls(folder: string): readonly Control[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const seen = new Map<string, string>();
  const controls = files.map((file) => {
    const control = readControl(file);
    for (const key of [control.id, control.name]) {
      const other = seen.get(key);
      if (other !== undefined) throw new ControlFileError(`${file}: ${key} is already used by ${other}.`);
      seen.set(key, file);
    }
    return control;
  });
  if (controls.length === 0) throw new ControlFileError(`${folder}: no controls found.`);
  return controls.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readControl(file: string): Control {
  const text = readFileSync(file, "utf8");
  if (text.length > MAX_FILE_BYTES) throw new ControlFileError(`${file}: larger than ${MAX_FILE_BYTES} bytes.`);
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw new ControlFileError(`${file}: ${problem.message}`, { cause: problem });
  const parsed = controlSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) throw new ControlFileError(`${file}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  const control = parsed.data;
  if (path.basename(file).replace(/\.ya?ml$/, "") !== control.name) {
    throw new ControlFileError(`${file}: the file must be named ${control.name}.yaml.`);
  }
  try {
    predicateOf(control);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    throw new ControlFileError(`${file}: violates: ${error.message}`, { cause: error });
  }
  return control;
}

/** Beside this file; in a bundle, which moves this file and not the data, under the directory the process started in. */
function controlsFolder(): string {
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), "controls");
  return existsSync(beside) ? beside : path.join(process.cwd(), "domain", "posture", "controls");
}
