import type { z } from "zod";
import type { ArcSettings, arcClusterSettings } from "@/connectors/arc/schema";
import type { EksSettings } from "@/connectors/eks/schema";
import type { GkeSettings } from "@/connectors/gke/schema";
import type { Connectable } from "../schema";

/**
 * What an edit of a setting means for the stored credentials:
 * - `sends`: it decides to whom a credential, or what it was exchanged for, is sent, and who is believed to be that server
 * - `identity`: it decides as whom the credential signs in, or what it is exchanged for
 * - `choice`: it decides which credential is used; one that is not used is destroyed
 * - `fixed`: no edit changes it
 * - `rows`: each row has a credential of its own, by ROW_EFFECTS
 * - `harmless`: none of these
 */
export type Effect = "sends" | "identity" | "choice" | "fixed" | "rows" | "harmless";

const LIMITS = {
  connectTimeoutMs: "harmless",
  requestTimeoutMs: "harmless",
  maxAttempts: "harmless",
  maxRetryWaitMs: "harmless",
  kubernetesTimeoutMs: "harmless",
  kubernetesMaxAttempts: "harmless",
  kubernetesMaxRetryWaitMs: "harmless",
} as const satisfies Record<string, Effect>;

const AZURE: Readonly<Record<keyof ArcSettings, Effect>> = {
  subscriptionId: "fixed",
  tenantId: "identity",
  clientId: "identity",
  credential: "choice",
  authorityHost: "sends",
  armEndpoint: "sends",
  armAudience: "identity",
  caBundle: "sends",
  ...LIMITS,
  maxPages: "harmless",
  apiVersions: "harmless",
  arc: "rows",
};
const AWS: Readonly<Record<keyof EksSettings, Effect>> = {
  accountId: "fixed",
  partition: "sends",
  roleArn: "identity",
  externalId: "identity",
  hubCredentials: "choice",
  // Only which of Amazon's own regions are looked at: no request leaves the partition.
  regions: "harmless",
  stsRegion: "sends",
  endpoints: "sends",
  caBundle: "sends",
  ...LIMITS,
  deadlineMs: "harmless",
  concurrency: "harmless",
};
const GCP: Readonly<Record<keyof GkeSettings, Effect>> = {
  projectId: "fixed",
  audience: "identity",
  serviceAccountEmail: "identity",
  subjectTokenSource: "choice",
  subjectTokenType: "identity",
  universeDomain: "sends",
  tokenUrl: "sends",
  impersonationUrl: "sends",
  // The same host and port by another protocol.
  transport: "harmless",
  apiEndpoint: "sends",
  port: "sends",
  caBundle: "sends",
  ...LIMITS,
  totalTimeoutMs: "harmless",
};

/** Every setting of every cloud: a new one has to be classed here, or nothing compiles. */
export const EFFECTS: Readonly<Record<Connectable, Readonly<Record<string, Effect>>>> = {
  azure: AZURE,
  aws: AWS,
  gcp: GCP,
};

/** Of a row that has a credential of its own; `fixed` is what the credential is named by. */
export const ROW_EFFECTS: Readonly<Record<keyof z.infer<typeof arcClusterSettings>, Effect>> = {
  name: "fixed",
  server: "sends",
  caCertificate: "sends",
  tlsServerName: "sends",
};

/** Whether an edit of a setting takes the stored credentials somewhere else, or makes them somebody else's. */
export const takesAway = (effect: Effect): boolean => effect === "sends" || effect === "identity";
