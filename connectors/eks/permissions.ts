import type { Permission } from "@/connectors/connector";

/** What the role in the customer's account must allow. All are reads. Browser-safe. */
export const permissions: readonly Permission[] = [
  {
    action: "ec2:DescribeRegions",
    reason: "Finds the regions that the account has enabled. Not needed when regions are entered.",
    optional: true,
  },
  { action: "eks:ListClusters", reason: "Finds the clusters of each region." },
  {
    action: "eks:DescribeCluster",
    reason: "Reads version, endpoint exposure, logging, encryption and sign-in of each cluster.",
  },
  { action: "eks:ListNodegroups", reason: "Finds the node groups of each cluster." },
  {
    action: "eks:DescribeNodegroup",
    reason: "Reads version, machine types, size and repair settings of each node group.",
  },
  { action: "eks:ListAddons", reason: "Finds the add-ons of each cluster." },
  {
    action: "eks:DescribeAddon",
    reason: "Reads versions of add-ons and whether the network plugin enforces network policies.",
  },
  { action: "eks:ListAccessEntries", reason: "Reads whether people sign in with IAM access entries." },
  {
    action: "eks:ListAssociatedAccessPolicies",
    reason: "Reads which access entries administer the whole cluster.",
    optional: true,
  },
  {
    action: "ec2:DescribeSubnets",
    reason: "Tells whether the nodes of a node group get public addresses.",
    optional: true,
  },
  {
    action: "ec2:DescribeLaunchTemplateVersions",
    reason: "Tells whether pods reach the metadata service of their node, and with it the node's role.",
    optional: true,
  },
];

/** What Seawall's own identity must be allowed, outside the customer's account. */
export const hubPermissions: readonly Permission[] = [
  { action: "sts:AssumeRole", reason: "Takes on the role in the customer's account." },
  {
    action: "sts:GetCallerIdentity",
    reason: "Tells whether the credentials work. AWS allows it to everyone.",
    optional: true,
  },
];

/** The role's policy, as an IAM policy document. */
export const rolePolicy = (): object => ({
  Version: "2012-10-17",
  Statement: [{ Sid: "SeawallRead", Effect: "Allow", Action: permissions.map((each) => each.action), Resource: "*" }],
});

/** The role's trust policy: only `hubPrincipal` (an ARN) may take it on, and only with this external id. */
export const trustPolicy = (hubPrincipal: string, externalId: string): object => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: hubPrincipal },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": externalId } },
    },
  ],
});
