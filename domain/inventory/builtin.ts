import { stringMap } from "./json";
import type { KubernetesObject } from "./schema";

const SYSTEM_NAMESPACES = new Set(["kube-system", "kube-public", "kube-node-lease"]);
/** Labels with which the clouds mark the add-ons that they manage in kube-system. */
const ADDON_LABELS = [
  "addonmanager.kubernetes.io/mode",
  "kubernetes.io/cluster-service",
  "kubernetes.azure.com/managedby",
  "eks.amazonaws.com/component",
  "components.gke.io/component-name",
];

/**
 * Whether an object belongs to Kubernetes or the cloud: `system:` names, bootstrapping labels, the system namespaces
 * themselves, and add-ons in them that carry their cloud's label. Being in kube-system alone does not make it so.
 */
export function isBuiltIn(object: KubernetesObject): boolean {
  const { name, namespace } = object.metadata;
  const labels = stringMap(object.metadata.labels);
  if (name.startsWith("system:") || labels.has("kubernetes.io/bootstrapping")) return true;
  if (object.kind === "Namespace") return SYSTEM_NAMESPACES.has(name);
  if (namespace !== undefined && !SYSTEM_NAMESPACES.has(namespace)) return false;
  return ADDON_LABELS.some((label) => labels.has(label));
}
