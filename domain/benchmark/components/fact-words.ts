import { processOf } from "@/domain/inventory/control-plane";
import { flagAsked } from "../fact/flag";

/** `api.authorizedRanges` as people read it: `API authorized ranges`; a flag as it is written, `kube-apiserver --profiling`. */
export function factWords(fact: string): string {
  const asked = flagAsked(fact);
  if (asked !== null) return `${processOf(asked.kind)} --${asked.flag}`;
  const path = fact.startsWith("listed.") ? [`${fact.slice(7)} objects listed`] : fact.split(".");
  const text = path
    .map((part) => part.replace(/([a-z])([A-Z])/g, (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`))
    .join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why a fact of a cluster is not known. */
export const whyUnknown = (fact: string): string =>
  flagAsked(fact) !== null
    ? "could not be read"
    : fact.startsWith("listed.")
      ? "could not be listed"
      : "not told by the cloud";
