import { list, record, text } from "./json";
import type { KubernetesObject } from "./schema";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** kubectl writes keys in order, so the version comes first. */
const VERSION = /^\{"apiVersion":"([^"]{1,100})"/;
const MOST = 8;

/** API versions in which clients wrote an object, as far as it tells: other than `current`, in no certain order. */
export function otherVersions({ metadata }: KubernetesObject, current: string): string[] {
  const applied = VERSION.exec(text(record(metadata.annotations)[LAST_APPLIED]))?.[1];
  // Who writes a subresource (status, scale) is a controller of the cluster, and deploys no manifest.
  const managed = list(metadata.managedFields)
    .map(record)
    .filter(({ subresource }) => text(subresource) === "")
    .map(({ apiVersion }) => text(apiVersion));
  const versions = new Set([applied ?? "", ...managed]);
  return [...versions].filter((version) => version !== "" && version !== current).slice(0, MOST);
}

/** The version an object is in, and all others in which clients wrote it. */
export const writtenAs = (object: KubernetesObject): string[] => [
  object.apiVersion,
  ...otherVersions(object, object.apiVersion),
];
