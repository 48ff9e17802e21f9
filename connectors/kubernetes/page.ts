import type { KubernetesObject, ListedKind } from "@/domain/inventory/schema";
import { ConnectorError } from "../connector";
import { gapOf } from "./failure";

export interface Page {
  objects: KubernetesObject[];
  /** Items that are no objects of the kind that was asked for; left out. */
  rejected: number;
  /** Empty on the last page. */
  next: string;
  /** Items that the server says come after this page; 0 when it says nothing. */
  remaining: number;
  resourceVersion: string;
  /** The server sent no more than metadata. */
  metadataOnly: boolean;
}

type Json = Record<string, unknown>;
const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value !== "" && value.length <= longest;
const isTextMap = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (isRecord(value) && Object.values(value).every((entry) => typeof entry === "string"));
const isOptionalText = (value: unknown): boolean => value === undefined || value === null || isText(value, 300);

const isOwner = (value: unknown): boolean =>
  isRecord(value) && [value.apiVersion, value.kind, value.name, value.uid].every((part) => isText(part, 300));

/** Whether metadata has the types that the rest of the product relies on. Bodies are judged where they are used. */
export function isMetadata(value: unknown, namespaced: boolean): value is KubernetesObject["metadata"] {
  if (!isRecord(value) || !isText(value.name, 300)) return false;
  if (namespaced ? !isText(value.namespace, 300) : !isOptionalText(value.namespace)) return false;
  if (!isOptionalText(value.uid) || !isOptionalText(value.resourceVersion) || !isOptionalText(value.creationTimestamp))
    return false;
  if (!isTextMap(value.labels) || !isTextMap(value.annotations)) return false;
  const owners = value.ownerReferences;
  return owners === undefined || owners === null || (Array.isArray(owners) && owners.every(isOwner));
}

/**
 * One raw item as an object of `kind`, or null. List items carry no `kind` and `apiVersion`, so they are added; one that
 * names another kind is rejected. Changes `item`: nulls of optional metadata are dropped, and of `managedFields` only the other
 * API versions are kept in which the object was written.
 */
export function toObject(item: unknown, kind: ListedKind): KubernetesObject | null {
  if (!isRecord(item) || !isMetadata(item.metadata, kind.namespaced)) return null;
  if ((item.kind ?? kind.kind) !== kind.kind || (item.apiVersion ?? kind.apiVersion) !== kind.apiVersion) return null;
  const { metadata } = item;
  const versions = managedVersions(metadata.managedFields, kind.apiVersion);
  if (versions.length > 0) metadata.managedFields = versions.map((apiVersion) => ({ apiVersion }));
  else Reflect.deleteProperty(metadata, "managedFields");
  for (const field of [
    "namespace",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "labels",
    "annotations",
    "ownerReferences",
  ]) {
    if (metadata[field] === null) Reflect.deleteProperty(metadata, field);
  }
  return Object.assign(item, { apiVersion: kind.apiVersion, kind: kind.kind, metadata });
}

/** Versions besides the listed one; more of them than these are no honest object's. */
function managedVersions(fields: unknown, current: string): string[] {
  if (!Array.isArray(fields)) return [];
  const versions = fields.flatMap((field) =>
    isRecord(field) && isText(field.apiVersion, 100) ? field.apiVersion : [],
  );
  return [...new Set(versions)].filter((version) => version !== current).slice(0, 8);
}

/** Of a pod's status, only this is asked for: what runs, and whether it is over. */
const POD_STATUS = ["phase", "containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const;

/** Three of the dozen fields that say how a container is. */
const runs = (status: unknown): unknown =>
  isRecord(status) ? { name: status.name, image: status.image, imageID: status.imageID } : status;

function podStatus(status: unknown): unknown {
  if (!isRecord(status)) return status;
  const kept = POD_STATUS.flatMap((key): [string, unknown][] => {
    const value = status[key];
    return value === undefined ? [] : [[key, Array.isArray(value) ? value.map(runs) : value]];
  });
  return Object.fromEntries(kept);
}

const METADATA = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" };

/** An item of a list of metadata as a bare one of `kind`; null when it is something else or holds more. */
function typedAs(item: unknown, kind: ListedKind): unknown {
  if (!isRecord(item)) return null;
  const { kind: said = METADATA.kind, apiVersion = METADATA.apiVersion, metadata, ...more } = item;
  if (said !== METADATA.kind || apiVersion !== METADATA.apiVersion || Object.keys(more).length > 0) return null;
  return { kind: kind.kind, apiVersion: kind.apiVersion, metadata };
}

const isLight = (list: object, light: boolean): boolean =>
  light &&
  "kind" in list &&
  list.kind === `${METADATA.kind}List` &&
  "apiVersion" in list &&
  list.apiVersion === METADATA.apiVersion;

/**
 * One item of a list answer as `toPage` takes it: an object, or null when it is none of `kind`. `light` when metadata were asked
 * for, which a server may grant.
 */
export function takeItem(item: unknown, list: object, kind: ListedKind, light: boolean): KubernetesObject | null {
  const object = toObject(isLight(list, light) ? typedAs(item, kind) : item, kind);
  if (object !== null && kind.kind === "Pod" && object.status !== undefined) object.status = podStatus(object.status);
  return object;
}

/**
 * Reads a list answer whose items went through `takeItem`. Throws ConnectorError `malformed` when it is not a list of `kind`.
 */
export function toPage(json: unknown, kind: ListedKind, what: string, light = false): Page {
  const bad = (why: string) =>
    new ConnectorError(
      gapOf(
        "malformed",
        what,
        `The cluster's answer is not a list: ${why}. Check that the address is the API server's.`,
      ),
    );
  if (!isRecord(json)) throw bad("it is no object");
  const metadataOnly = isLight(json, light);
  if (!metadataOnly && (json.kind !== `${kind.kind}List` || json.apiVersion !== kind.apiVersion))
    throw bad(`it is not a ${kind.apiVersion} ${kind.kind}List`);
  if (!isRecord(json.metadata)) throw bad("it has no metadata");
  const { continue: next = "", resourceVersion = "", remainingItemCount } = json.metadata;
  const remaining = remainingItemCount ?? 0;
  if (typeof next !== "string" || next.length > 20_000 || typeof resourceVersion !== "string")
    throw bad("its metadata has wrong types");
  if (typeof remaining !== "number" || !Number.isSafeInteger(remaining)) throw bad("its metadata has wrong types");
  // A Go server writes an empty list as null in some versions, but it always writes it: what has no items is no list.
  if (!Object.hasOwn(json, "items")) throw bad("it has no items");
  const items = json.items ?? [];
  if (!Array.isArray(items)) throw bad("its items are no array");
  const objects = items.filter((item): item is KubernetesObject => item !== null);
  return { objects, rejected: items.length - objects.length, next, remaining, resourceVersion, metadataOnly };
}
