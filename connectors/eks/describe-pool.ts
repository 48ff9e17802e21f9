import { present } from "@/connectors/present";
import { wordOf } from "@/connectors/word";
import type { NodePool } from "@/domain/inventory/schema";
import type { LaunchTemplate, NodegroupAnswer, SubnetAnswer } from "./answers";
import { GROUP_STATES, IMAGE_TYPE } from "./words";

/** Codes of what EKS says is wrong; undefined when it says nothing either way. */
export const codesOf = (issues: readonly { code?: string | undefined }[] | undefined): string[] | undefined =>
  issues?.map(({ code }) => code ?? "Unknown");

/**
 * Whether pods can ask the machine's metadata service for the node's role: not when tokens are required and an answer makes one
 * hop only, which ends on the machine. What a template leaves out EKS and the account's defaults decide, so it says nothing.
 */
function metadataProtected(template: LaunchTemplate | undefined): boolean | undefined {
  const { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit: hops } = template?.MetadataOptions ?? {};
  if (HttpEndpoint === "disabled") return true;
  if (HttpTokens === "optional" || (hops !== undefined && hops > 1)) return false;
  return HttpTokens === "required" && hops === 1 ? true : undefined;
}

/** A template's interfaces decide over the subnets; otherwise a machine gets what its subnet gives. */
function publicNodes(
  group: NodegroupAnswer,
  template: LaunchTemplate | undefined,
  subnets: readonly SubnetAnswer[] | undefined,
): boolean | undefined {
  // A template that was not read may say otherwise.
  if (group.launchTemplate && !template) return undefined;
  const chosen = template?.NetworkInterfaces?.map((one) => one.AssociatePublicIpAddress) ?? [];
  if (chosen.includes(true)) return true;
  if (chosen.length > 0 && chosen.every((one) => one === false)) return false;
  const own = (group.subnets ?? []).map((id) => subnets?.find((subnet) => subnet.SubnetId === id)?.MapPublicIpOnLaunch);
  if (own.includes(true)) return true;
  return own.length > 0 && own.every((one) => one === false) ? false : undefined;
}

/**
 * With a key and without a group that may use it, EKS opens the port to the internet, by its own reference. Where a launch
 * template decides instead, its security groups say who reaches the port, and those are not read.
 */
function remoteAccess(
  group: NodegroupAnswer,
  template: LaunchTemplate | undefined,
): Pick<NodePool, "sshAccess" | "sshFromAnywhere"> {
  if (group.status !== "ACTIVE" || (group.launchTemplate && !template)) return {};
  if (template) {
    const withKey = (template.KeyName ?? "") !== "";
    return { sshAccess: withKey, ...(withKey ? {} : { sshFromAnywhere: false }) };
  }
  const { ec2SshKey, sourceSecurityGroups } = group.remoteAccess ?? {};
  if (ec2SshKey === "") return {};
  const groups = sourceSecurityGroups ?? [];
  const sshAccess = ec2SshKey !== undefined;
  const fromAnywhere = groups.length === 0 || (groups.some((id) => id.startsWith("sg-")) ? false : undefined);
  return { sshAccess, ...present({ sshFromAnywhere: sshAccess ? fromAnywhere : false }) };
}

/** Zones of the subnets; undefined unless all are known. */
function zones(group: NodegroupAnswer, subnets: readonly SubnetAnswer[] | undefined): number | undefined {
  const own = (group.subnets ?? []).map((id) => subnets?.find((each) => each.SubnetId === id)?.AvailabilityZone);
  return own.length === 0 || own.includes(undefined) ? undefined : new Set(own).size;
}

/** One node group. EKS says nothing about secure boot and disks. */
export function describeNodePool(
  group: NodegroupAnswer,
  around: {
    subnets?: readonly SubnetAnswer[];
    launchTemplates?: Readonly<Record<string, LaunchTemplate>>;
  } = {},
): NodePool {
  const described = group.status === "ACTIVE";
  const template = group.launchTemplate ? around.launchTemplates?.[group.nodegroupName] : undefined;
  return {
    name: group.nodegroupName,
    ...present({
      machineType: group.instanceTypes && group.instanceTypes.length > 0 ? group.instanceTypes.join(",") : undefined,
      count: group.scalingConfig?.desiredSize,
      minCount: group.scalingConfig?.minSize,
      maxCount: group.scalingConfig?.maxSize,
      version: group.version,
      osImage: IMAGE_TYPE.test(group.amiType ?? "") ? group.amiType : undefined,
      // "Node auto repair is disabled by default" (the SDK's reference), and EKS leaves the field out then.
      autoRepair: group.nodeRepairConfig ? group.nodeRepairConfig.enabled : described ? false : undefined,
      // EKS updates a node group when somebody calls UpdateNodegroupVersion, and has no setting that would do it.
      autoUpgrade: described ? false : undefined,
      publicNodes: publicNodes(group, template, around.subnets),
      metadataProtected: metadataProtected(template),
      status: wordOf(GROUP_STATES, group.status),
      issues: codesOf(group.health?.issues),
      zones: zones(group, around.subnets),
      ...remoteAccess(group, template),
    }),
  };
}
