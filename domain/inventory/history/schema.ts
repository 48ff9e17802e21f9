import type { ResourceKey } from "../schema";

/** What a scan saw happen to an object. `changed`: its labels, annotations or specification. Safe in the browser. */
export const RESOURCE_CHANGES = ["appeared", "changed", "gone"] as const;
export type ResourceChangeWord = (typeof RESOURCE_CHANGES)[number];

export interface ResourceChange extends Pick<ResourceKey, "apiGroup" | "kind" | "namespace" | "name"> {
  change: ResourceChangeWord;
}
export interface StoredChange extends ResourceChange {
  id: string;
  at: Date;
  scanId: string;
}
