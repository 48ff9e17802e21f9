import type { StoredResource } from "../store";
import type { ResourceChange, ResourceChangeWord } from "./schema";

/** Objects that come and go with every rollout: told only when nothing owns them. */
const EPHEMERAL: ReadonlySet<string> = new Set(["Pod", "ReplicaSet", "ReplicationController", "Job"]);
/** Changes that one scan writes down; a cluster that was rebuilt has more, and each of them says the same. */
export const MOST_CHANGES = 5000;

function wordOf(before: StoredResource | null, after: StoredResource | null): ResourceChangeWord | null {
  if (before === null) return after === null ? null : "appeared";
  if (after === null) return "gone";
  return before.hash === after.hash && before.uid === after.uid ? null : "changed";
}

/**
 * What came, changed and went, from the state before and after a scan; at most MOST_CHANGES. A first scan has no history to
 * tell: everything would have appeared.
 */
export function changesOf(
  decisions: Iterable<{ before: StoredResource | null; after: StoredResource | null }>,
  first: boolean,
): ResourceChange[] {
  const changes: ResourceChange[] = [];
  if (first) return changes;
  for (const { before, after } of decisions) {
    if (before === after) continue;
    const row = after ?? before;
    const change = wordOf(before, after);
    if (row === null || change === null) continue;
    if (EPHEMERAL.has(row.kind) && (row.ownerKind !== row.kind || row.ownerName !== row.name)) continue;
    const { apiGroup, kind, namespace, name } = row;
    changes.push({ change, apiGroup, kind, namespace, name });
    if (changes.length === MOST_CHANGES) break;
  }
  return changes;
}
