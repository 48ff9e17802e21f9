import type { Distribution, Provider } from "../schema";

const DISTRIBUTION: Readonly<Record<Distribution, string>> = { aks: "AKS", eks: "EKS", gke: "GKE", arc: "Arc" };
export const distributionWord = (distribution: Distribution): string => DISTRIBUTION[distribution];

const PROVIDER: Readonly<Record<Provider, string>> = { azure: "Azure", aws: "AWS", gcp: "GCP", self: "Self-managed" };
export const providerWord = (provider: Provider): string => PROVIDER[provider];
