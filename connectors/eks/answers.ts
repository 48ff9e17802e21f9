import { z } from "zod";

/** What is read of EKS answers. The SDK does not check their shape, so it is checked here; unknown members are ignored. */
const text = z.string().max(4096).optional();
const flag = z.boolean().optional();
const count = z.number().int().min(0).max(1_000_000).optional();
const nextToken = z
  .string()
  .max(8192)
  .nullish()
  .transform((token) => token ?? undefined);
const name = z.string().min(1).max(256);
const health = z
  .object({
    issues: z
      .array(z.object({ code: text }))
      .max(200)
      .optional(),
  })
  .optional();

/** One page of each list. A missing list is an error, never an empty estate. */
export const clustersPage = z.object({ clusters: z.array(name).max(1000), nextToken });
export const nodegroupsPage = z.object({ nodegroups: z.array(name).max(1000), nextToken });
export const addonsPage = z.object({ addons: z.array(name).max(1000), nextToken });
/** Of an access entry's policies only what makes it an administrator is read. */
export const accessPoliciesPage = z.object({
  associatedAccessPolicies: z
    .array(z.object({ policyArn: text, accessScope: z.object({ type: text }).optional() }))
    .max(1000),
  nextToken,
});
export const accessEntriesPage = z.object({ accessEntries: z.array(z.string().min(1).max(2048)).max(1000), nextToken });

export const clusterAnswer = z.object({
  cluster: z.object({
    name,
    arn: text,
    createdAt: z.date().optional(),
    version: text,
    endpoint: text,
    status: text,
    certificateAuthority: z.object({ data: z.string().max(100_000).optional() }).optional(),
    resourcesVpcConfig: z
      .object({
        endpointPublicAccess: flag,
        endpointPrivateAccess: flag,
        publicAccessCidrs: z.array(z.string().max(64)).max(1000).optional(),
      })
      .optional(),
    logging: z
      .object({
        clusterLogging: z
          .array(z.object({ types: z.array(z.string().max(64)).max(50).optional(), enabled: flag }))
          .max(50)
          .optional(),
      })
      .optional(),
    encryptionConfig: z
      .array(
        z.object({
          resources: z.array(z.string().max(64)).max(50).optional(),
          provider: z.object({ keyArn: text }).optional(),
        }),
      )
      .max(50)
      .optional(),
    accessConfig: z.object({ authenticationMode: text }).optional(),
    deletionProtection: flag,
    health,
    computeConfig: z
      .object({ enabled: flag, nodePools: z.array(z.string().min(1).max(64)).max(100).optional() })
      .optional(),
    upgradePolicy: z.object({ supportType: text }).optional(),
    /** What is in it does not matter: only a cluster that runs elsewhere has it. */
    connectorConfig: z.object({}).nullish(),
  }),
});
export type ClusterAnswer = z.infer<typeof clusterAnswer>["cluster"];

export const nodegroupAnswer = z.object({
  nodegroup: z.object({
    nodegroupName: name,
    status: text,
    version: text,
    amiType: text,
    instanceTypes: z.array(z.string().max(64)).max(100).optional(),
    scalingConfig: z.object({ minSize: count, maxSize: count, desiredSize: count }).optional(),
    nodeRepairConfig: z.object({ enabled: flag }).optional(),
    remoteAccess: z
      .object({ ec2SshKey: text, sourceSecurityGroups: z.array(z.string().max(64)).max(100).optional() })
      .nullish(),
    subnets: z.array(z.string().max(64)).max(200).optional(),
    launchTemplate: z.object({ id: text, version: text }).nullish(),
    health,
  }),
});
export type NodegroupAnswer = z.infer<typeof nodegroupAnswer>["nodegroup"];

export const addonAnswer = z.object({
  addon: z.object({
    addonName: name,
    addonVersion: text,
    status: text,
    configurationValues: z.string().max(200_000).optional(),
  }),
});
export type AddonAnswer = z.infer<typeof addonAnswer>["addon"];

/** What a launch template says of its machines' metadata service, addresses and SSH key. */
export const launchTemplateAnswer = z.object({
  LaunchTemplateVersions: z
    .array(
      z.object({
        LaunchTemplateData: z
          .object({
            MetadataOptions: z
              .object({
                HttpTokens: text,
                HttpEndpoint: text,
                HttpPutResponseHopLimit: z.number().int().optional(),
              })
              .optional(),
            KeyName: text,
            NetworkInterfaces: z
              .array(z.object({ AssociatePublicIpAddress: flag }))
              .max(100)
              .optional(),
          })
          .optional(),
      }),
    )
    .max(10),
});
export type LaunchTemplate = NonNullable<
  z.infer<typeof launchTemplateAnswer>["LaunchTemplateVersions"][number]["LaunchTemplateData"]
>;

export const subnetsAnswer = z.object({
  Subnets: z.array(z.object({ SubnetId: name, MapPublicIpOnLaunch: flag, AvailabilityZone: text })).max(1000),
});
export type SubnetAnswer = z.infer<typeof subnetsAnswer>["Subnets"][number];
