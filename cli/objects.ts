import { apiTable } from "@/domain/inventory/api-version/table";
import { groupOf, type KubernetesObject, LISTED_KINDS } from "@/domain/inventory/schema";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { APPLIES_TO, type AppliesTo } from "@/domain/posture/schema";
import type { Document } from "./documents";
import type { Lines } from "./lines";
import { isGroupOf, isOwnGroup, misplacement } from "./misplaced";
import type { Problem } from "./sources";

/** A Kubernetes object and where it was written. */
export interface Given {
  object: KubernetesObject;
  source: Pick<Document, "file" | "document" | "line">;
  lines: Pick<Lines, "of">;
  /** Where it stands in its document: `items[3].` in a list, otherwise empty. */
  prefix: string;
}
/**
 * What a document holds. `foreign`: nothing that an API server stores, as a Helm values file or a kustomization, with what is to be
 * given instead where that is known. `skipped`: why it was left alone.
 */
export interface Unpacked {
  objects: Given[];
  problems: Problem[];
  foreign: string | null;
  skipped: string | null;
}

/** Broken items of one document that are named one by one. */
const MAX_PROBLEMS = 20;

const GROUPS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  LISTED_KINDS.map(({ kind }) => [
    kind,
    new Set(LISTED_KINDS.filter((other) => other.kind === kind).map(({ apiGroup }) => apiGroup)),
  ]),
);

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const filled = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 512;

/** Takes the objects out of a document; `kind: List`, and the typed lists of the API, are opened. `release`: the one it is for, where it is known. */
export function unpack(document: Document, release: string | undefined): Unpacked {
  const unpacking = new Unpacking(document, release);
  unpacking.visit(document.value, "", 0);
  return unpacking.end();
}

/** What an object says of itself. */
interface Typed {
  apiVersion: string;
  kind: string;
}

/** One document that is being unpacked. A class: functions within `unpack` would be made anew for each of thousands of documents. */
class Unpacking {
  readonly #found: Unpacked = { objects: [], problems: [], foreign: null, skipped: null };
  readonly #source: Given["source"];
  #problems = 0;

  constructor(
    readonly document: Document,
    readonly release: string | undefined,
  ) {
    const { file, line } = document;
    this.#source = { file, document: document.document, line };
  }

  visit(value: unknown, where: string, depth: number): void {
    if (!isMap(value)) {
      this.#problem(where, "is no Kubernetes object.");
      return;
    }
    if (where === "" && isSettings(value)) {
      this.#found.foreign = insteadOf(value);
      return;
    }
    const { apiVersion, kind } = value;
    if (!filled(apiVersion) || !filled(kind)) {
      this.#problem(where, untyped(value));
      return;
    }
    if (kind === "Template" && apiVersion.startsWith("template.openshift.io/")) {
      this.#found.skipped = "an OpenShift Template, whose objects are not filled in. Check the output of oc process.";
      return;
    }
    if (kind.endsWith("List") && "items" in value) this.#visitItems(value, { apiVersion, kind }, where, depth);
    else this.#visitObject(value, { apiVersion, kind }, where);
  }

  #visitObject(value: Record<string, unknown>, { apiVersion, kind }: Typed, where: string): void {
    const { metadata } = value;
    const name = isMap(metadata) ? (metadata.name ?? metadata.generateName) : undefined;
    const misplaced = misplacement(apiVersion, kind, this.release);
    if (misplaced !== null) this.#problem(where, misplaced);
    else if (!isMap(metadata))
      this.#problem(where, `${kind === "List" && !("items" in value) ? "items" : "metadata"} is missing.`);
    else if (!filled(name)) this.#problem(where, unnamed("metadata.name", name));
    else {
      const { namespace } = metadata;
      if (namespace !== undefined && namespace !== null && typeof namespace !== "string") {
        this.#problem(where, "metadata.namespace is no text.");
        return;
      }
      // Most are as they are meant, and thousands are not copied.
      const isWhole = metadata.name === name && namespace !== null;
      const object = (isWhole ? value : { ...value, metadata: placed(metadata, name) }) as KubernetesObject;
      const prefix = where === "" ? "" : `${where.trim().replaceAll(" ", ".")}.`;
      this.#found.objects.push({ object, source: this.#source, lines: this.document.lines, prefix });
    }
  }

  #visitItems({ items }: Record<string, unknown>, list: Typed, where: string, depth: number): void {
    if (items === null) return; // as the API serves an empty list
    if (!Array.isArray(items) || depth > 3) {
      this.#problem(where, Array.isArray(items) ? "lists inside lists." : "items is no list.");
      return;
    }
    const kind = list.kind.slice(0, -"List".length);
    for (const [index, item] of items.entries()) {
      // Items of a typed list may leave out what the list already says.
      const typed: unknown = kind !== "" && isMap(item) ? { apiVersion: list.apiVersion, kind, ...item } : item;
      this.visit(typed, `${where} items[${index}]`, depth + 1);
    }
  }

  #problem(where: string, message: string): void {
    this.#problems += 1;
    if (this.#problems > MAX_PROBLEMS) return;
    const { file, line, document } = this.#source;
    this.#found.problems.push({ file, line, message: `document ${document}${where}: ${message}` });
  }

  end(): Unpacked {
    const more = this.#problems - MAX_PROBLEMS;
    const { file, line, document } = this.#source;
    if (more > 0)
      this.#found.problems.push({ file, line, message: `document ${document}: ${more} more items can't be read.` });
    return this.#found;
  }
}

/** Why a field is no name. */
function unnamed(field: string, value: unknown): string {
  if (value === undefined || value === null || value === "") return `${field} is missing.`;
  return typeof value === "string" ? `${field} is too long.` : `${field} is no text: put it in quotes.`;
}

/** Why it is not known what an object is. */
function untyped({ apiVersion, kind }: Record<string, unknown>): string {
  if (apiVersion === undefined || kind === undefined) return "apiVersion or kind is missing.";
  return filled(apiVersion) ? unnamed("kind", kind) : unnamed("apiVersion", apiVersion);
}

/** What to give in place of settings of programs that make manifests. */
function insteadOf({ apiVersion, kind, resources, bases }: Record<string, unknown>): string {
  const isKustomization =
    (filled(apiVersion) && apiVersion.startsWith("kustomize.config.k8s.io/")) ||
    (kind === undefined && (Array.isArray(resources) || Array.isArray(bases)));
  return isKustomization ? " It looks like a kustomization: give the output of kubectl kustomize." : "";
}

/** Metadata with the name that is generated from, and without a namespace left blank. */
function placed({ namespace, ...rest }: Record<string, unknown>, name: string): Record<string, unknown> {
  return typeof namespace === "string" ? { ...rest, name, namespace } : { ...rest, name };
}

/**
 * Whether it is what a program reads from its disk, as a Kustomization, a Chart.yaml, a kind cluster or a kubeconfig: it has no
 * metadata, and its kind, if it says one, is none that Kubernetes itself serves.
 */
function isSettings({ apiVersion, kind, metadata, spec, items }: Record<string, unknown>): boolean {
  if (apiVersion === undefined && kind === undefined) return true;
  if (metadata !== undefined || items !== undefined) return false;
  if (apiVersion === undefined || kind === undefined) return spec === undefined;
  if (!filled(apiVersion) || !filled(kind) || GROUPS.has(kind)) return false;
  return `${apiVersion}/${kind}` === "v1/Config" || !isOwnGroup(groupOf(apiVersion));
}

/** Whether an object tells something of others: those of a kind that scans list, and autoscalers, which no scan needs. */
export const tellsOfOthers = (object: KubernetesObject): boolean =>
  isListed(object) || (object.kind === "HorizontalPodAutoscaler" && groupOf(object.apiVersion) === "autoscaling");

/** Whether an object is of a kind that scans list, too: others may have kinds of the same name. */
export function isListed({ apiVersion, kind }: KubernetesObject): boolean {
  const groups = GROUPS.get(kind);
  return groups !== undefined && isGroupOf(groups, groupOf(apiVersion));
}

/** The word of `appliesTo` that an object answers to; null for kinds that no control judges from a manifest. */
export function wordOf(object: KubernetesObject): AppliesTo | null {
  if (object.kind === "ConfigMap" && object.apiVersion === "v1") return "ConfigMap";
  // Kubernetes' own admission judges its pod, though no scan lists one.
  if (object.kind === "PodTemplate" && object.apiVersion === "v1") return "Workload";
  if (!isListed(object))
    return apiTable().groupKinds.has(`${groupOf(object.apiVersion)}/${object.kind}`) ? "OtherObject" : null;
  // A node's facts need what no manifest tells.
  if (object.kind === "Node") return null;
  if (isWorkloadKind(object.kind)) return "Workload";
  return APPLIES_TO.find((word) => word === object.kind) ?? null;
}
