import type { IncomingMessage, ServerResponse } from "node:http";
import { faultStatus } from "../fault";
import type { SimCore } from "../model";
import { published } from "../published";
import { applyTlsFault } from "./break-off";
import { denied, faultError, GoogleApiError, unauthenticated } from "./status";
import { audienceOf, isSubjectToken, serviceAccountOf, TOKEN_SECONDS, type TokenBook } from "./token-book";

const MAX_BODY_BYTES = 64 * 1024;
const EXCHANGE = "sts.token.exchange";
const IMPERSONATE = "iam.serviceAccounts.getAccessToken";

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new GoogleApiError("INVALID_ARGUMENT", "The request is too large.");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

/** An error of RFC 6749: the token endpoint does not speak google.rpc.Status. */
class OAuthError extends Error {
  constructor(
    readonly error: string,
    message: string,
  ) {
    super(message);
  }
}

function exchange(core: SimCore, tokens: TokenBook, form: URLSearchParams): { principal: string; body: unknown } {
  if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:token-exchange") {
    throw new OAuthError("unsupported_grant_type", "Grant type must be token-exchange.");
  }
  const account = core
    .accounts()
    .find((one) => one.provider === "gcp" && audienceOf(core, one) === form.get("audience"));
  if (account === undefined) {
    throw new OAuthError("invalid_target", 'The target service indicated by the "audience" parameters is invalid.');
  }
  if (form.get("subject_token_type") !== "urn:ietf:params:oauth:token-type:jwt") {
    throw new OAuthError("invalid_request", "Unsupported subject token type.");
  }
  const audience = audienceOf(core, account);
  if (!isSubjectToken(core, form.get("subject_token") ?? "", audience)) {
    throw new OAuthError("invalid_grant", "The subject token is not valid for this workload identity pool.");
  }
  const principal = `principal:${audience.replace("providers/seawall", "subject/seawall-worker")}`;
  return {
    principal,
    body: published("googleToken", {
      access_token: tokens.issue({ name: principal, projectId: account.id, kind: "federated" }).token,
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: TOKEN_SECONDS,
    }),
  };
}

function wishOf(text: string): { scope?: unknown; lifetime?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    throw new GoogleApiError("INVALID_ARGUMENT", "Invalid JSON payload received.");
  }
}

function impersonate(core: SimCore, tokens: TokenBook, email: string, authorization: string | undefined, text: string) {
  const caller = tokens.fromHeader(authorization);
  if (caller === null) throw unauthenticated();
  const account = core.accounts().find((one) => one.provider === "gcp" && serviceAccountOf(one) === email);
  if (account === undefined) throw new GoogleApiError("NOT_FOUND", `Unknown service account ${email}`);
  if (caller.kind !== "federated" || caller.projectId !== account.id) throw denied(IMPERSONATE, email);
  const wish = wishOf(text);
  if (!Array.isArray(wish.scope) || wish.scope.length === 0) {
    throw new GoogleApiError("INVALID_ARGUMENT", "Request contains an invalid argument: scope.");
  }
  const seconds = typeof wish.lifetime === "string" ? Number.parseInt(wish.lifetime, 10) : TOKEN_SECONDS;
  if (!(seconds > 0 && seconds <= TOKEN_SECONDS))
    throw new GoogleApiError("INVALID_ARGUMENT", "Lifetime is out of range.");
  const revealed = wish.scope.includes("https://www.googleapis.com/auth/userinfo.email");
  const principal = { name: email, projectId: account.id, kind: "service-account", revealed } as const;
  const { token, expires } = tokens.issue(principal, seconds);
  return {
    principal: caller.name,
    body: published("googleImpersonation", {
      accessToken: token,
      expireTime: expires.toISOString().replace(/\.\d+Z$/, "Z"),
    }),
  };
}

/** Answers the token exchange of workload identity federation and `generateAccessToken`. */
export function stsHandler(core: SimCore, tokens: TokenBook, retryAfterSeconds: number) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(new URL(req.url ?? "/", "https://simulator").pathname);
    const email = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(path)?.[1];
    const isExchange = path === "/v1/token" && req.method === "POST";
    const action = isExchange ? EXCHANGE : email !== undefined ? IMPERSONATE : `${req.method} ${path}`;
    const send = (status: number, principal: string, body: unknown) => {
      core.log({ service: "gcp-sts", action, target: email ?? path, principal, status });
      res.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
      res.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    try {
      if (!isExchange && (email === undefined || req.method !== "POST")) {
        throw new GoogleApiError("UNIMPLEMENTED", `${action} is not simulated`);
      }
      const text = await readText(req);
      const fault = core.fault("gcp-sts", action, email ?? path);
      const dealtWith =
        fault !== null &&
        applyTlsFault(fault, req, res, {
          retryAfterSeconds,
          errorBody: (status) => ({
            contentType: "application/json; charset=UTF-8",
            body: faultError(status, action, retryAfterSeconds).body(),
          }),
        });
      if (dealtWith) {
        const status = faultStatus(fault);
        core.log({ service: "gcp-sts", action, target: email ?? path, principal: "faulted", status });
        return;
      }
      const { principal, body } =
        email === undefined
          ? exchange(core, tokens, new URLSearchParams(text))
          : impersonate(core, tokens, email, req.headers.authorization, text);
      send(200, principal, body);
    } catch (error) {
      if (error instanceof OAuthError) send(400, "anonymous", { error: error.error, error_description: error.message });
      else if (error instanceof GoogleApiError) send(error.http, "anonymous", error.body());
      else {
        // A bug of the simulator must not look like a cloud's answer.
        const bug = new GoogleApiError("UNIMPLEMENTED", `simulator: ${error instanceof Error ? error.message : error}`);
        send(bug.http, "anonymous", bug.body());
      }
    }
  };
}
