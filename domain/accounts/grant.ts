import { permissions as aksPermissions } from "@/connectors/aks/permissions";
import { permissions as arcPermissions } from "@/connectors/arc/permissions";
import { rolePolicy, trustPolicy } from "@/connectors/eks/permissions";
import { permissions as gkePermissions, WITHOUT_PERMISSION } from "@/connectors/gke/permissions";
import type { Distribution } from "@/domain/inventory/schema";
import { CLOUD_FORMS } from "./cloud-form";
import { type ClusterSubject, configMapsManifest, kubeletsManifest, readerManifest } from "./cluster-role";
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

/** What is granted inside each cluster: the reader's role, and apart from it what only who wants it grants. */
const inCluster = (subject: ClusterSubject, open: string): Grant[] => [
  { id: "cluster-role", title: "ClusterRole in each cluster", text: readerManifest(subject), open },
  {
    id: "kubelets",
    title: "Settings of kubelets (optional)",
    text: kubeletsManifest(subject),
    open: "Only where kubelets are to be judged: with this right one can also run commands in pods by way of a kubelet.",
  },
  {
    id: "config-maps",
    title: "ConfigMaps (optional)",
    text: configMapsManifest(subject),
    open: "Only where secrets are to be looked for in ConfigMaps: the API server then sends their values, of which Seawall keeps the keys and what each looks like.",
  },
];

const AKS: ClusterSubject = {
  kind: "User",
  name: "OBJECT_ID",
  remark: "Arc, instead: - { kind: ServiceAccount, namespace: NAMESPACE, name: NAME }",
};
const EKS: ClusterSubject = { kind: "Group", name: "seawall-readers" };
const GKE: ClusterSubject = { kind: "User", name: "SERVICE_ACCOUNT_EMAIL" };

const SUBJECTS: Readonly<Record<Distribution, ClusterSubject>> = {
  aks: AKS,
  arc: AKS, // its remark says what differs
  eks: EKS,
  gke: GKE,
};
/** What grants the rights that a scan does without, in a cluster of a distribution; by what is not looked at without them. */
export const optionalGrants = (distribution: Distribution): { kubelets: string; "config-maps": string } => ({
  kubelets: kubeletsManifest(SUBJECTS[distribution]),
  "config-maps": configMapsManifest(SUBJECTS[distribution]),
});

/** Whether a cloud's permissions are reads, for the head of their list. */
export function natureOf(cloud: Connectable): string {
  const handing = CLOUD_FORMS[cloud].permissions.filter(({ handsOut }) => handsOut === true).length;
  if (handing === 0) return "all are reads";
  return `all are reads but ${handing === 1 ? "one, which hands" : `${handing}, which hand`} out a credential; none changes anything`;
}

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
      ...inCluster(
        AKS,
        "Put in the application's object id (AKS), or the service account whose token you enter (Arc), and apply it with kubectl.",
      ),
    ];
  if (cloud === "aws")
    return [
      {
        id: "policy",
        title: "Role policy",
        text: json(rolePolicy()),
        open: "Attach it to the role whose ARN you enter here.",
      },
      {
        id: "trust",
        title: "Trust policy",
        text: json(trustPolicy("arn:aws:iam::HUB_ACCOUNT:user/seawall", "EXTERNAL_ID")),
        open: "Put in who asks for the role (the owner of the access key, or the machine's role) and the external id that you enter.",
      },
      ...inCluster(
        EKS,
        "Apply it with kubectl, and give its group to the role with an access entry (eks:CreateAccessEntry).",
      ),
    ];
  return [
    {
      id: "role",
      title: "Custom role",
      text: gcpRole(),
      open: "Run gcloud iam roles create seawallReader --project=PROJECT --file=seawall-reader.yaml, and grant it to the service account. Grant the workload identity roles/iam.workloadIdentityUser on that account.",
    },
    ...inCluster(
      GKE,
      `Put in the service account's e-mail address and apply it with kubectl. Google has no permission for ${WITHOUT_PERMISSION.join(" and ")}: without this role every scan is incomplete by them. With it, the custom role needs container.clusters.list and container.clusters.get alone.`,
    ),
  ];
}
