import type { Distribution } from "@/domain/inventory/schema";

const DIAGNOSTICS =
  "`az aks show` does not hold diagnostic settings: connect an account that may read them, or look with `az monitor diagnostic-settings list --resource` and the cluster's id.";
const MAINTENANCE =
  "`az aks show` does not hold maintenance windows: connect an account that may read them, or look with `az aks maintenanceconfiguration list`.";
const SUBNETS =
  "`aws eks describe-nodegroup` does not hold subnets and launch templates: connect an account that may read them, or look with `aws ec2 describe-subnets` and `aws ec2 describe-launch-template-versions`.";
const NOT_AWS = "EKS does not tell this of its node groups: look at their launch templates and images.";
const EXTENSIONS =
  "`az connectedk8s show` does not hold extensions: connect an account that may list them, or look with `az k8s-extension list --cluster-type connectedClusters`.";
const arc = (place: string): string => `Azure does not tell this of Arc clusters: look at ${place}.`;

/**
 * Where a fact is told that the cloud's description of a cluster never holds, by the beginning of its path. Of Arc only what Azure
 * does tell has none.
 */
const ELSEWHERE: Readonly<Record<Distribution, Readonly<Record<string, string>>>> = {
  aks: {
    "logging.audit": DIAGNOSTICS,
    "logging.auditReads": DIAGNOSTICS,
    "logging.api": DIAGNOSTICS,
    "logging.authenticator": DIAGNOSTICS,
    "logging.controllerManager": DIAGNOSTICS,
    "logging.scheduler": DIAGNOSTICS,
    "upgrade.maintenanceWindow": MAINTENANCE,
  },
  eks: {
    "identity.administrators":
      "A check of files takes no access policies: connect an account that may read them, or look with `aws eks list-associated-access-policies` for each access entry.",
    "identity.accessEntries":
      "`aws eks describe-cluster` does not hold access entries: give those of `aws eks list-access-entries` too, or connect an account that may list them.",
    "identity.workloadIdentity":
      "EKS tells of the Pod Identity agent only, not whether roles trust the cluster's issuer: look at the trust policies of IAM roles.",
    "security.threatDetection":
      "GuardDuty watches accounts, and EKS tells of its agent's add-on only: look with `aws guardduty get-detector` in the cluster's region.",
    "upgrade.automatic":
      "EKS begins no upgrade before the end of support, nor does Auto Mode: versions are what your own tooling sets.",
    "nodePools.publicNodes": SUBNETS,
    "nodePools.zones": SUBNETS,
    "nodePools.metadataProtected": SUBNETS,
    "nodePools.sshAccess": SUBNETS,
    "nodePools.sshFromAnywhere": SUBNETS,
    "nodePools.secureBoot": NOT_AWS,
    "nodePools.measuredBoot": NOT_AWS,
    "nodePools.diskCustomerKey": NOT_AWS,
    "nodePools.hostEncryption": NOT_AWS,
    "nodePools.kubeletReadOnlyPort": NOT_AWS,
  },
  gke: {
    "logging.audit":
      "Google's description of a cluster does not hold it: reads are logged where the project's IAM policy turns on Data Access logs. Look with `gcloud projects get-iam-policy`.",
    "security.threatDetection":
      "Security Command Center watches organisations and projects, and GKE does not tell of it: look at its services for the cluster's project.",
  },
  arc: {
    version: "",
    status: "",
    agent: "",
    addons: EXTENSIONS,
    "identity.workloadIdentity": "",
    "identity.cloudAuthorization": "",
    "identity.cloudDirectory":
      "Azure tells of Arc clusters only whether Azure RBAC is on: look at the OIDC flags of the API server and at what signs people in.",
    "security.policyAddon": EXTENSIONS,
    "security.threatDetection": EXTENSIONS,
    "security.secretStore":
      "Azure tells of its own extension only: look at what mounts or fetches secrets in the cluster.",
    "logging.workloads": "Azure tells of its own extension only: look at what collects the output of containers.",
    "logging.metrics": "Azure tells of its own extension only: look at what collects metrics.",
    api: arc("the flags of the API server and at the network before it"),
    identity: arc("the flags of the API server"),
    network: arc("the network plugin and its settings"),
    logging: arc("the flags of the API server and at what collects its log"),
    encryption: arc("the encryption configuration of the API server"),
    upgrade: arc("the tool that installed the cluster"),
    security: arc("what is installed in the cluster"),
    availability: arc("the machines of the control plane"),
    nodePools: arc("its nodes and at what made them"),
    issues: arc("its agents in the portal, and at the cluster"),
  },
};

const ASK =
  "Ask with an identity that may read it, and give the answer whole; if it still does not, this cloud does not tell.";

/** What to do about a fact of `CLOUD_FACTS` that is not known of a cluster: where it stands, or to ask for the whole answer. Longer paths go before their group. */
export function whereTold(fact: string, distribution: unknown): string {
  const places = Object.entries(ELSEWHERE).find(([name]) => name === distribution)?.[1] ?? {};
  const [, place = ""] = Object.entries(places).find(([path]) => path === fact || fact.startsWith(`${path}.`)) ?? [];
  return place === "" ? ASK : place;
}
