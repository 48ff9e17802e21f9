import { readFileSync } from "node:fs";
import { constructFromEvents, parseEvents, YAMLException } from "js-yaml";
import { ParameterError, type Parameters, parametersFor } from "@/domain/posture/parameter/value";
import type { Control } from "@/domain/posture/schema";
import { KUBERNETES_YAML } from "./kubernetes-yaml";
import { controlNamed } from "./selection";
import { reason } from "./sources";
import { UsageError } from "./usage-error";

const MAX_CHARACTERS = 1024 * 1024;

/** Reads a `--params` file: control id or name → parameters. By control id. Throws UsageError. */
export function readParams(file: string, controls: readonly Control[]): ReadonlyMap<string, Parameters> {
  const params = new Map<string, Parameters>();
  const value = read(file);
  if (value === null) return params;
  if (typeof value !== "object" || Array.isArray(value))
    throw new UsageError(`--params ${file}: holds no map of controls to parameters. ${SUCH}.`);
  for (const [name, given] of Object.entries(value)) {
    try {
      const control = controlNamed(controls, name);
      if (params.has(control.id)) throw new UsageError(`${control.id} is given twice, once as ${name}.`);
      params.set(control.id, parametersFor(control, given));
    } catch (error) {
      if (error instanceof ParameterError || error instanceof UsageError)
        throw new UsageError(`--params ${file}: ${error.message}`, { cause: error });
      throw error;
    }
  }
  return params;
}

/** What such a file looks like, for who has none. */
const SUCH =
  "Give a YAML map of controls to their parameters, such as resource-limits-missing: { resources: [memory] }";

function read(file: string): unknown {
  const text = textOf(file);
  if (text.length > MAX_CHARACTERS) throw new UsageError(`--params ${file}: is larger than 1 MB.`);
  try {
    const documents = constructFromEvents(parseEvents(text, { maxDepth: 20 }), {
      source: text,
      schema: KUBERNETES_YAML,
      maxAliases: 0,
    });
    if (documents.length > 1) throw new UsageError(`--params ${file}: holds more than one document.`);
    return documents[0] ?? null;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? "" : `:${error.mark.line + 1}`;
    throw new UsageError(`--params ${file}${line}: ${error.reason}.`, { cause: error });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--params ${file}: ${reason(error, file)} ${SUCH}.`, { cause: error });
  }
}
