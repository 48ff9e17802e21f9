import { wordOf } from "../word";
import type { GkeCluster } from "./client";

/** Reads of Google's answers. A value that the answer does not hold is undefined. */

/** A text that the answer holds. Proto3 sends no empty text: empty is absent. */
export const text = (value: string | null | undefined): string | undefined =>
  value === "" || value === null ? undefined : value;
/** The name of an enum value, as the client decodes it. */
export const name = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
/**
 * The word of an enum in a message that the answer holds: proto3 leaves out what is unspecified. Undefined where it is none of the words:
 * the client decodes one that it does not know as a number.
 */
export const enumOf = <W extends string, U extends string>(
  words: readonly W[],
  unspecified: U,
  value: unknown,
): W | U | undefined => (value === undefined || value === null ? unspecified : wordOf([...words, unspecified], value));
/** A field of a message that the answer holds. Proto3 does not send `false`, so within a message that is there it is certain. */
export const flag = <M>(
  message: M | null | undefined,
  field: (message: M) => boolean | null | undefined,
): boolean | undefined => (message === null || message === undefined ? undefined : field(message) === true);
export const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

/** A field that tells unset from false. */
export const optional = (value: boolean | null | undefined): boolean | undefined => value ?? undefined;

interface Condition {
  code?: unknown;
  canonicalCode?: unknown;
}

/** What Google says is wrong with a thing, by its codes; nothing is an answer too. */
export const issuesOf = (conditions: readonly Condition[] | null | undefined): string[] =>
  (conditions ?? []).slice(0, 20).map(({ code, canonicalCode }) => {
    const own = name(code);
    return own === undefined || own === "UNKNOWN" ? (name(canonicalCode) ?? "UNKNOWN") : own;
  });

/** The certificate of the cluster's CA is in every whole answer of Google's, whatever is configured. */
export const isWhole = (cluster: GkeCluster): boolean =>
  name(cluster.status) !== undefined && text(cluster.masterAuth?.clusterCaCertificate) !== undefined;

/** The cluster's message is left out when no pool is set, so its absence is an answer only in a whole one. */
export function hasWorkloadIdentity(cluster: GkeCluster): boolean | undefined {
  const { workloadIdentityConfig: config } = cluster;
  if (config) return text(config.workloadPool) !== undefined;
  return isWhole(cluster) ? false : undefined;
}
