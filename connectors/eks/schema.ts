import { AWS_SECRET_FIELDS, type AwsSettings, awsSettingsSchema } from "@/connectors/aws/schema";

/** What a person enters to connect the EKS clusters of one AWS account. Browser-safe. */
export const eksSettingsSchema = awsSettingsSchema;
export type EksSettings = AwsSettings;

/** Names of the encrypted fields; needed only when `hubCredentials` is `access_key`. */
export const eksSecretFields = AWS_SECRET_FIELDS;
