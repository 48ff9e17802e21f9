import { z } from "zod";

/**
 * Answers for which no SDK ships a definition, as the protocol's own page describes them. Strict: a field that the page
 * does not have, or a required one that is missing, is a mistake of the simulator.
 */
const seconds = z.number().int().positive();
const armId = z.string().startsWith("/subscriptions/");
const rfc3339 = z.iso.datetime();
const log = z.strictObject({
  category: z.string().nullish(),
  categoryGroup: z.string().nullish(),
  enabled: z.boolean(),
  retentionPolicy: z.strictObject({ enabled: z.boolean(), days: z.number().int().min(0) }).optional(),
});
const metric = log.omit({ categoryGroup: true }).extend({ timeGrain: z.string().optional() });
const listMeta = z.strictObject({
  resourceVersion: z.string().regex(/^\d+$/),
  continue: z.string().optional(),
  remainingItemCount: z.number().int().positive().optional(),
});
const resourceAttributes = z.strictObject({
  namespace: z.string().optional(),
  verb: z.string().optional(),
  group: z.string().optional(),
  version: z.string().optional(),
  resource: z.string().optional(),
  subresource: z.string().optional(),
  name: z.string().optional(),
});
const review = z.object({ apiVersion: z.literal("authorization.k8s.io/v1"), metadata: z.object({}) });

const PAGES = {
  /** https://learn.microsoft.com/rest/api/monitor/diagnostic-settings/list (2021-05-01-preview) */
  diagnosticSettings: z.strictObject({
    value: z.array(
      z.strictObject({
        id: armId,
        name: z.string(),
        type: z.literal("Microsoft.Insights/diagnosticSettings"),
        properties: z.strictObject({
          workspaceId: armId.optional(),
          storageAccountId: armId.optional(),
          eventHubAuthorizationRuleId: armId.optional(),
          eventHubName: z.string().optional(),
          logAnalyticsDestinationType: z.string().optional(),
          logs: z.array(log),
          metrics: z.array(metric),
        }),
      }),
    ),
  }),
  /** https://learn.microsoft.com/rest/api/kubernetesconfiguration/extensions/extensions/list (2023-05-01) */
  extensions: z.strictObject({
    value: z.array(
      z.strictObject({
        id: armId,
        name: z.string(),
        type: z.literal("Microsoft.KubernetesConfiguration/extensions"),
        properties: z.strictObject({
          extensionType: z.string(),
          autoUpgradeMinorVersion: z.boolean(),
          releaseTrain: z.string(),
          version: z.string().optional(),
          currentVersion: z.string(),
          provisioningState: z.enum(["Succeeded", "Failed", "Canceled", "Creating", "Updating", "Deleting"]),
          isSystemExtension: z.boolean(),
        }),
      }),
    ),
    nextLink: z.url().optional(),
  }),
  /** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#successful-response-1 and RFC 6749, 5.1 */
  entraToken: z.strictObject({
    token_type: z.literal("Bearer"),
    expires_in: seconds,
    ext_expires_in: seconds,
    access_token: z.jwt({ alg: "RS256" }),
  }),
  /** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata, with what it calls required */
  openidConfiguration: z.strictObject({
    issuer: z.url(),
    authorization_endpoint: z.url(),
    token_endpoint: z.url(),
    jwks_uri: z.url(),
    response_types_supported: z.array(z.string()).nonempty(),
    subject_types_supported: z.array(z.enum(["pairwise", "public"])).nonempty(),
    id_token_signing_alg_values_supported: z.array(z.string()).refine((names) => names.includes("RS256")),
    token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  }),
  /** https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token and RFC 8693, 2.2.1 */
  googleToken: z.strictObject({
    access_token: z.string().min(1),
    issued_token_type: z.literal("urn:ietf:params:oauth:token-type:access_token"),
    token_type: z.literal("Bearer"),
    expires_in: seconds,
  }),
  /** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
  googleImpersonation: z.strictObject({ accessToken: z.string().min(1), expireTime: rfc3339 }),
  /** https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/ for this and what follows: version.Info */
  version: z.strictObject({
    major: z.string().regex(/^\d+$/),
    minor: z.string().regex(/^\d+$/),
    gitVersion: z.string().regex(/^v\d+\.\d+\.\d+/),
    gitCommit: z.string(),
    gitTreeState: z.string(),
    buildDate: rfc3339,
    goVersion: z.string(),
    compiler: z.string(),
    platform: z.string(),
  }),
  /** The head of a list: what it has besides its items. */
  list: z.strictObject({ kind: z.string().endsWith("List"), apiVersion: z.string(), metadata: listMeta }),
  status: z.strictObject({
    kind: z.literal("Status"),
    apiVersion: z.literal("v1"),
    metadata: listMeta.partial(),
    status: z.literal("Failure"),
    message: z.string(),
    reason: z.string(),
    code: z.number().int().min(400).max(599),
  }),
  accessReview: review.extend({
    kind: z.literal("SelfSubjectAccessReview"),
    spec: z.strictObject({ resourceAttributes }),
    status: z.strictObject({ allowed: z.boolean(), denied: z.boolean().optional(), reason: z.string().optional() }),
  }),
  rulesReview: review.extend({
    kind: z.literal("SelfSubjectRulesReview"),
    spec: z.strictObject({ namespace: z.string() }),
    status: z.strictObject({
      incomplete: z.boolean(),
      resourceRules: z.array(
        z.strictObject({
          verbs: z.array(z.string()),
          apiGroups: z.array(z.string()),
          resources: z.array(z.string()),
          resourceNames: z.array(z.string()).optional(),
        }),
      ),
      nonResourceRules: z.array(z.strictObject({ verbs: z.array(z.string()), nonResourceURLs: z.array(z.string()) })),
    }),
  }),
} satisfies Record<string, z.ZodType>;

/** The answer as it was given, when its published page allows it. Guards every answer. Errors: Error naming the field. */
export function published<T>(page: keyof typeof PAGES, answer: T): T {
  const { error } = PAGES[page].safeParse(answer);
  if (error === undefined) return answer;
  throw new Error(`the answer is not what is published for ${page}: ${z.prettifyError(error)}`);
}
