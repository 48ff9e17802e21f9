import { z } from "zod";
import { cloudLimits, kubernetesLimits } from "@/connectors/limits";

const httpsUrl = z
  .url({ protocol: /^https$/, error: "must be an https:// address, e.g. https://management.azure.com" })
  .max(300)
  .refine((text) => !/[?#@]/.test(text), "must have no user, query or fragment")
  .transform((text) => text.replace(/\/+$/, ""));
const apiVersion = z.string().regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, "must look like 2026-06-01");
const guid = z
  .guid("must be a GUID, e.g. 3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101")
  .transform((text) => text.toLowerCase());

/**
 * What a person enters to connect an Azure subscription; AKS and Arc share it. Safe in the browser. The defaults are those
 * of the public cloud; sovereign clouds and private endpoints set the addresses and the audience.
 */
export const azureSettings = z.object({
  subscriptionId: guid,
  tenantId: guid,
  clientId: guid,
  /** `federated` signs in with the worker's own workload identity token, whose file only the operator's environment names. */
  credential: z.enum(["secret", "federated"]).default("secret"),
  authorityHost: httpsUrl.default("https://login.microsoftonline.com"),
  armEndpoint: httpsUrl.default("https://management.azure.com"),
  /** Audience of ARM tokens. It does not follow from the endpoint: a private endpoint keeps its cloud's audience. */
  armAudience: httpsUrl.default("https://management.azure.com"),
  /** PEM. When given, only these authorities are trusted for Entra ID and ARM. */
  caBundle: z.string().max(200_000).includes("-----BEGIN CERTIFICATE-----").optional(),
  ...cloudLimits({ requestTimeoutMs: 20_000, maxRetryWaitMs: 30_000 }),
  ...kubernetesLimits,
  maxPages: z.number().int().min(1).max(2_000).default(200),
  /** For clouds that lag behind the newest version. */
  apiVersions: z.object({ aks: apiVersion.optional(), arc: apiVersion.optional() }).default({}),
});
export type AzureSettings = z.infer<typeof azureSettings>;
