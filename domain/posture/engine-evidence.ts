import type { Predicate } from "@/cel/compile";
import { follow, isMap, keysOf, podSpecPath } from "./engine-place";
import type { Evidence, Subject } from "./schema";

/** Evidence of one assessment beyond this is counted in the last entry. */
const MAX_EVIDENCE = 50;

/** Where a control without a loop looked: the first thing it reads of the object that is set to something. */
export function evidencePath(predicate: Predicate, { appliesTo, object }: Subject): string {
  const base = appliesTo === "Workload" ? podSpecPath(object.kind) : "spec";
  const { paths, fact } = lookedAt(predicate, base, appliesTo === "ManagedCluster");
  let written: string | undefined;
  let map: string | undefined;
  for (const { path, keys, beside } of paths) {
    const value = follow(object, keys);
    if (value === undefined) continue;
    if (!isMap(value)) {
      if (value !== false && value !== null) return path;
      written ??= path;
    } else if (beside && path !== base) map ??= path;
  }
  if (written !== undefined) return written;
  if (map !== undefined) return map;
  if (appliesTo === "Workload") return base;
  return paths[0]?.path ?? fact ?? "";
}

interface LookedAt {
  /** Paths in the object, in the order of the expression. */
  readonly paths: readonly {
    path: string;
    keys: readonly string[];
    /** A map there may be where the fault is: it stands where the first one does. An Ingress without TLS has its fault in its specification, not in the metadata that was asked last. */
    beside: boolean;
  }[];
  /** The first fact that is read. */
  readonly fact: string | undefined;
}
const looks = new WeakMap<Predicate, Map<string, LookedAt>>();

/** What an expression reads of objects whose specification stands at `base`; made once. */
function lookedAt(predicate: Predicate, base: string, ofCluster: boolean): LookedAt {
  const known = looks.get(predicate) ?? new Map<string, LookedAt>();
  looks.set(predicate, known);
  const key = ofCluster ? "" : base;
  let look = known.get(key);
  if (look === undefined) {
    const reads = predicate.reads.filter((read) => !read.includes("*"));
    const paths = reads.flatMap(([root, ...keys]) => {
      // What an object is and where it lives was no reason to condemn it.
      if (root === "object" && ["kind", "metadata.namespace"].includes(keys.join("."))) return [];
      if (root === "object" || (root === "cluster" && ofCluster)) return [keys.join(".")];
      if (root === "pod") return [[...base.split(".").slice(0, -1), ...keys].join(".")];
      return root === "spec" ? [[base, ...keys].join(".")] : [];
    });
    const [first] = paths;
    const beside = (path: string): boolean => path !== "" && path.split(".", 1)[0] === first?.split(".", 1)[0];
    look = {
      paths: paths.map((path) => ({ path, keys: keysOf(path), beside: beside(path) })),
      fact: reads.find(([root]) => root === "facts")?.join("."),
    };
    known.set(key, look);
  }
  return look;
}

/** The evidence itself, or the first of it with the number of what was left out. */
export function boundedEvidence(evidence: Evidence[]): Evidence[] {
  const last = evidence[MAX_EVIDENCE - 1];
  if (evidence.length <= MAX_EVIDENCE || last === undefined) return evidence;
  const more = evidence.length - MAX_EVIDENCE + 1;
  return [
    ...evidence.slice(0, MAX_EVIDENCE - 1),
    { path: last.path, message: `${last.message} (and ${more - 1} more)` },
  ];
}
