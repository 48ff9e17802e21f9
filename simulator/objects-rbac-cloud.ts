import type { Place, Rendered } from "./objects";
import { binding, role, type Subject } from "./objects-rbac";
import type { Rule } from "./objects-rbac-roles";

/** Rights that a cloud gives to its own add-ons: role (which names its binding too, when that has no name of its own), rules, holder. */
interface Grant {
  role: string;
  binding?: string;
  rules: Rule[];
  to: Subject;
}
const account = (name: string): Subject => ({ kind: "ServiceAccount", namespace: "kube-system", name });

/**
 * What AKS brings: the driver of Azure Files may read every secret, for keys of storage accounts lie in those that volumes name
 * (kubernetes-sigs/azurefile-csi-driver, deploy/rbac-csi-azurefile-node.yaml); the cloud provider reads the one that is named.
 */
const AKS: Grant[] = [
  {
    role: "csi-azurefile-node-secret-role",
    binding: "csi-azurefile-node-secret-binding",
    rules: [[[""], ["secrets"], ["get"]]],
    to: account("csi-azurefile-node-sa"),
  },
  {
    role: "csi-azuredisk-node-role",
    binding: "csi-azuredisk-node-binding",
    rules: [[[""], ["nodes"], ["get"]]],
    to: account("csi-azuredisk-node-sa"),
  },
  {
    role: "system:coredns-autoscaler",
    rules: [
      [[""], ["nodes"], ["list", "watch"]],
      [["apps"], ["deployments/scale", "replicasets/scale"], ["get", "update"]],
    ],
    to: account("coredns-autoscaler"),
  },
];
const EKS: Grant[] = [
  {
    role: "aws-node",
    rules: [[[""], ["namespaces", "pods", "nodes"], ["list", "watch", "get"]]],
    to: account("aws-node"),
  },
  { role: "eks:kube-proxy", rules: [], to: account("kube-proxy") },
];
const OF: Partial<Record<Place["plan"]["base"]["distribution"], Grant[]>> = { aks: AKS, eks: EKS };

/** Roles and bindings of the cloud's own add-ons. */
export const cloudRbac = (place: Place): Rendered[] =>
  (OF[place.plan.base.distribution] ?? []).flatMap((grant) => [
    role(place, undefined, grant.role, place.born, grant.rules),
    binding(place, undefined, grant.binding ?? grant.role, place.born, { kind: "ClusterRole", name: grant.role }, [
      grant.to,
    ]),
  ]);
