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
  gcp: "Google Cloud",
  self: "Self-managed",
};
export const providerWord = (provider: Provider): string => PROVIDER_WORDS[provider];

/** A closed set as the options of a facet, in its own order. */
export const optionsOf = (words: Readonly<Record<string, string>>): { value: string; label: string }[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
