import { z } from "zod";
import { isPlainAddress, NOT_PLAIN } from "../address";
import { cloudLimits, kubernetesLimits } from "../limits";
import { pem } from "../pem";

/** What a person enters for a GCP project. Safe in the browser. */

const httpsUrl = z
  .url({ protocol: /^https$/, error: "Enter an https address, for example https://sts.googleapis.com/v1/token" })
  .max(500)
  .refine(isPlainAddress, NOT_PLAIN);
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

export const settingsSchema = z.strictObject({
  projectId: z
    .string()
    .regex(/^([a-z0-9.-]{1,60}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "Enter the project's id, for example my-project-1234")
    .meta({ title: "Project id", description: "Not its name or number, such as my-project-1234." }),
  audience: z
    .string()
    .max(400)
    .regex(
      /^\/\/iam\.[a-z0-9.-]+\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/,
      "Enter the provider's full name: //iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER",
    )
    .meta({
      title: "Workload identity provider",
      description:
        "Its full name: //iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER",
    }),
  serviceAccountEmail: z
    .string()
    .max(200)
    .regex(/^[a-z0-9-]+@[a-z0-9.-]+$/, "Enter an address like seawall@my-project.iam.gserviceaccount.com")
    .meta({
      title: "Service account to impersonate",
      description: "Its address, such as seawall@my-project-1234.iam.gserviceaccount.com.",
    }),
  /** The subject token is a secret field, or the file that the operator named for this installation. */
  subjectTokenSource: z
    .enum(["secret", "operator-file"])
    .default("secret")
    .meta({
      title: "Identity token from",
      words: { secret: "A token entered here", "operator-file": "The file that the operator named" },
    }),
  subjectTokenType: z
    .enum([
      "urn:ietf:params:oauth:token-type:jwt",
      "urn:ietf:params:oauth:token-type:id_token",
      "urn:ietf:params:oauth:token-type:saml2",
    ])
    .default("urn:ietf:params:oauth:token-type:jwt")
    .meta({
      title: "Kind of identity token",
      words: {
        "urn:ietf:params:oauth:token-type:jwt": "JWT",
        "urn:ietf:params:oauth:token-type:id_token": "ID token",
        "urn:ietf:params:oauth:token-type:saml2": "SAML 2",
      },
    }),
  universeDomain: z
    .string()
    .max(253)
    .regex(hostName, "Enter a host name without https://")
    .default("googleapis.com")
    .meta({ title: "Universe domain", section: "endpoints" }),
  tokenUrl: httpsUrl
    .optional()
    .meta({ title: "Token exchange address", section: "endpoints", fallback: "https://sts.googleapis.com/v1/token" }),
  /** Base without a path. */
  impersonationUrl: httpsUrl.optional().meta({
    title: "Impersonation address",
    section: "endpoints",
    fallback: "https://iamcredentials.googleapis.com",
  }),
  transport: z
    .enum(["grpc", "rest"])
    .default("grpc")
    .meta({
      title: "Transport",
      section: "endpoints",
      words: { grpc: "gRPC", rest: "REST" },
    }),
  /** Host without scheme. */
  apiEndpoint: z
    .string()
    .max(253)
    .regex(hostName, "Enter a host name without https://")
    .optional()
    .meta({ title: "Kubernetes Engine host", section: "endpoints", fallback: "container.googleapis.com" }),
  port: z.number().int().min(1).max(65_535).default(443).meta({ title: "Port of that host", section: "endpoints" }),
  /** When given, only these authorities are trusted for Google's endpoints. */
  caBundle: pem.optional().meta({ title: "CA bundle", section: "endpoints", long: true }),
  ...cloudLimits({ requestTimeoutMs: 30_000, maxRetryWaitMs: 20_000 }),
  ...kubernetesLimits,
  /** Limit of one operation with all its attempts and waits. */
  totalTimeoutMs: z
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(90_000)
    .meta({ title: "Limit of one operation with its attempts (ms)", section: "limits" }),
});
export type GkeSettings = z.infer<typeof settingsSchema>;

/** The identity token of the workload that runs Seawall, as the pool's provider expects it. */
export const secretFields = ["subjectToken"] as const;
