import { CONFIG_MAPS, LISTED_KINDS } from "@/domain/inventory/schema";

/** Whom a cluster knows Seawall as; texts in capitals are for the reader to put in. */
export type ClusterSubject = { kind: "User" | "Group"; name: string; remark?: string };

interface ClusterRole {
  name: string;
  rules: readonly string[];
}

const READER: ClusterRole = {
  name: "seawall-reader",
  rules: [
    ...[...new Set(LISTED_KINDS.map(({ apiGroup }) => apiGroup))].flatMap((group) => [
      `  - apiGroups: ["${group}"]`,
      `    resources: [${LISTED_KINDS.filter(({ apiGroup }) => apiGroup === group)
        .map(({ resource }) => resource)
        .join(", ")}]`,
      "    verbs: [list]",
    ]),
    '  - apiGroups: [""]',
    "    resources: [namespaces]",
    "    resourceNames: [kube-system]",
    "    verbs: [get]",
    // The next two come with Kubernetes to whoever is signed in; hardened clusters take them away.
    "  - nonResourceURLs: [/version]",
    "    verbs: [get]",
    "  # Asks the cluster what Seawall may do there; nothing is stored.",
    "  - apiGroups: [authorization.k8s.io]",
    "    resources: [selfsubjectaccessreviews]",
    "    verbs: [create]",
  ],
};

const KUBELETS: ClusterRole = {
  name: "seawall-kubelets",
  rules: ['  - apiGroups: [""]', "    resources: [nodes/proxy]", "    verbs: [get]"],
};

const CONFIG_MAPS_ROLE: ClusterRole = {
  name: "seawall-config-maps",
  rules: [
    "  # Kubernetes knows no verb judge: it says that this is meant, and that no role for looking around will do.",
    `  - apiGroups: ["${CONFIG_MAPS.apiGroup}"]`,
    `    resources: [${CONFIG_MAPS.resource}]`,
    "    verbs: [list, judge]",
  ],
};

/** A ClusterRole and its binding to the subject, as one file for kubectl. */
function manifest({ name, rules }: ClusterRole, subject: ClusterSubject): string {
  return [
    "apiVersion: rbac.authorization.k8s.io/v1",
    "kind: ClusterRole",
    `metadata: { name: ${name} }`,
    "rules:",
    ...rules,
    "---",
    "apiVersion: rbac.authorization.k8s.io/v1",
    "kind: ClusterRoleBinding",
    `metadata: { name: ${name} }`,
    `roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name} }`,
    "subjects:",
    `  - { apiGroup: rbac.authorization.k8s.io, kind: ${subject.kind}, name: "${subject.name}" }`,
    ...(subject.remark === undefined ? [] : [`  # ${subject.remark}`]),
    "",
  ].join("\n");
}

/** What a scan needs inside a cluster: to list every listed kind, the UID of kube-system, the version, and to ask for its own rights. */
export const readerManifest = (subject: ClusterSubject): string => manifest(READER, subject);

/** Not among what a scan needs: see docs/decisions/0012-configz.md. Whoever may `get nodes/proxy` may do more than read settings. */
export const kubeletsManifest = (subject: ClusterSubject): string => manifest(KUBELETS, subject);

/** Not among what a scan needs: see docs/decisions/0016-config-maps.md. Who lists ConfigMaps is sent their values. */
export const configMapsManifest = (subject: ClusterSubject): string => manifest(CONFIG_MAPS_ROLE, subject);
