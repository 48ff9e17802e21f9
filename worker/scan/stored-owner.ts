import { onceFor } from "@/domain/inventory/once";
import { LISTED_KINDS, resourceKeyText } from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";
import type { Owner } from "@/domain/inventory/workload";

type Stored = ReadonlyMap<string, StoredResource>;

/** What is stored, by kind and name in whatever group: the first of several. */
const byName = onceFor((stored: Stored): Stored => {
  const found = new Map<string, StoredResource>();
  for (const row of stored.values()) {
    const key = resourceKeyText({ ...row, apiGroup: "" });
    if (!found.has(key)) found.set(key, row);
  }
  return found;
});

/** The topmost owner of a stored workload, as it was known when it was stored. */
export function storedOwner({ ownerKind: kind, ownerName: name, namespace }: StoredResource, stored: Stored): Owner {
  const stranger = byName(stored).get(resourceKeyText({ apiGroup: "", kind, namespace, name }));
  const listed = LISTED_KINDS.find((one) => one.kind === kind);
  return { apiGroup: stranger?.apiGroup ?? listed?.apiGroup ?? "", kind, name, uid: "" };
}
