import type { TokenVerifier } from "../model";
import type { Identities } from "./identity";
import { parseAmzDate, parseScope, sha256, signatureMatches } from "./signature";

const PREFIX = "k8s-aws-v1.";
const MAX_AGE_MS = 15 * 60_000;
const MAX_EXPIRES_SECONDS = 900;
const MAX_TOKEN_LENGTH = 8192;
const ALLOWED_PARAMETERS = new Set([
  "Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
  "X-Amz-Security-Token", "X-Amz-SignedHeaders", "X-Amz-Signature", "x-amz-content-sha256", "x-id",
]); // biome-ignore format: one list

const decode = (token: string): URL | null => {
  if (!token.startsWith(PREFIX) || token.length > MAX_TOKEN_LENGTH) return null;
  const text = Buffer.from(token.slice(PREFIX.length), "base64url").toString("utf8");
  return URL.canParse(text) ? new URL(text) : null;
};

/** The public name of STS that a token of this region must be signed for. */
const stsHosts = (region: string): string[] => [
  `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
  ...(region === "us-east-1" ? ["sts.amazonaws.com"] : []),
];

/**
 * Checks a bearer token as aws-iam-authenticator does: a presigned STS GetCallerIdentity whose signature covers the
 * name of the cluster, at most 15 minutes old. The caller's account must own the cluster, which stands for the access
 * entry that a customer makes.
 */
export const eksTokenVerifier =
  (identities: Identities): TokenVerifier =>
  async (token, cluster) => {
    const url = decode(token);
    if (url?.protocol !== "https:" || url.pathname !== "/") return null;
    const query = url.searchParams;
    if ([...query.keys()].some((name) => !ALLOWED_PARAMETERS.has(name))) return null;
    if (query.get("Action") !== "GetCallerIdentity" || query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") return null;
    const scope = parseScope(query.get("X-Amz-Credential") ?? "");
    if (scope?.service !== "sts" || !stsHosts(scope.region).includes(url.host)) return null;
    const amzDate = query.get("X-Amz-Date") ?? "";
    const age = Date.now() - parseAmzDate(amzDate);
    const expires = Number(query.get("X-Amz-Expires"));
    if (!(age > -60_000 && age <= MAX_AGE_MS) || !(expires > 0 && expires <= MAX_EXPIRES_SECONDS)) return null;
    const signedHeaders = (query.get("X-Amz-SignedHeaders") ?? "").split(";");
    if (!signedHeaders.includes("host") || !signedHeaders.includes("x-k8s-aws-id")) return null;
    const principal = identities.find(scope.accessKeyId);
    if (!principal || (principal.expiresAt ?? Number.POSITIVE_INFINITY) < Date.now()) return null;
    if ((principal.sessionToken ?? null) !== query.get("X-Amz-Security-Token")) return null;
    const signature = query.get("X-Amz-Signature") ?? "";
    query.delete("X-Amz-Signature");
    const request = {
      method: "GET",
      path: "/",
      query,
      headers: { host: url.host, "x-k8s-aws-id": cluster.id },
      payloadHash: sha256(""),
    };
    const genuine = signatureMatches(request, scope, signedHeaders, amzDate, principal.secretAccessKey, signature);
    return genuine && principal.accountId === cluster.accountId ? principal.arn : null;
  };
