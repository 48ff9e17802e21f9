import type { Gap, KubernetesObject, ListedKind } from "@/domain/inventory/schema";
import { OutboundError } from "@/lib/outbound-error";
import { parseHostileJson } from "@/lib/outbound-json";
import { ConnectorError, type KubernetesReader } from "../connector";
import { asConnectorError, gapOf } from "./failure";
import { toObject } from "./page";
import { kindText } from "./page-source";

const MAX_DEPTH = 100;
const PAGE = 500;

export interface Dump {
  /** For messages: a file's name. */
  name: string;
  /** What `kubectl get … -o json` or `kubectl get --raw` wrote: a List, a PodList or one object. */
  text: Buffer;
  /** Someone vouches that all objects of the kinds in it are there (`kubectl get pods -A` writes the same List as `-n one`). */
  whole?: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const keyOf = (apiVersion: string, kind: string) => `${apiVersion}/${kind}`;

interface Parsed {
  entries: { key: string; item: unknown }[];
  /** The kind that a typed list (PodList) is about: an empty one says that there are none. */
  listed: string | undefined;
}

/** Raw items of one dump by API version and kind; items of a typed list take its kind. */
function parseDump(dump: Dump): Parsed {
  const json = parseHostileJson(dump.text, MAX_DEPTH, dump.name);
  if (!isRecord(json) || typeof json.kind !== "string" || typeof json.apiVersion !== "string") {
    throw new OutboundError("malformed", `${dump.name} is no Kubernetes object or list.`);
  }
  const { kind, apiVersion } = json;
  if (!kind.endsWith("List") || !Array.isArray(json.items)) {
    return { entries: [{ key: keyOf(apiVersion, kind), item: json }], listed: undefined };
  }
  const typed = kind === "List" ? undefined : keyOf(apiVersion, kind.slice(0, -"List".length));
  const entries = json.items.map((item: unknown) => {
    const own = isRecord(item) && typeof item.kind === "string" && typeof item.apiVersion === "string";
    return { key: own ? keyOf(String(item.apiVersion), String(item.kind)) : (typed ?? ""), item };
  });
  // One page of `kubectl get --raw …?limit=` is a typed list too, but not all of it.
  const metadata: Record<string, unknown> = isRecord(json.metadata) ? json.metadata : {};
  return { entries, listed: metadata.continue || metadata.remainingItemCount ? undefined : typed };
}

/**
 * Replays dumps as a cluster. A kind that no dump holds is a gap, for nobody looked. Only a typed list, as the API
 * writes it, and a dump marked `whole` are complete. Errors: ConnectorError `malformed`, `too_large`, `not_found`.
 */
export function readDumps(dumps: readonly Dump[]): KubernetesReader {
  const items = new Map<string, unknown[]>();
  const whole = new Set<string>();
  for (const dump of dumps) {
    try {
      const { entries, listed } = parseDump(dump);
      for (const { key, item } of entries) {
        const known = items.get(key);
        if (known) known.push(item);
        else items.set(key, [item]);
        if (dump.whole) whole.add(key);
      }
      if (listed !== undefined) whole.add(listed);
    } catch (error) {
      throw asConnectorError(error, dump.name);
    }
  }

  async function* list(kind: ListedKind): AsyncGenerator<KubernetesObject[], { complete: boolean; gaps: Gap[] }> {
    const what = kindText(kind);
    const key = keyOf(kind.apiVersion, kind.kind);
    const found = items.get(key);
    if (found === undefined && !whole.has(key)) {
      throw new ConnectorError(
        gapOf("not_found", what, `No dump holds ${what}. Add one: kubectl get ${kind.resource} -A -o json`),
      );
    }
    const objects = (found ?? []).flatMap((item) => toObject(structuredClone(item), kind) ?? []);
    for (let at = 0; at < objects.length; at += PAGE) yield objects.slice(at, at + PAGE);
    const gaps: Gap[] = [];
    const rejected = (found?.length ?? 0) - objects.length;
    if (rejected > 0)
      gaps.push(gapOf("malformed", what, `Objects in the dumps have wrong types and were left out: ${rejected}.`));
    if (!whole.has(key))
      gaps.push(
        gapOf("truncated", what, "The dumps hold some objects of this kind, and nothing says that these are all."),
      );
    return { complete: gaps.length === 0, gaps };
  }

  const missing = (what: string, how: string) =>
    new ConnectorError(gapOf("not_found", what, `No dump holds it. Add one: ${how}`));
  return {
    version: async () => {
      for (const item of items.get("v1/Node") ?? []) {
        const info = isRecord(item) && isRecord(item.status) ? item.status.nodeInfo : undefined;
        if (isRecord(info) && typeof info.kubeletVersion === "string") return info.kubeletVersion.slice(0, 200);
      }
      throw missing("version", "kubectl get nodes -o json");
    },
    clusterUid: async () => {
      for (const item of items.get("v1/Namespace") ?? []) {
        const metadata = isRecord(item) ? item.metadata : undefined;
        if (isRecord(metadata) && metadata.name === "kube-system" && typeof metadata.uid === "string")
          return metadata.uid.slice(0, 200);
      }
      throw missing("namespaces/kube-system", "kubectl get namespaces -o json");
    },
    list,
    close: async () => undefined,
  };
}
