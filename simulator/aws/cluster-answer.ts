import type { SimCluster, SimNodePool } from "../model";
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

const logging = (audit: boolean) => {
  const on = ["api", "audit", "authenticator"];
  const off = ["controllerManager", "scheduler"];
  return audit
    ? {
        clusterLogging: [
          { types: on, enabled: true },
          { types: off, enabled: false },
        ],
      }
    : { clusterLogging: [{ types: [...on, ...off], enabled: false }] };
};

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
    platformVersion: "eks.9",
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
    logging: logging(plane.auditLog),
    identity: { oidc: { issuer: `https://oidc.eks.${cluster.region}.amazonaws.com/id/${cluster.id.toUpperCase()}` } },
    accessConfig: { authenticationMode: authenticationMode(cluster) },
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
    deletionProtection: false,
    tags: {},
  };
}

/** `Nodegroup` of EKS DescribeNodegroup. */
export function nodegroupAnswer(cluster: SimCluster, pool: SimNodePool) {
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
    subnets: ["subnet-0a1b2c3d4e5f60001"],
    amiType: "AL2023_x86_64_STANDARD",
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

const ADDON_VERSIONS: Record<string, string> = {
  coredns: "v1.12.1-eksbuild.2",
  "eks-pod-identity-agent": "v1.3.7-eksbuild.2",
  "kube-proxy": "v1.33.0-eksbuild.2",
  "aws-guardduty-agent": "v1.10.0-eksbuild.2",
  "vpc-cni": "v1.19.5-eksbuild.1",
};

/** `Addon` of EKS DescribeAddon. */
export function addonAnswer(cluster: SimCluster, name: string) {
  const enforces = cluster.controlPlane.policyEngine !== "none";
  return {
    addonName: name,
    clusterName: cluster.id,
    status: "ACTIVE",
    addonVersion: ADDON_VERSIONS[name] ?? "v1.0.0-eksbuild.1",
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
  return [`${iam}/eks-nodes`, ...people];
}
