import type { SimCluster, SimNodePool } from "../model";
import { minorOf, nodeSystem } from "../scenario-versions";
import { partitionOf } from "./identity";

export const clusterArn = (cluster: SimCluster): string =>
  `arn:${partitionOf(cluster.region)}:eks:${cluster.region}:${cluster.accountId}:cluster/${cluster.id}`;

const minor = (version: string): string => version.replace(/^v/, "").split(".").slice(0, 2).join(".");

const authenticationMode = (cluster: SimCluster): string => {
  const { localAccounts, cloudDirectory } = cluster.controlPlane;
  if (!localAccounts) return "API";
  return cloudDirectory ? "API_AND_CONFIG_MAP" : "CONFIG_MAP";
};

export const usesAccessEntries = (cluster: SimCluster): boolean => authenticationMode(cluster) !== "CONFIG_MAP";

const logging = ({ auditLog, care }: SimCluster["controlPlane"]) => {
  const rest = ["controllerManager", "scheduler"];
  const on = ["api", "audit", "authenticator", ...(care === "good" ? rest : [])];
  const off = care === "good" ? [] : rest;
  return auditLog
    ? {
        clusterLogging: [{ types: on, enabled: true }, ...(off.length > 0 ? [{ types: off, enabled: false }] : [])],
      }
    : { clusterLogging: [{ types: [...on, ...off], enabled: false }] };
};

const PLATFORMS: Readonly<Record<number, string>> = { 32: "eks.62", 34: "eks.31", 35: "eks.21" };

/** `Cluster` of EKS DescribeCluster. */
export function clusterAnswer(cluster: SimCluster) {
  const plane = cluster.controlPlane;
  const arnPrefix = `arn:${partitionOf(cluster.region)}`;
  const ranges = plane.authorizedRanges.length > 0 ? plane.authorizedRanges : ["0.0.0.0/0"];
  return {
    name: cluster.id,
    arn: clusterArn(cluster),
    createdAt: new Date(cluster.createdAt),
    version: minor(cluster.version),
    platformVersion: PLATFORMS[minorOf(cluster.version)] ?? "eks.9",
    endpoint: cluster.server,
    roleArn: `${arnPrefix}:iam::${cluster.accountId}:role/eks-cluster`,
    status: "ACTIVE",
    certificateAuthority: { data: Buffer.from(cluster.caCertificate).toString("base64") },
    resourcesVpcConfig: {
      subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
      securityGroupIds: [],
      clusterSecurityGroupId: "sg-0a1b2c3d4e5f60001",
      vpcId: "vpc-0a1b2c3d4e5f60001",
      endpointPublicAccess: plane.publicEndpoint,
      endpointPrivateAccess: !plane.publicEndpoint || plane.authorizedRanges.length > 0,
      publicAccessCidrs: plane.publicEndpoint ? ranges : [],
    },
    kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16", ipFamily: "ipv4" },
    logging: logging(plane),
    identity: { oidc: { issuer: `https://oidc.eks.${cluster.region}.amazonaws.com/id/${cluster.id.toUpperCase()}` } },
    accessConfig: {
      authenticationMode: authenticationMode(cluster),
      bootstrapClusterCreatorAdminPermissions: plane.care !== "good",
    },
    upgradePolicy: { supportType: plane.upgradeChannel === "none" ? "EXTENDED" : "STANDARD" },
    // Like EKS, the field is left out when the customer configured no key.
    ...(plane.secretsCustomerKey
      ? {
          encryptionConfig: [
            {
              resources: ["secrets"],
              provider: { keyArn: `${arnPrefix}:kms:${cluster.region}:${cluster.accountId}:key/eks-secrets` },
            },
          ],
        }
      : {}),
    deletionProtection: plane.care === "good",
    health: {
      issues:
        plane.care === "bad" ? [{ code: "SubnetNotFound", message: "A subnet was deleted.", resourceIds: [] }] : [],
    },
    tags: {},
  };
}

/** The one launch template of an account: metadata only with tokens, and since version 2 not for pods. */
export const LAUNCH_TEMPLATE = "lt-0a1b2c3d4e5f60001";
/** Subnets by what EC2 gives to machines in them, two zones each. */
export const SUBNETS = {
  private: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
  public: ["subnet-0a1b2c3d4e5f60003", "subnet-0a1b2c3d4e5f60004"],
} as const;

/** Good teams use both zones of the private subnets; bad ones a single public subnet. */
const subnetsOf = ({ controlPlane: { care } }: SimCluster): string[] =>
  care === "good" ? [...SUBNETS.private] : care === "bad" ? [SUBNETS.public[0]] : [SUBNETS.private[0]];

/** Good teams use the newest version of the template, middling ones its first for their applications. */
const launchTemplate = ({ controlPlane: { care } }: SimCluster, pool: SimNodePool) =>
  care === "good" || (care === "middling" && pool.mode === "user")
    ? { launchTemplate: { id: LAUNCH_TEMPLATE, name: "hardened", version: care === "good" ? "3" : "1" } }
    : {};

/** `Nodegroup` of EKS DescribeNodegroup. */
export function nodegroupAnswer(cluster: SimCluster, pool: SimNodePool) {
  const plane = cluster.controlPlane;
  const arnPrefix = `arn:${partitionOf(cluster.region)}:eks:${cluster.region}:${cluster.accountId}`;
  return {
    nodegroupName: pool.name,
    nodegroupArn: `${arnPrefix}:nodegroup/${cluster.id}/${pool.name}/simulated`,
    clusterName: cluster.id,
    version: minor(pool.version),
    createdAt: new Date(cluster.createdAt),
    status: "ACTIVE",
    capacityType: "ON_DEMAND",
    scalingConfig: { minSize: pool.count, maxSize: pool.count + 2, desiredSize: pool.count },
    instanceTypes: [pool.machineType],
    subnets: subnetsOf(cluster),
    amiType: nodeSystem("eks", pool).image,
    ...launchTemplate(cluster, pool),
    ...(plane.care === "bad" ? { remoteAccess: { ec2SshKey: "ops" } } : {}),
    nodeRole: `arn:${partitionOf(cluster.region)}:iam::${cluster.accountId}:role/eks-nodes`,
    nodeRepairConfig: { enabled: pool.autoRepair },
    updateConfig: { maxUnavailable: 1 },
    health: { issues: [] },
  };
}

/** Names of the EKS add-ons that the neutral facts amount to. */
export function addonNames(cluster: SimCluster): string[] {
  const plane = cluster.controlPlane;
  return [
    "coredns",
    ...(plane.workloadIdentity ? ["eks-pod-identity-agent"] : []),
    "kube-proxy",
    ...(plane.threatDetection ? ["aws-guardduty-agent"] : []),
    "vpc-cni",
  ];
}

const COREDNS: Readonly<Record<number, string>> = { 32: "v1.11.4-eksbuild.28", 34: "v1.12.4-eksbuild.6" };
/** Version of an EKS add-on, which is tied to the cluster's where it is a part of Kubernetes. */
export function addonVersion({ version, controlPlane: { care } }: SimCluster, name: string): string {
  const versions: Record<string, string> = {
    coredns: COREDNS[minorOf(version)] ?? "v1.13.2-eksbuild.3",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
    "kube-proxy": `v${version.replace(/-.*/, "")}-eksbuild.2`,
    "aws-guardduty-agent": "v1.12.1-eksbuild.2",
    "vpc-cni": care === "bad" ? "v1.18.5-eksbuild.1" : "v1.21.1-eksbuild.3",
  };
  return versions[name] ?? "v1.0.0-eksbuild.1";
}

/** `Addon` of EKS DescribeAddon. */
export function addonAnswer(cluster: SimCluster, name: string) {
  const enforces = cluster.controlPlane.policyEngine !== "none";
  return {
    addonName: name,
    clusterName: cluster.id,
    status: "ACTIVE",
    addonVersion: addonVersion(cluster, name),
    health: { issues: [] },
    addonArn: `arn:${partitionOf(cluster.region)}:eks:${cluster.region}:${cluster.accountId}:addon/${cluster.id}/${name}/simulated`,
    createdAt: new Date(cluster.createdAt),
    modifiedAt: new Date(cluster.createdAt),
    ...(name === "vpc-cni" && enforces ? { configurationValues: '{"enableNetworkPolicy":"true"}' } : {}),
  };
}

/** Principals of EKS ListAccessEntries. */
export function accessEntries(cluster: SimCluster): string[] {
  const iam = `arn:${partitionOf(cluster.region)}:iam::${cluster.accountId}:role`;
  const people = cluster.controlPlane.cloudDirectory ? [`${iam}/platform-admins`, `${iam}/SeawallReadOnly`] : [];
  const loose =
    cluster.controlPlane.care === "good" ? [] : [`${iam}/deployer`, `${iam}/on-call`, ...userEntries(cluster)];
  return [`${iam}/eks-nodes`, ...people, ...loose];
}

const userEntries = (cluster: SimCluster): string[] => [
  `arn:${partitionOf(cluster.region)}:iam::${cluster.accountId}:user/legacy-ci`,
];

/** Policies of EKS ListAssociatedAccessPolicies. */
export function accessPolicies(cluster: SimCluster, principal: string) {
  const policy = (name: string) => `arn:${partitionOf(cluster.region)}:eks::aws:cluster-access-policy/${name}`;
  const at = new Date(cluster.createdAt);
  const associated = (name: string, type: "cluster" | "namespace") => ({
    policyArn: policy(name),
    accessScope: { type, namespaces: type === "cluster" ? [] : ["default"] },
    associatedAt: at,
    modifiedAt: at,
  });
  if (/:role\/(eks-nodes|SeawallReadOnly)$/.test(principal)) return [];
  return /:role\/platform-admins$|:user\//.test(principal) || cluster.controlPlane.care === "middling"
    ? [associated("AmazonEKSClusterAdminPolicy", "cluster")]
    : [associated("AmazonEKSEditPolicy", "namespace")];
}
