import type { SimAccount, SimCore } from "../model";
import { published } from "../published";
import { type Answer, type Call, entraError, type Routed } from "./answer";
import { AKS_SERVER_APP, FEDERATION_AUDIENCE, FEDERATION_SUBJECT, type Signer } from "./tokens";

export interface Entra {
  core: SimCore;
  /** Signs access tokens. */
  signer: Signer;
  /** Signs the workload identity tokens that stand for a cluster's own. */
  federation: Signer;
  armAudience: string;
}

const LIFETIME_SECONDS = 3599;
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The issuer that the federated credential of every simulated application trusts. */
export const federationIssuer = (base: string) => `${base}/federation`;

function checkSecret(form: URLSearchParams, account: SimAccount, entra: Entra, base: string): Answer | null {
  if (form.has("client_secret")) {
    if (form.get("client_secret") === account.clientSecret) return null;
    return entraError(401, "invalid_client", 7000215, `Invalid client secret provided for app '${account.clientId}'.`);
  }
  if (form.get("client_assertion_type") === ASSERTION_TYPE) {
    const claims = entra.federation.read(form.get("client_assertion") ?? "");
    if (claims === null)
      return entraError(401, "invalid_client", 700027, "Client assertion failed signature validation.");
    const known = claims.iss === federationIssuer(base) && claims.sub === FEDERATION_SUBJECT;
    if (known && claims.aud === FEDERATION_AUDIENCE) return null;
    return entraError(
      401,
      "invalid_client",
      70021,
      "No matching federated identity record found for presented assertion.",
    );
  }
  return entraError(
    401,
    "invalid_client",
    7000218,
    "The request body must contain 'client_assertion' or 'client_secret'.",
  );
}

function token(entra: Entra, tenant: string, call: Call): Answer {
  const form = new URLSearchParams(call.body);
  const accounts = entra.core.accounts().filter((account) => account.provider === "azure");
  const inTenant = accounts.filter((account) => account.tenantId === tenant);
  if (inTenant.length === 0) return entraError(400, "invalid_request", 90002, `Tenant '${tenant}' not found.`);
  if (form.get("grant_type") !== "client_credentials") {
    return entraError(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
  }
  const clientId = form.get("client_id") ?? "";
  const account = inTenant.find((candidate) => candidate.clientId === clientId);
  if (account === undefined) {
    return entraError(400, "unauthorized_client", 700016, `Application '${clientId}' was not found in the directory.`);
  }
  const refused = checkSecret(form, account, entra, call.base);
  if (refused !== null) return refused;
  // MSAL adds the OpenID scopes to none of its client credential requests, so there is exactly one.
  const resource = /^(\S+?)\/+\.default$/.exec(form.get("scope") ?? "")?.[1];
  if (resource === undefined) return entraError(400, "invalid_scope", 1002012, "The scope must end with /.default.");
  if (resource !== AKS_SERVER_APP && resource !== entra.armAudience) {
    return entraError(400, "invalid_resource", 500011, `The resource principal named ${resource} was not found.`);
  }
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: resource,
    iss: `${call.base}/${tenant}/`,
    iat: now,
    nbf: now,
    exp: now + LIFETIME_SECONDS,
    appid: clientId,
    oid: clientId,
    sub: clientId,
    tid: tenant,
    ver: "1.0",
  };
  return {
    status: 200,
    body: published("entraToken", {
      token_type: "Bearer",
      expires_in: LIFETIME_SECONDS,
      ext_expires_in: LIFETIME_SECONDS,
      access_token: entra.signer.mint(claims),
    }),
    headers: { "cache-control": "no-store, no-cache" },
  };
}

const openid = (base: string, tenant: string) => ({
  issuer: `${base}/${tenant}/v2.0`,
  token_endpoint: `${base}/${tenant}/oauth2/v2.0/token`,
  token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
  authorization_endpoint: `${base}/${tenant}/oauth2/v2.0/authorize`,
  jwks_uri: `${base}/${tenant}/discovery/v2.0/keys`,
  response_types_supported: ["code"],
  subject_types_supported: ["pairwise"],
  id_token_signing_alg_values_supported: ["RS256"],
});

const instance = (base: string) => {
  const { host } = new URL(base);
  return {
    tenant_discovery_endpoint: `${base}/common/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
};

/** Routes a request to Entra ID, or null when the path is not one of its. */
export function routeEntra(entra: Entra, call: Call): Routed | null {
  const path = call.url.pathname;
  const open = (action: string, target: string, body: unknown): Routed => ({
    service: "entra",
    action,
    target,
    principal: "anonymous",
    answer: () => ({ status: 200, body }),
  });
  if (call.method === "GET" && path === "/common/discovery/instance") {
    return open("instance-discovery", call.url.host, instance(call.base));
  }
  const tenant = /^\/([^/]+)\/(.+)$/.exec(path);
  const [id = "", rest = ""] = tenant?.slice(1) ?? [];
  if (call.method === "GET" && rest === "v2.0/.well-known/openid-configuration") {
    return open("openid-configuration", id, published("openidConfiguration", openid(call.base, id)));
  }
  if (call.method === "GET" && rest === "discovery/v2.0/keys") return open("keys", id, { keys: [entra.signer.jwk] });
  if (call.method === "POST" && rest === "oauth2/v2.0/token") {
    const form = new URLSearchParams(call.body);
    return {
      service: "entra",
      action: "token",
      target: `${id} ${form.get("scope") ?? ""}`,
      principal: form.get("client_id") ?? "anonymous",
      answer: () => token(entra, id, call),
    };
  }
  return null;
}
