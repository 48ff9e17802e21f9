import { z } from "zod";
import { isPlainAddress, NOT_PLAIN } from "@/connectors/address";
import { cloudLimits, kubernetesLimits } from "@/connectors/limits";
import { pem } from "@/connectors/pem";
import { defaultRegion, PARTITION_NAMES, PARTITIONS, regionFits } from "./partition";
import { REGIONS } from "./region";

const region = z
  .string()
  .regex(/^[a-z]{2,5}(-[a-z]+){1,3}-\d{1,2}$/, "A region looks like eu-central-1.")
  .meta({ known: REGIONS });
const endpoint = (service: string) =>
  z
    .url({ protocol: /^https?$/, error: "Enter a full address, such as https://eks.internal.example." })
    .max(500)
    .refine(isPlainAddress, NOT_PLAIN)
    .optional()
    .meta({ title: `${service.toUpperCase()} address`, fallback: `https://${service}.REGION.amazonaws.com` });

/** What a person enters to connect one AWS account. Browser-safe; secrets are the fields in `AWS_SECRET_FIELDS`. */
export const awsSettingsSchema = z
  .object({
    accountId: z
      .string()
      .regex(/^\d{12}$/, "An AWS account id has 12 digits.")
      .meta({ description: "12 digits, without dashes, such as 123456789012." }),
    partition: z.enum(PARTITIONS).default("aws").meta({ section: "endpoints", words: PARTITION_NAMES }),
    /** The role in the account that Seawall takes on. */
    roleArn: z
      .string()
      .max(2048)
      .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, "This is not the ARN of a role.")
      .meta({
        description: "Of the role that Seawall takes on, such as arn:aws:iam::123456789012:role/seawall-reader.",
      }),
    /** Shared with the role's trust policy, so that nobody else can make Seawall take it on. */
    externalId: z
      .string()
      .min(2)
      .max(1224)
      .regex(/^[\w+=,.@:/-]+$/, "Letters, digits and +=,.@:/- only.")
      .meta({ description: "The text in the role's trust policy as sts:ExternalId. Choose one that nobody guesses." }),
    /** Who asks for the role: an access key entered here, or the identity of the machine that Seawall runs on. */
    hubCredentials: z
      .enum(["access_key", "machine"])
      .default("access_key")
      .meta({
        title: "Who asks for the role",
        words: { access_key: "An access key entered here", machine: "The machine that Seawall runs on" },
      }),
    /** Empty: all regions that the account has enabled. */
    regions: z
      .array(region)
      .max(60)
      .default([])
      .meta({ title: "Regions", description: "None: all regions that the account has enabled." }),
    /** Where the role is asked for; default: the partition's first region. */
    stsRegion: region.optional().meta({
      title: "Region of STS",
      description: "Where the role is asked for. Empty: the partition's first region.",
      section: "endpoints",
      fallback: "us-east-1",
    }),
    endpoints: z
      .strictObject({ sts: endpoint("sts"), eks: endpoint("eks"), ec2: endpoint("ec2") })
      .default({})
      .meta({ section: "endpoints" }),
    /** PEM. When given, only these authorities are trusted for AWS. */
    caBundle: pem.optional().meta({ title: "CA bundle", section: "endpoints", long: true }),
    ...cloudLimits({ connectTimeoutMs: 5_000, requestTimeoutMs: 15_000, maxRetryWaitMs: 20_000 }),
    ...kubernetesLimits,
    /** For a whole discovery, which the worker's queue ends after 15 minutes. */
    deadlineMs: z
      .number()
      .int()
      .min(1_000)
      .max(840_000)
      .default(600_000)
      .meta({ title: "Limit of a whole discovery (ms)", section: "limits" }),
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(32)
      .default(8)
      .meta({ title: "Regions looked at at once", section: "limits" }),
  })
  .superRefine((settings, context) => {
    const [, partition, , , account] = settings.roleArn.split(":");
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (account !== settings.accountId) issue("roleArn", "The role belongs to another account.");
    if (partition !== settings.partition) issue("roleArn", "The role belongs to another partition.");
    const wrong = settings.regions.find((each) => !regionFits(settings.partition, each));
    if (wrong !== undefined) issue("regions", `${wrong} lies in another partition.`);
    if (settings.stsRegion !== undefined && !regionFits(settings.partition, settings.stsRegion)) {
      issue("stsRegion", "This region lies in another partition.");
    }
  })
  .transform((settings) => ({ ...settings, stsRegion: settings.stsRegion ?? defaultRegion(settings.partition) }));

export type AwsSettings = z.output<typeof awsSettingsSchema>;
export type AwsServiceName = keyof AwsSettings["endpoints"];

/** Needed only when `hubCredentials` is `access_key`. */
export const AWS_SECRET_FIELDS = ["accessKeyId", "secretAccessKey"] as const;
