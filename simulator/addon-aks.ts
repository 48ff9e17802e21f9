import type { Addon } from "./addon";

/** Where AKS serves its images from. */
export const MCR = "mcr.microsoft.com/oss/v2";
const RECONCILED = { "addonmanager.kubernetes.io/mode": "Reconcile", "kubernetes.azure.com/managedby": "aks" };

/** An add-on of AKS, which its add-on manager restores. */
export const addon = (
  kind: Addon["kind"],
  name: string,
  own: Record<string, string>,
  spec: Addon["spec"],
  more: Partial<Addon> = {},
): Addon => ({
  kind,
  namespace: "kube-system",
  name,
  labels: { ...own, ...RECONCILED },
  selector: Object.keys(own),
  serviceAccount: name,
  manager: "kubectl-client-side-apply",
  ...more,
  spec,
});
