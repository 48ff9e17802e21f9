import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CORE_SCHEMA, load } from "js-yaml";
import { groupOf } from "../schema";
import { type ApiVersion, apiVersionsSchema } from "./schema";

/** Versions of Kubernetes' APIs by kind. Minor releases of Kubernetes as numbers. */
export interface ApiTable {
  /** The newest release whose changes the table holds, and the oldest that anybody still repairs. */
  newest: number;
  oldestSupported: number;
  /** By kind, then by version: `CronJob`, `batch/v1beta1`. */
  byKind: ReadonlyMap<string, ReadonlyMap<string, ApiVersion>>;
  /** `group/kind` of everything that the table knows: `batch/CronJob`, `/Endpoints`. */
  groupKinds: ReadonlySet<string>;
  /** The versions that a group of Kubernetes itself has had since 1.16, whatever became of them: `apps` has `apps/v1beta1`, too. */
  byGroup: ReadonlyMap<string, ReadonlySet<string>>;
}

let table: ApiTable | undefined;

/** The table of `data/api-versions.yaml`, read once per process. Throws when the file does not fit its schema; verify says where. */
export function apiTable(): ApiTable {
  table ??= tableOf(readFileSync(apiVersionsFile(), "utf8"));
  return table;
}

function tableOf(text: string): ApiTable {
  const { newest, oldestSupported, alsoServed, versions } = apiVersionsSchema.parse(
    load(text, { schema: CORE_SCHEMA }),
  );
  const byKind = new Map<string, Map<string, ApiVersion>>();
  const groupKinds = new Set<string>();
  for (const entry of versions) {
    for (const kind of entry.kinds) {
      const byVersion = byKind.get(kind) ?? new Map<string, ApiVersion>();
      byKind.set(kind, byVersion.set(entry.version, entry));
      const [now = entry.version, kindNow = kind] = entry.replacement?.split(" ") ?? [];
      groupKinds.add(`${groupOf(entry.version)}/${kind}`).add(`${groupOf(now)}/${kindNow}`);
    }
  }
  const byGroup = new Map<string, Set<string>>();
  const replacements = versions.flatMap(({ replacement }) => replacement?.split(" ", 1) ?? []);
  for (const version of [...alsoServed, ...versions.map(({ version }) => version), ...replacements])
    byGroup.set(groupOf(version), (byGroup.get(groupOf(version)) ?? new Set()).add(version));
  return { newest, oldestSupported, byKind, groupKinds, byGroup };
}

/** Whether a version names a group of Kubernetes itself, which up to the table's newest release never had it: `apps/v2`. */
export function neverServed(version: string): boolean {
  return apiTable().byGroup.get(groupOf(version))?.has(version) === false;
}

/** Bundled code finds it in the working folder. */
export function apiVersionsFile(): string {
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "data", "api-versions.yaml");
  return existsSync(beside) ? beside : path.join(process.cwd(), "domain", "inventory", "data", "api-versions.yaml");
}
