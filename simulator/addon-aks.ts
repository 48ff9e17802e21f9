import { installedByCloud } from "./addon";

/** Where AKS serves its images from. */
export const MCR = "mcr.microsoft.com/oss/v2";
const RECONCILED = { "addonmanager.kubernetes.io/mode": "Reconcile", "kubernetes.azure.com/managedby": "aks" };

/** An add-on of AKS, which its add-on manager restores. */
export const addon = installedByCloud("kubectl-client-side-apply", () => RECONCILED);
