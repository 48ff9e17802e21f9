import { LAUNCH_TEMPLATE, SUBNETS } from "./cluster-answer";
import { accountOf, type Call, regionsOf } from "./eks-handlers";
import { AwsFailure } from "./failure";
import { externalIdOf, HUB, type Identities, roleArnOf } from "./identity";
import type { WebIdentityIssuer } from "./web-identity";

const denied = (message: string): AwsFailure => new AwsFailure(403, "AccessDenied", message);
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

const session = (input: Record<string, unknown>): { name: string; seconds: number } => {
  const name = String(input.RoleSessionName ?? "");
  if (!SESSION_NAME.test(name)) throw new AwsFailure(400, "ValidationError", "RoleSessionName is not valid.");
  return { name, seconds: Number(input.DurationSeconds ?? 3600) };
};

const getCallerIdentity = ({ principal }: Call) => ({
  Account: principal.accountId,
  Arn: principal.arn,
  UserId: principal.sessionToken === undefined ? "AIDASIMULATEDHUB" : "AROASIMULATED:session",
});

function assumeRole(identities: Identities, { core, principal, input }: Call): object {
  const roleArn = String(input.RoleArn ?? "");
  const { name, seconds } = session(input);
  const account = accountOf(core, roleArn.split(":")[4] ?? "");
  const trusted = principal.arn === HUB.arn || principal.arn.includes(":assumed-role/seawall-hub/");
  if (!trusted || !account || roleArn !== roleArnOf(account) || input.ExternalId !== externalIdOf(account.id)) {
    throw denied(`User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`);
  }
  return identities.assume(roleArn, name, seconds);
}

/** STS operations. AssumeRole needs the hub's key, a role of the estate and that role's external id; a wrong one looks like a missing trust policy. */
export const stsHandlers = (identities: Identities): Record<string, (call: Call) => object> => ({
  GetCallerIdentity: getCallerIdentity,
  AssumeRole: assumeRole.bind(null, identities),
});

/** STS AssumeRoleWithWebIdentity, the one operation without a signature: makes a workload of the issuer the hub. */
export function assumeWithWebIdentity(
  input: Record<string, unknown>,
  identities: Identities,
  issuer: WebIdentityIssuer,
): object {
  const { name, seconds } = session(input);
  const subject = issuer.subject(String(input.WebIdentityToken ?? ""));
  if (input.RoleArn !== HUB.roleArn) throw denied("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  return {
    ...identities.assume(HUB.roleArn, name, seconds),
    SubjectFromWebIdentityToken: subject,
    Audience: "sts.amazonaws.com",
    Provider: issuer.issuer,
  };
}

/** EC2 operations. */
export const EC2_HANDLERS: Record<string, (call: Call) => object> = {
  DescribeRegions: ({ core, principal }) => ({
    Regions: regionsOf(core, principal.accountId).map((region) => ({
      RegionName: region,
      Endpoint: `ec2.${region}.amazonaws.com`,
      OptInStatus: "opt-in-not-required",
    })),
  }),
  DescribeSubnets: ({ region, input }) => {
    const asked = Array.isArray(input.SubnetIds) ? input.SubnetIds.map(String) : [];
    const known: readonly string[] = [...SUBNETS.private, ...SUBNETS.public];
    const missing = asked.find((id) => !known.includes(id));
    if (missing !== undefined)
      throw new AwsFailure(400, "InvalidSubnetID.NotFound", `The subnet ID '${missing}' does not exist`);
    return {
      Subnets: known
        .filter((id) => asked.length === 0 || asked.includes(id))
        .map((id) => ({
          SubnetId: id,
          AvailabilityZone: `${region}${/[13]$/.test(id) ? "a" : "b"}`,
          MapPublicIpOnLaunch: SUBNETS.public.some((each) => each === id),
          State: "available",
        })),
    };
  },
  DescribeLaunchTemplateVersions: ({ input }) => {
    const id = String(input.LaunchTemplateId);
    if (id !== LAUNCH_TEMPLATE)
      throw new AwsFailure(400, "InvalidLaunchTemplateId.NotFound", `The launch template ${id} does not exist`);
    const versions = Array.isArray(input.Versions) ? input.Versions.map(Number) : [3];
    return {
      LaunchTemplateVersions: versions.map((VersionNumber) => ({
        LaunchTemplateId: id,
        LaunchTemplateName: "hardened",
        VersionNumber,
        DefaultVersion: true,
        LaunchTemplateData: {
          MetadataOptions: {
            HttpTokens: "required",
            HttpEndpoint: "enabled",
            HttpPutResponseHopLimit: VersionNumber > 1 ? 1 : 2,
          },
        },
      })),
    };
  },
};
