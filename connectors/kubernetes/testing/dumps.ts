import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import type { Dump } from "../dump";

const folder = fileURLToPath(new URL("dumps/", import.meta.url));

/**
 * Clusters as kubectl dumps them, with server-side defaults, managedFields and status. Written by hand after what real servers
 * of these versions answer; nobody's cluster is in them. `kind-1.29` is one `kubectl get … -A -o json` of many kinds, `aks-1.33`
 * one of each group of kinds, `kind-1.34` one `kubectl get --raw` of each kind, whose items bear no type.
 */
export const DUMPED = ["kind-1.29", "aks-1.33", "kind-1.34"] as const;

/** All dumps of one of them. Kinds of which it has none come as the empty lists of `kubectl get --raw`. */
export function clusterDumps(of: (typeof DUMPED)[number]): Dump[] {
  const files = readdirSync(folder)
    .filter((name) => name.startsWith(`${of}-`))
    .map((name) => ({ name, text: readFileSync(`${folder}${name}`), whole: true }));
  const held = new Set(files.flatMap(({ text }) => kindsIn(text)));
  const none = LISTED_KINDS.filter(({ kind }) => !held.has(kind)).map(({ kind, apiVersion }) => {
    const list = { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: "2001" }, items: [] };
    return { name: `${kind}.json`, text: Buffer.from(JSON.stringify(list)) };
  });
  return [...files, ...none];
}

function kindsIn(text: Buffer): string[] {
  const { kind, items }: { kind: string; items: { kind?: string }[] } = JSON.parse(text.toString("utf8"));
  return [kind.replace(/List$/, ""), ...items.map((item) => item.kind ?? "")];
}

/** The same cluster as one `kubectl get … -A -o json` would have dumped it: a List whose items bear their types. */
export function asOneList(dumps: readonly Dump[]): Dump {
  const items = dumps.flatMap(({ text }) => {
    const list: { kind: string; apiVersion: string; items: object[] } = JSON.parse(text.toString("utf8"));
    if (list.kind === "List") return list.items;
    const type = { apiVersion: list.apiVersion, kind: list.kind.slice(0, -"List".length) };
    return list.items.map((item) => ({ ...type, ...item }));
  });
  const list = { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items };
  return { name: "all.json", text: Buffer.from(JSON.stringify(list)), whole: true };
}
