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
  /** Every version since 1.16 of the kinds of which all are known: `DaemonSet` has no `apps/v1beta1`. */
  versionsOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every kind since 1.16 of the groups of which all are known. */
  kindsOf: ReadonlyMap<string, ReadonlySet<string>>;
}

let table: ApiTable | undefined;

/** The table of `data/api-versions.yaml`, read once per process. Throws when the file does not fit its schema; verify says where. */
export function apiTable(): ApiTable {
  table ??= tableOf(readFileSync(apiVersionsFile(), "utf8"));
  return table;
}

function tableOf(text: string): ApiTable {
  const { newest, oldestSupported, alsoServed, complete, groups, versions } = apiVersionsSchema.parse(
    load(text, { schema: CORE_SCHEMA }),
  );
  const versionsOf = new Map(complete.map((kind) => [kind, new Set<string>()]));
  for (const { version, kinds } of alsoServed) for (const kind of kinds) versionsOf.get(kind)?.add(version);
  const byKind = new Map<string, Map<string, ApiVersion>>();
  const groupKinds = new Set<string>();
  for (const entry of versions) {
    for (const kind of entry.kinds) {
      const byVersion = byKind.get(kind) ?? new Map<string, ApiVersion>();
      byKind.set(kind, byVersion.set(entry.version, entry));
      const [now = entry.version, kindNow = kind] = entry.replacement?.split(" ") ?? [];
      groupKinds.add(`${groupOf(entry.version)}/${kind}`).add(`${groupOf(now)}/${kindNow}`);
      versionsOf.get(kind)?.add(entry.version);
      versionsOf.get(kindNow)?.add(now);
    }
  }
  const byGroup = new Map<string, Set<string>>();
  const replacements = versions.flatMap(({ replacement }) => replacement?.split(" ", 1) ?? []);
  for (const version of [...[...alsoServed, ...versions].map(({ version }) => version), ...replacements])
    byGroup.set(groupOf(version), (byGroup.get(groupOf(version)) ?? new Set()).add(version));
  const kindsOf = new Map(groups.map(({ group, kinds }) => [group, new Set(kinds)]));
  return { newest, oldestSupported, byKind, groupKinds, byGroup, versionsOf, kindsOf };
}

/**
 * What of a version of a group of Kubernetes itself was in no release since 1.16, up to the table's newest: `version`, as `apps/v2`, or
 * `kind` in a version that had others, as a DaemonSet in `apps/v1beta1`. Null where it was, or the group is another's.
 */
export function neverServed(kind: string, version: string): "version" | "kind" | null {
  const { byGroup, versionsOf } = apiTable();
  const versions = byGroup.get(groupOf(version));
  if (versions === undefined) return null;
  if (!versions.has(version)) return "version";
  return versionsOf.get(kind)?.has(version) === false ? "kind" : null;
}

/** Bundled code finds it in the working folder. */
export function apiVersionsFile(): string {
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "data", "api-versions.yaml");
  return existsSync(beside) ? beside : path.join(process.cwd(), "domain", "inventory", "data", "api-versions.yaml");
}
