import type { Distribution } from "@/domain/inventory/schema";
import { shellWord } from "./quote";

/** The resource that is to be repaired, with what its cloud calls it. Every word is from outside. */
export interface FixTarget {
  distribution: Distribution;
  cluster: string;
  region: string | null;
  /** The cluster's ids at its provider: ARM id, ARN, self link. */
  aliases: readonly string[];
  /** Subscription id, account number, project id. */
  account: string;
  apiGroup: string;
  kind: string;
  namespace: string;
  name: string;
  /** Where the violations are. */
  paths: readonly string[];
  /** The object as last seen; null when it is no longer kept. */
  object: unknown;
}

export interface FixBlock {
  id: "cli" | "patch" | "terraform";
  title: string;
  text: string;
  /** Why parts of it were left for the reader to fill in; null when all is filled in. */
  open: string | null;
}

export type Json = Record<string, unknown>;
export const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `kind.group/name`: with the kind before it, no name can be read as an option. */
export const kindAndName = (kind: string, apiGroup: string, name: string): string =>
  `${kind.toLowerCase()}${apiGroup === "" ? "" : `.${apiGroup}`}/${name}`;

/** The resource for kubectl, with its namespace if it has one: `--namespace=shop deployment.apps/web`. */
export const resourceWords = ({ kind, apiGroup, namespace, name }: FixTarget): string[] => [
  ...(namespace === "" ? [] : [`--namespace=${namespace}`]),
  kindAndName(kind, apiGroup, name),
];

/** Words for a shell, each quoted; null when one holds what no shell takes safely. */
export function shellWords(words: readonly string[]): string | null {
  const quoted = words.map(shellWord);
  return quoted.includes(null) ? null : quoted.join(" ");
}

/** What a person still has to write: the `<…>` of a text, each once. */
export const blanksIn = (filled: string): string[] => [...new Set(filled.match(/<[a-z][a-z0-9 -]*>/g))];

/** What is to be said of a change to pods that run: Kubernetes makes none to a Pod or a Job. */
export const anewNote = ({ kind }: FixTarget): string | null =>
  kind === "Pod" || kind === "Job"
    ? `A ${kind} that runs is not changed in place: make the change in its manifest and create it anew.`
    : null;
