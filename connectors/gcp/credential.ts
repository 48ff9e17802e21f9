import { z } from "zod";
import type { GuardedAgentOptions } from "@/lib/outbound";
import { parseHostileJson } from "@/lib/outbound-json";
import { guardedRequest } from "@/lib/outbound-request";
import type { ConnectorContext } from "../connector";
import { retryAfterMs } from "../retry";
import { type CallLimits, tried } from "./call";
import { type GcpEndpoints, impersonationUrlOf, tokenUrlOf } from "./endpoints";
import { codeOfStatus, failure } from "./error";
import { type SubjectTokenSettings, subjectToken } from "./subject-token";

export const EXCHANGE = "sts.token.exchange";
export const IMPERSONATE = "iam.serviceAccounts.getAccessToken";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
/** Without it GKE knows the service account by a number, and a binding to its e-mail address does not hold. */
const EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email";
const LIFETIME_SECONDS = 3600;
const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 12;
/** A token this near its end is not handed out any more. */
const MARGIN_MS = 5 * 60_000;

export interface CredentialSettings extends GcpEndpoints, SubjectTokenSettings, CallLimits {
  audience: string;
  serviceAccountEmail: string;
  subjectTokenType: string;
  caBundle?: string | undefined;
  connectTimeoutMs: number;
}
type Secrets = Readonly<Record<string, string>>;

export interface AccessToken {
  token: string;
  /** Milliseconds since the epoch. */
  expires: number;
}

const tokenText = z
  .string()
  .min(1)
  .max(16_384)
  .regex(/^[\x21-\x7e]+$/);
const exchangeAnswer = z.object({
  access_token: tokenText,
  token_type: z.string(),
  expires_in: z.number().positive().optional(),
});
const impersonationAnswer = z.object({ accessToken: tokenText, expireTime: z.iso.datetime({ offset: true }) });
const refusal = z.object({
  error: z.union([z.string(), z.object({ message: z.string().optional() })]),
  error_description: z.string().optional(),
});

/** How every https request of an account is made: its CA, its time-out, the operator's rule on private addresses. */
export const outboundPolicy = (settings: CredentialSettings, context: ConnectorContext): GuardedAgentOptions => ({
  allowPrivate: context.allowPrivateNetworks,
  connectTimeoutMs: settings.connectTimeoutMs,
  ...(settings.caBundle === undefined ? {} : { ca: settings.caBundle }),
});

function reasonOf(json: unknown, status: number): string {
  const parsed = refusal.safeParse(json);
  if (!parsed.success) return `The endpoint answered ${status}.`;
  const { error, error_description: description } = parsed.data;
  return typeof error === "string"
    ? `${error}: ${description ?? ""}`
    : (error.message ?? `The endpoint answered ${status}.`);
}

/** The body of a refusal, or undefined: it may well be a proxy's page. */
function parsedOrUndefined(body: Buffer): unknown {
  try {
    return parseHostileJson(body, MAX_DEPTH, "the token endpoint");
  } catch {
    return undefined;
  }
}

/**
 * One POST with retries, whose answer must have the given shape. Not the auth library's own exchange: that takes neither CA
 * nor time-out, and follows redirects with the token.
 */
function post<T>(
  what: string,
  url: string,
  request: { headers: Record<string, string>; body: string },
  answer: z.ZodType<T>,
  settings: CredentialSettings,
  context: ConnectorContext,
): Promise<T> {
  const permission = what === IMPERSONATE ? IMPERSONATE : undefined;
  return tried(what, permission, settings, context.signal, async (signal) => {
    const { status, headers, body } = await guardedRequest(url, {
      method: "POST",
      policy: outboundPolicy(settings, context),
      headers: { accept: "application/json", ...request.headers },
      body: request.body,
      signal,
      limits: { maxBytes: MAX_BYTES, maxDecodedBytes: MAX_BYTES, totalTimeoutMs: settings.requestTimeoutMs },
    });
    if (status !== 200) {
      const wish = retryAfterMs(headers["retry-after"]);
      throw failure(what, codeOfStatus(status), reasonOf(parsedOrUndefined(body), status), {
        ...(permission === undefined ? {} : { permission }),
        ...(wish === undefined ? {} : { retryAfterMs: wish }),
      });
    }
    const parsed = answer.safeParse(parseHostileJson(body, MAX_DEPTH, new URL(url).host));
    if (!parsed.success) throw failure(what, "malformed", "The answer does not hold a token.");
    return parsed.data;
  });
}

/** Exchanges the workload's identity token for a federated Google token. Rejects with ConnectorError. */
export async function exchangeToken(
  settings: CredentialSettings,
  secrets: Secrets,
  context: ConnectorContext,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    audience: settings.audience,
    scope: SCOPE,
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token_type: settings.subjectTokenType,
    subject_token: await subjectToken(settings, secrets),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await post(
    EXCHANGE,
    tokenUrlOf(settings),
    { headers, body: form.toString() },
    exchangeAnswer,
    settings,
    context,
  );
  return answer.access_token;
}

/** Turns a federated token into one of the service account, for an hour. Rejects with ConnectorError. */
export async function impersonate(
  settings: CredentialSettings,
  federated: string,
  context: ConnectorContext,
): Promise<AccessToken> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${federated}` };
  const body = JSON.stringify({ scope: [SCOPE, EMAIL_SCOPE], lifetime: `${LIFETIME_SECONDS}s` });
  const url = impersonationUrlOf(settings, settings.serviceAccountEmail);
  const answer = await post(IMPERSONATE, url, { headers, body }, impersonationAnswer, settings, context);
  return { token: answer.accessToken, expires: Date.parse(answer.expireTime) };
}

/** A function that mints an access token when there is none or it nears its end; concurrent callers share one request. */
export function accessTokens(
  settings: CredentialSettings,
  secrets: Secrets,
  context: ConnectorContext,
): () => Promise<string> {
  let current: AccessToken | undefined;
  let pending: Promise<AccessToken> | undefined;
  const mint = async () => await impersonate(settings, await exchangeToken(settings, secrets, context), context);
  return async () => {
    if (current !== undefined && current.expires - MARGIN_MS > Date.now()) return current.token;
    pending ??= mint().finally(() => {
      pending = undefined;
    });
    current = await pending;
    return current.token;
  };
}
