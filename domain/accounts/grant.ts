import { permissions as aksPermissions } from "@/connectors/aks/permissions";
import { permissions as arcPermissions } from "@/connectors/arc/permissions";
import { rolePolicy, trustPolicy } from "@/connectors/eks/permissions";
import { permissions as gkePermissions } from "@/connectors/gke/permissions";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import type { Connectable } from "./schema";

/** Text to copy into a file or a cloud's own form: what grants Seawall the least it needs. */
export interface Grant {
  id: string;
  title: string;
  text: string;
  /** What is left to the reader. */
  open: string | null;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The ClusterRole of a reader inside a cluster: what a scan lists, and the UID of kube-system. */
function clusterRole(): string {
  const groups = [...new Set(LISTED_KINDS.map(({ apiGroup }) => apiGroup))];
  const rules = groups.flatMap((group) => [
    `  - apiGroups: ["${group}"]`,
    `    resources: [${LISTED_KINDS.filter(({ apiGroup }) => apiGroup === group)
      .map(({ resource }) => resource)
      .join(", ")}]`,
    "    verbs: [list]",
  ]);
  return [
    "apiVersion: rbac.authorization.k8s.io/v1",
    "kind: ClusterRole",
    "metadata: { name: seawall-reader }",
    "rules:",
    ...rules,
    '  - apiGroups: [""]',
    "    resources: [namespaces]",
    "    resourceNames: [kube-system]",
    "    verbs: [get]",
    "",
  ].join("\n");
}

const azureRole = (): object => ({
  Name: "Seawall Reader",
  Description: "Reads how Kubernetes clusters are set up.",
  Actions: [...aksPermissions, ...arcPermissions].map(({ action }) => action),
  NotActions: [],
  AssignableScopes: ["/subscriptions/SUBSCRIPTION_ID"],
});

const gcpRole = (): string =>
  [
    "title: Seawall Reader",
    "description: Reads how Kubernetes clusters are set up.",
    "stage: GA",
    "includedPermissions:",
    // Of acting as the service account the account itself is granted, not the project.
    ...gkePermissions.filter(({ action }) => action.startsWith("container.")).map(({ action }) => `  - ${action}`),
    "",
  ].join("\n");

const cluster = (bound: string): Grant => ({
  id: "cluster-role",
  title: "ClusterRole in each cluster",
  text: clusterRole(),
  open: `Apply it with kubectl and bind it to ${bound}.`,
});

/** Not among what a scan needs: see docs/decisions/0012-configz.md. Whoever may `get nodes/proxy` may do more than read settings. */
const kubelets: Grant = {
  id: "kubelets",
  title: "Settings of kubelets (optional)",
  text: [
    "apiVersion: rbac.authorization.k8s.io/v1",
    "kind: ClusterRole",
    "metadata: { name: seawall-kubelets }",
    "rules:",
    '  - apiGroups: [""]',
    "    resources: [nodes/proxy]",
    "    verbs: [get]",
    "",
  ].join("\n"),
  open: "Only where kubelets are to be judged: with this right one can also run commands in pods by way of a kubelet. Bind it like the reader's role.",
};

/** What to grant in each cloud, ready to copy; made from the lists of what the connectors call, so the two cannot differ. */
export function grantsOf(cloud: Connectable): Grant[] {
  if (cloud === "azure")
    return [
      {
        id: "role",
        title: "Custom role",
        text: json(azureRole()),
        open: "Put in the subscription's id, run az role definition create --role-definition @seawall-reader.json, and assign it to the application.",
      },
      cluster("the application's object id (AKS), or to the service account whose token you enter (Arc)"),
      kubelets,
    ];
  if (cloud === "aws")
    return [
      {
        id: "policy",
        title: "Role policy",
        text: json(rolePolicy()),
        open: "Attach it to the role that you enter below its ARN.",
      },
      {
        id: "trust",
        title: "Trust policy",
        text: json(trustPolicy("arn:aws:iam::HUB_ACCOUNT:user/seawall", "EXTERNAL_ID")),
        open: "Put in who asks for the role (the owner of the access key, or the machine's role) and the external id that you enter.",
      },
      cluster("a group, and give that group to the role with an access entry (eks:CreateAccessEntry)"),
      kubelets,
    ];
  return [
    {
      id: "role",
      title: "Custom role",
      text: gcpRole(),
      open: "Run gcloud iam roles create seawallReader --project=PROJECT --file=seawall-reader.yaml, and grant it to the service account. Grant the workload identity roles/iam.workloadIdentityUser on that account.",
    },
    kubelets,
  ];
}
