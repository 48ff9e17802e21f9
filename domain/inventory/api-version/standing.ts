import type { Facts } from "../fact";
import type { ApiVersion } from "./schema";
import { apiTable, neverServed } from "./table";

/** Of the versions through which an object was written: what became of them, each as `batch/v1beta1 (gone since 1.25: use batch/v1)`. */
export type Standing = Pick<Facts, "removedVersions" | "nextRemovedVersions" | "deprecatedVersions">;

const FINE: Standing = Object.freeze({ removedVersions: [], nextRemovedVersions: [], deprecatedVersions: [] });
const STEPS = ["fine", "deprecated", "removed next", "removed"] as const;
const [, DEPRECATED, NEXT, REMOVED] = [0, 1, 2, 3];
const PRERELEASE = /v\d+(alpha|beta)\d+$/;

/** Minor release of a cluster's version (`v1.33.1-gke.100`, `1.34`); undefined when it can't be read. */
export function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?!\d)/.exec(version ?? "")?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** How far a version of an API has gone in a release; it only ever goes on. */
function stepAt({ deprecated, removed }: ApiVersion, minor: number): number {
  if (removed !== undefined && removed <= minor) return REMOVED;
  if (removed === minor + 1) return NEXT;
  return deprecated !== undefined && deprecated <= minor ? DEPRECATED : 0;
}

/**
 * What became of the versions through which an object of a kind was written. `minor`: the cluster's release; undefined when it is not
 * known: then only what holds in every release that anybody still repairs is told, and each list that depends on the release is absent.
 * Of a version that nobody can tell anything of (`apps/v9`, a DaemonSet's `apps/v1beta1`), each list that nothing else fills is absent.
 */
export function standingOf(kind: string, written: readonly string[], minor: number | undefined): Standing {
  const table = apiTable();
  const byVersion = table.byKind.get(kind);
  const isNewer = minor !== undefined && minor > table.newest;
  const known = written.filter(
    (version) => neverServed(kind, version) === null && !(isNewer && mayBeGone(version, byVersion)),
  );
  const untold = known.length < written.length;
  if (!untold && !known.some((version) => byVersion?.has(version))) return FINE;
  return judged(known, byVersion, minor ?? table.oldestSupported, minor ?? table.newest, untold);
}

/** A version that a release newer than the table may have taken away. Stable ones are never taken away. */
const mayBeGone = (version: string, byVersion: ReadonlyMap<string, ApiVersion> | undefined): boolean =>
  PRERELEASE.test(version) && byVersion?.get(version)?.removed === undefined;

function judged(
  written: readonly string[],
  byVersion: ReadonlyMap<string, ApiVersion> | undefined,
  first: number,
  last: number,
  untold: boolean,
): Standing {
  const certain: string[][] = STEPS.map(() => []);
  const possible = STEPS.map(() => untold);
  for (const version of written) {
    const entry = byVersion?.get(version);
    if (entry === undefined) continue;
    const [from, to] = [stepAt(entry, first), stepAt(entry, last)];
    if (from === to) certain[from]?.push(told(version, entry, from));
    else for (let step = from; step <= to; step++) possible[step] = true;
  }
  /** What is certain is enough to condemn; what may be keeps from acquitting. */
  const listOf = (step: number): string[] | undefined => {
    const found = certain[step] ?? [];
    return found.length > 0 || possible[step] !== true ? found : undefined;
  };
  const [removedVersions, nextRemovedVersions, deprecatedVersions] = [REMOVED, NEXT, DEPRECATED].map(listOf);
  return {
    ...(removedVersions === undefined ? {} : { removedVersions }),
    ...(nextRemovedVersions === undefined ? {} : { nextRemovedVersions }),
    ...(deprecatedVersions === undefined ? {} : { deprecatedVersions }),
  };
}

function told(version: string, { deprecated, removed, replacement }: ApiVersion, step: number): string {
  const when =
    step === DEPRECATED ? `deprecated since 1.${deprecated}` : `gone ${step === REMOVED ? "since" : "in"} 1.${removed}`;
  return `${version} (${when}${replacement === undefined ? "" : `: use ${replacement}`})`;
}
