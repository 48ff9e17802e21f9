import { type KubernetesObject, LISTED_KINDS } from "@/domain/inventory/schema";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { APPLIES_TO, type AppliesTo } from "@/domain/posture/schema";
import type { Document } from "./documents";
import type { Lines } from "./lines";
import type { Problem } from "./sources";

/** A Kubernetes object and where it was written. */
export interface Given {
  object: KubernetesObject;
  source: Pick<Document, "file" | "document" | "line">;
  lines: Pick<Lines, "of">;
  /** Where it stands in its document: `items[3].` in a list, otherwise empty. */
  prefix: string;
}
/** What a document holds. `foreign`: it has neither apiVersion nor kind, as a Helm values file. `skipped`: why it was left alone. */
export interface Unpacked {
  objects: Given[];
  problems: Problem[];
  foreign: boolean;
  skipped: string | null;
}

/** Broken items of one document that are named one by one. */
const MAX_PROBLEMS = 20;
const KINDS: ReadonlyMap<string, string> = new Map(LISTED_KINDS.map(({ kind }) => [kind.toLowerCase(), kind]));

const GROUPS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  LISTED_KINDS.map(({ kind }) => [
    kind,
    new Set(LISTED_KINDS.filter((other) => other.kind === kind).map(({ apiGroup }) => apiGroup)),
  ]),
);

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const filled = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 512;

/** Takes the objects out of a document; `kind: List`, and the typed lists of the API, are opened. */
export function unpack(document: Document): Unpacked {
  const { file, line } = document;
  const unpacked: Unpacked = { objects: [], problems: [], foreign: false, skipped: null };
  const source = { file, document: document.document, line };
  let problems = 0;
  const problem = (where: string, message: string): null => {
    problems += 1;
    if (problems <= MAX_PROBLEMS)
      unpacked.problems.push({ file, line, message: `document ${document.document}${where}: ${message}` });
    return null;
  };
  const visit = (value: unknown, where: string, depth: number): null => {
    if (!isMap(value)) return problem(where, "is no Kubernetes object.");
    if (!filled(value.apiVersion) || !filled(value.kind)) {
      if (value.apiVersion === undefined && value.kind === undefined && where === "") unpacked.foreign = true;
      else problem(where, "apiVersion or kind is missing.");
      return null;
    }
    if (value.kind === "Template" && value.apiVersion.startsWith("template.openshift.io/")) {
      unpacked.skipped = "an OpenShift Template, whose objects are not filled in. Check the output of oc process.";
      return null;
    }
    if (value.kind.endsWith("List") && "items" in value) {
      if (value.items === null) return null; // as the API serves an empty list
      if (!Array.isArray(value.items)) return problem(where, "items is no list.");
      if (depth > 3) return problem(where, "lists inside lists.");
      const kind = value.kind.slice(0, -"List".length);
      value.items.forEach((item: unknown, index) => {
        // Items of a typed list may leave out what the list already says.
        const typed = kind !== "" && isMap(item) ? { apiVersion: value.apiVersion, kind, ...item } : item;
        visit(typed, `${where} items[${index}]`, depth + 1);
      });
      return null;
    }
    const meant = KINDS.get(value.kind.toLowerCase());
    if (meant !== undefined && meant !== value.kind && isOwnGroup(groupOf(value.apiVersion))) {
      return problem(where, `kind is "${value.kind}"; Kubernetes calls it ${meant}.`);
    }
    const groups = GROUPS.get(value.kind);
    const group = groupOf(value.apiVersion);
    if (groups !== undefined && isOwnGroup(group) && !isGroupOf(groups, group)) {
      const version = LISTED_KINDS.find(({ kind }) => kind === value.kind)?.apiVersion ?? "";
      return problem(where, `apiVersion is "${value.apiVersion}"; Kubernetes has ${value.kind} in ${version}.`);
    }
    const { metadata } = value;
    if (!isMap(metadata)) return problem(where, "metadata is missing.");
    const name = metadata.name ?? metadata.generateName;
    if (!filled(name)) return problem(where, "metadata.name is missing.");
    if (metadata.namespace !== undefined && metadata.namespace !== null && typeof metadata.namespace !== "string") {
      return problem(where, "metadata.namespace is no text.");
    }
    const { namespace, ...rest } = metadata;
    const placed = typeof namespace === "string" ? { ...rest, name, namespace } : { ...rest, name };
    const object: KubernetesObject = { ...value, apiVersion: value.apiVersion, kind: value.kind, metadata: placed };
    const prefix = where === "" ? "" : `${where.trim().replaceAll(" ", ".")}.`;
    unpacked.objects.push({ object, source, lines: document.lines, prefix });
    return null;
  };
  visit(document.value, "", 0);
  if (problems > MAX_PROBLEMS) {
    const more = problems - MAX_PROBLEMS;
    unpacked.problems.push({ file, line, message: `document ${document.document}: ${more} more items can't be read.` });
  }
  return unpacked;
}

/** Groups of Kubernetes itself; others may call their kinds what they like. */
const isOwnGroup = (group: string): boolean =>
  group === "extensions" || LISTED_KINDS.some(({ apiGroup }) => apiGroup === group);

export const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? (apiVersion.split("/", 1)[0] ?? "") : "";

/** Before 1.16 workloads and ingresses stood in `extensions`; such manifests are still about. */
const isGroupOf = (groups: ReadonlySet<string>, group: string): boolean => groups.has(group) || group === "extensions";

/** The word of `appliesTo` that an object answers to; null for kinds that no control judges from a manifest. */
export function wordOf(object: KubernetesObject): AppliesTo | null {
  const groups = GROUPS.get(object.kind);
  if (groups === undefined) return null;
  // A node's facts need the server's version, which no manifest tells.
  if (!isGroupOf(groups, groupOf(object.apiVersion)) || object.kind === "Node") return null;
  if (isWorkloadKind(object.kind)) return "Workload";
  return APPLIES_TO.find((word) => word === object.kind) ?? null;
}
