import { z } from "zod";
import { isPlainAddress, NOT_PLAIN } from "@/connectors/address";
import { cloudLimits, kubernetesLimits } from "@/connectors/limits";
import { pem } from "@/connectors/pem";

const httpsUrl = z
  .url({ protocol: /^https$/, error: "Enter an https:// address, such as https://management.azure.com" })
  .max(300)
  .refine(isPlainAddress, NOT_PLAIN)
  .transform((text) => text.replace(/\/+$/, ""));
const apiVersion = z.string().regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, "A version looks like 2026-06-01");
const guid = z
  .guid("Enter a GUID, such as 3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101")
  .transform((text) => text.toLowerCase());

/**
 * What a person enters to connect an Azure subscription; AKS and Arc share it. Safe in the browser. The defaults are those
 * of the public cloud; sovereign clouds and private endpoints set the addresses and the audience.
 */
export const azureSettings = z.object({
  subscriptionId: guid.meta({
    description: "A GUID, on the subscription's overview in the Azure portal; az account show --query id prints it.",
  }),
  tenantId: guid.meta({
    description: "A GUID: the Entra ID tenant of the subscription; az account show --query tenantId prints it.",
  }),
  clientId: guid.meta({
    description:
      "A GUID: the Application (client) ID of the app registration that Seawall signs in as, not its object id.",
  }),
  /** `federated` signs in with the worker's own workload identity token, whose file only the operator's environment names. */
  credential: z
    .enum(["secret", "federated"])
    .default("secret")
    .meta({
      title: "Sign in with",
      words: { secret: "A client secret entered here", federated: "The worker's own identity (federated)" },
    }),
  authorityHost: httpsUrl
    .prefault("https://login.microsoftonline.com")
    .meta({ title: "Entra ID address", section: "endpoints" }),
  armEndpoint: httpsUrl
    .prefault("https://management.azure.com")
    .meta({ title: "Resource Manager address", section: "endpoints" }),
  /** Audience of ARM tokens. It does not follow from the endpoint: a private endpoint keeps its cloud's audience. */
  armAudience: httpsUrl.prefault("https://management.azure.com").meta({
    title: "Resource Manager audience",
    description: "A private endpoint keeps its cloud's audience.",
    section: "endpoints",
  }),
  /** PEM. When given, only these authorities are trusted for Entra ID and ARM. */
  caBundle: pem.optional().meta({ title: "CA bundle", section: "endpoints", long: true }),
  ...cloudLimits({ requestTimeoutMs: 20_000, maxRetryWaitMs: 30_000 }),
  ...kubernetesLimits,
  maxPages: z
    .number()
    .int()
    .min(1)
    .max(2_000)
    .default(200)
    .meta({ title: "Pages of one answer at the most", section: "limits" }),
  /** For clouds that lag behind the newest version. */
  apiVersions: z
    .strictObject({
      aks: apiVersion.optional().meta({ title: "API version for AKS", fallback: "the newest" }),
      arc: apiVersion.optional().meta({ title: "API version for Arc", fallback: "the newest" }),
    })
    .default({})
    .meta({ section: "endpoints" }),
});
export type AzureSettings = z.infer<typeof azureSettings>;
