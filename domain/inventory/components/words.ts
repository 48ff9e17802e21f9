import type { Distribution, Provider } from "../schema";

/** Words for the closed sets of the inventory. Types only are imported, so that a leaf in the browser stays small. */
export const DISTRIBUTION_WORDS: Readonly<Record<Distribution, string>> = {
  aks: "AKS",
  eks: "EKS",
  gke: "GKE",
  arc: "Arc",
};
export const distributionWord = (distribution: Distribution): string => DISTRIBUTION_WORDS[distribution];

export const PROVIDER_WORDS: Readonly<Record<Provider, string>> = {
  azure: "Azure",
  aws: "AWS",
  gcp: "GCP",
  self: "Self-managed",
};
export const providerWord = (provider: Provider): string => PROVIDER_WORDS[provider];

/** What asked for a scan. */
export const TRIGGER_WORDS: Readonly<Record<string, string>> = {
  schedule: "Schedule",
  manual: "A person",
  connect: "Connecting",
};
export const triggerWord = (trigger: string): string => TRIGGER_WORDS[trigger] ?? codeWord(trigger);

/** A code as a word: `RUNNING`, `not_ready` and `NotReady` are Running, Not ready and Not ready; a version or a name stays as it is. */
export function codeWord(code: string): string {
  if (!/^([A-Z]+(_[A-Z]+)*|[a-z]+(_[a-z]+)*|([A-Z][a-z]+)+)$/.test(code)) return code;
  const words = code
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A closed set as the options of a facet, in its own order. */
export const optionsOf = (words: Readonly<Record<string, string>>): { value: string; label: string }[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
