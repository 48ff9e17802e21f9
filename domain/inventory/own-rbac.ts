import type { Distribution } from "./schema";

/** What the API server, kubeadm and the clouds create for themselves in RBAC. */

/**
 * Powers that the API server's own ClusterRoles grant by name, without wildcards, as its bootstrap policy creates them.
 * `admin` and `edit` are what people are bound to within their namespaces; bound over the whole cluster, the binding is what
 * is judged. Source: kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 */
const OF_EDIT = [
  "secrets-read",
  "secrets-write",
  "pods-create",
  "pods-exec",
  "pods-portforward",
  "tokens-create",
  "impersonate",
  "configmaps-write",
  "events-delete",
  "networkpolicies-write",
  "endpoints-write",
];
const CONTROLLERS: Readonly<Record<string, readonly string[]>> = {
  "attachdetach-controller": [],
  "certificate-controller": ["csr-approve"],
  "clusterrole-aggregation-controller": ["escalate", "rbac-write"],
  "cronjob-controller": ["pods-create"],
  "daemon-set-controller": ["pods-create"],
  "deployment-controller": ["pods-create"],
  "device-taint-eviction-controller": [],
  "disruption-controller": [],
  "endpoint-controller": ["endpoints-write"],
  "endpointslice-controller": ["endpoints-write"],
  "endpointslicemirroring-controller": ["endpoints-write"],
  "ephemeral-volume-controller": [],
  "expand-controller": ["secrets-read"],
  "generic-garbage-collector": [],
  "horizontal-pod-autoscaler": [],
  "job-controller": ["pods-create"],
  "kube-apiserver-serving-clustertrustbundle-publisher": [],
  "legacy-service-account-token-cleaner": ["secrets-read", "secrets-write"],
  "namespace-controller": [],
  "node-controller": ["nodes-write"],
  "persistent-volume-binder": ["volumes-create", "pods-create", "secrets-read", "endpoints-write"],
  "pod-garbage-collector": [],
  "podcertificaterequest-cleaner": [],
  "pv-protection-controller": [],
  "pvc-protection-controller": [],
  "replicaset-controller": ["pods-create"],
  "replication-controller": ["pods-create"],
  "resource-claim-controller": [],
  "resourcequota-controller": [],
  "root-ca-cert-publisher": ["configmaps-write"],
  "route-controller": [],
  "selinux-warning-controller": [],
  "service-account-controller": [],
  "service-cidrs-controller": [],
  "service-controller": [],
  "statefulset-controller": ["pods-create"],
  "storage-version-migrator-controller": [],
  "taint-eviction-controller": [],
  "ttl-after-finished-controller": [],
  "ttl-controller": ["nodes-write"],
  "validatingadmissionpolicy-status-controller": [],
  "volumeattributesclass-protection-controller": [],
};
export const OWN_POWERS: Readonly<Record<string, readonly string[]>> = {
  admin: [...OF_EDIT, "rbac-write"],
  edit: OF_EDIT,
  view: [],
  "cluster-admin": [],
  "system:aggregate-to-admin": ["rbac-write"],
  "system:aggregate-to-edit": OF_EDIT,
  "system:aggregate-to-view": [],
  "system:auth-delegator": [],
  "system:aws-cloud-provider": ["nodes-write"],
  "system:basic-user": [],
  "system:certificates.k8s.io:certificatesigningrequests:nodeclient": [],
  "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient": [],
  "system:certificates.k8s.io:kube-apiserver-client-approver": [],
  "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver": [],
  "system:certificates.k8s.io:kubelet-serving-approver": [],
  "system:certificates.k8s.io:legacy-unknown-approver": [],
  "system:cloud-provider": [],
  "system:cluster-trust-bundle-discovery": [],
  "system:discovery": [],
  "system:heapster": [],
  "system:kube-aggregator": [],
  "system:kube-controller-manager": ["secrets-read", "secrets-write", "tokens-create"],
  "system:kube-dns": [],
  "system:kube-scheduler": [],
  "system:kubelet-api-admin": ["nodes-proxy"],
  "system:monitoring": [],
  "system:node": ["secrets-read", "pods-create", "tokens-create", "nodes-write"],
  "system:node-bootstrapper": [],
  "system:node-problem-detector": [],
  "system:node-proxier": [],
  "system:persistent-volume-provisioner": ["volumes-create"],
  "system:public-info-viewer": [],
  "system:service-account-issuer-discovery": [],
  "system:volume-scheduler": [],
  ...Object.fromEntries(Object.entries(CONTROLLERS).map(([name, powers]) => [`system:controller:${name}`, powers])),
};

/** The same for Roles: `namespace/name`. */
export const OWN_ROLE_POWERS: Readonly<Record<string, readonly string[]>> = {
  "kube-public/system:controller:bootstrap-signer": [],
  "kube-public/kubeadm:bootstrap-signer-clusterinfo": [],
  "kube-system/extension-apiserver-authentication-reader": [],
  "kube-system/system::leader-locking-kube-controller-manager": [],
  "kube-system/system::leader-locking-kube-scheduler": [],
  "kube-system/system:controller:bootstrap-signer": ["secrets-read"],
  "kube-system/system:controller:cloud-provider": ["configmaps-write"],
  "kube-system/system:controller:token-cleaner": ["secrets-read"],
  "kube-system/kube-proxy": [],
  "kube-system/kubeadm:kubelet-config": [],
  "kube-system/kubeadm:nodes-kubeadm-config": [],
};

/**
 * Verbs that the API server's own roles grant on all resources (`resources: ["*"]`). `*` stands for every verb. Same source.
 */
export const OWN_WILDCARDS: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["*"],
  "system:controller:generic-garbage-collector": ["get", "list", "watch", "patch", "update", "delete"],
  "system:controller:namespace-controller": ["get", "list", "watch", "delete", "deletecollection"],
  "system:controller:resourcequota-controller": ["list", "watch"],
  "system:controller:storage-version-migrator-controller": ["list", "patch", "update"],
  "system:kube-controller-manager": ["list", "watch"],
};

const everyone = ["Group system:authenticated", "Group system:unauthenticated"];
/** ClusterRoleBindings that a cluster creates for itself: name → the role, and the subjects that belong there. `not`: where its subjects may be anybody. */
export const OWN_BINDINGS: Readonly<
  Record<string, { role: string; subjects: readonly string[]; not?: readonly Distribution[] }>
> = {
  "cluster-admin": { role: "cluster-admin", subjects: ["Group system:masters"] },
  "kubeadm:cluster-admins": { role: "cluster-admin", subjects: ["Group kubeadm:cluster-admins"] },
  "aks-cluster-admin-binding": { role: "cluster-admin", subjects: ["User clusterAdmin"], not: ["eks", "arc"] },
  "eks:addon-cluster-admin": {
    role: "cluster-admin",
    subjects: ["User eks:addon-manager"],
    not: ["aks", "gke", "arc"],
  },
  "system:basic-user": { role: "system:basic-user", subjects: everyone },
  "system:discovery": { role: "system:discovery", subjects: everyone },
  "system:public-info-viewer": { role: "system:public-info-viewer", subjects: everyone },
  "system:monitoring": { role: "system:monitoring", subjects: ["Group system:monitoring"] },
  "system:kube-dns": { role: "system:kube-dns", subjects: ["ServiceAccount kube-system/kube-dns"] },
  "system:service-account-issuer-discovery": {
    role: "system:service-account-issuer-discovery",
    subjects: ["Group system:serviceaccounts"],
  },
  "system:cluster-trust-bundle-discovery": {
    role: "system:cluster-trust-bundle-discovery",
    subjects: ["Group system:serviceaccounts"],
  },
  "eks:podsecuritypolicy:authenticated": {
    role: "eks:podsecuritypolicy:privileged",
    subjects: ["Group system:authenticated"],
  },
};

/** RoleBindings of the same kind: `namespace/name` → subjects. */
export const OWN_ROLE_BINDINGS: Readonly<Record<string, readonly string[]>> = {
  "kube-public/system:controller:bootstrap-signer": ["ServiceAccount kube-system/bootstrap-signer"],
  "kube-public/kubeadm:bootstrap-signer-clusterinfo": ["User system:anonymous"],
  "kube-system/system:controller:bootstrap-signer": ["ServiceAccount kube-system/bootstrap-signer"],
  "kube-system/system:controller:cloud-provider": ["ServiceAccount kube-system/cloud-provider"],
  "kube-system/system:controller:token-cleaner": ["ServiceAccount kube-system/token-cleaner"],
  "kube-system/system::leader-locking-kube-controller-manager": [
    "User system:kube-controller-manager",
    "ServiceAccount kube-system/kube-controller-manager",
    "ServiceAccount kube-system/leader-election-controller",
  ],
  "kube-system/system::leader-locking-kube-scheduler": [
    "User system:kube-scheduler",
    "ServiceAccount kube-system/kube-scheduler",
  ],
};

/**
 * Users and groups that only the control plane or the cloud hands out: no person and no pod can be one of them. The clouds
 * refuse names like these to customers; `system:` names need a certificate of the cluster's own authority. EKS refuses no names but
 * `system:` and `eks:`: an access entry may call anybody there `clusterAdmin`; elsewhere nobody keeps `eks:` names from people. Arc
 * stands before any cluster, whose authority may call anybody anything but `system:`.
 */
export const isComponent = (kind: string, name: string, distribution: Distribution | undefined): boolean =>
  kind === "User"
    ? /^system:(?!anonymous$|serviceaccount:)./.test(name) ||
      ((distribution === "eks" || distribution === undefined) && /^eks:./.test(name)) ||
      (distribution !== "eks" &&
        distribution !== "arc" &&
        /^(kubelet|kube-apiserver|kube-apiserver-kubelet-client|cluster-autoscaler|kubelet-nodepool-bootstrap|clusterAdmin|aks-support|acsService)$/.test(
          name,
        ))
    : kind === "Group" && /^system:(nodes|bootstrappers(:.+)?)$/.test(name);
