import type { KubernetesObject } from "../schema";
import { shapeOf } from "./shape";

/** A key of a ConfigMap, and what its value looks like; `shape` is absent when the value is of a type that Kubernetes refuses. */
export interface ConfigEntry {
  /** `data` or `binaryData`. Of binary values nothing is looked at: their shape is `binary`. */
  field: string;
  key: string;
  shape?: string;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A ConfigMap without its values, as it is judged and stored: `entries` (ConfigEntry[]) stand in their place. What can't be read as
 * Kubernetes reads it makes `entries` no list, and so all about it unknown. Annotations, which may repeat the values, are gone too.
 */
export function reduceConfigMap({ apiVersion, kind, metadata, data, binaryData }: KubernetesObject): KubernetesObject {
  const { annotations: _annotations, managedFields: _fields, ...kept } = metadata;
  const texts = entriesOf("data", data, (value) => (typeof value === "string" ? shapeOf(value) : undefined));
  const binaries = entriesOf("binaryData", binaryData, (value) => (typeof value === "string" ? "binary" : undefined));
  const entries = texts === null || binaries === null ? "unreadable" : [...texts, ...binaries];
  return { apiVersion, kind, metadata: kept, entries };
}

/** Null when the field is no map. A key that is null holds an empty text. */
function entriesOf(
  field: string,
  values: unknown,
  shapeIn: (value: unknown) => string | undefined,
): ConfigEntry[] | null {
  if (values === undefined || values === null) return [];
  if (!isMap(values)) return null;
  return Object.entries(values).map(([key, value]) => {
    const shape = shapeIn(value ?? "");
    return shape === undefined ? { field, key } : { field, key, shape };
  });
}
