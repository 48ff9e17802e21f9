/** Namespaces that Kubernetes and the clouds make, and restore when somebody changes them. */
const NAMES = [
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "azure-arc",
  "aks-command",
  "aks-istio-system",
  "app-routing-system",
  "amazon-guardduty",
  "gmp-system",
  "gmp-public",
  "gke-gmp-system",
  "gke-managed-system",
  "gke-managed-cim",
  "gke-managed-volumepopulator",
  "gke-managed-networking-dra-driver",
] as const;
export const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(NAMES);

/** SQL that is true of a namespace of the cluster's own. `column` is SQL. */
export const isSystemSql = (column: string): string => `${column} IN (${NAMES.map((name) => `'${name}'`).join(", ")})`;
