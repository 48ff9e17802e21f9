import path from "node:path";
import type { z } from "zod";
import { SETTINGS, type SettingName } from "./settings";

export type Env = { [K in SettingName]: z.infer<(typeof SETTINGS)[K]["schema"]> };
type Source = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used: its name, the reason and an example. */
export class SettingError extends Error {
  override name = "SettingError";
}

/** Parses all settings once. Throws SettingError that names every wrong one. An empty value counts as not set. */
export function parseEnv(source: Source): Env {
  const wrong: string[] = [];
  const entries = Object.entries(SETTINGS).map(([name, setting]) => {
    const raw = source[name] === "" ? undefined : source[name];
    const result = setting.schema.safeParse(raw);
    if (!result.success) {
      const reason = result.error.issues.map((issue) => issue.message).join("; ");
      wrong.push(`${name}: ${reason}. Example: ${name}=${setting.example}`);
    }
    return [name, result.data] as const;
  });
  if (wrong.length > 0) throw new SettingError(`These settings cannot be used:\n  ${wrong.join("\n  ")}`);
  return Object.fromEntries(entries) as Env; // each value was parsed by the schema of its own name
}

let parsed: Env | undefined;
/** The settings of this process, parsed on first use. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** Adds to this process's settings what its start found out (the embedded database's address, the demo's folder). */
export function setEnv(found: Partial<Record<SettingName, string>>): Env {
  Object.assign(process.env, found);
  parsed = undefined;
  return env();
}

/** Absolute path of the data folder. */
export const dataDir = (): string => path.resolve(env().SEAWALL_DATA_DIR);
