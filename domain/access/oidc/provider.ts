import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import { guardedFetchJson } from "@/lib/outbound-request";
import { type Claims, type Keys, keyIdOf, keysSchema, OidcError, verifyIdToken } from "./id-token";
import type { OidcSetting } from "./setting";

const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(["client_secret_basic"]),
});
type Metadata = z.infer<typeof metadataSchema>;
const tokensSchema = z.object({ id_token: z.string().max(20_000), access_token: z.string().max(20_000) });

const LIMITS = { maxBytes: 512 * 1024, totalTimeoutMs: 30_000 };
const FRESH_MS = 10 * 60 * 1000;
/** What is remembered of a sign-in between leaving for the provider and coming back. */
export interface Pending {
  state: string;
  nonce: string;
  verifier: string;
}

/** One provider: where it is, its keys, and what is asked of it. Every request goes through the guarded module: no redirects, bounded. */
export class Provider {
  #known: { metadata: Metadata; keys: Keys; at: number } | undefined;

  constructor(
    private readonly setting: OidcSetting,
    private readonly redirectUri: string,
  ) {}

  async #get<T>(url: string, schema: z.ZodType<T>, what: string, headers: Record<string, string> = {}): Promise<T> {
    const policy = { allowPrivate: this.setting.allowPrivate };
    const { status, json } = await guardedFetchJson(url, { policy, headers, limits: LIMITS });
    const parsed = schema.safeParse(json);
    if (status !== 200 || !parsed.success)
      throw new OidcError(`The provider's ${what} cannot be read (status ${status}).`);
    return parsed.data;
  }

  async #describe(again = false): Promise<{ metadata: Metadata; keys: Keys }> {
    if (!again && this.#known !== undefined && Date.now() - this.#known.at < FRESH_MS) return this.#known;
    const { issuer } = this.setting;
    const metadata = await this.#get(
      `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
      metadataSchema,
      "configuration",
    );
    if (metadata.issuer !== issuer) throw new OidcError(`The provider calls itself ${metadata.issuer.slice(0, 200)}.`);
    const { keys } = await this.#get(metadata.jwks_uri, keysSchema, "keys");
    this.#known = { metadata, keys, at: Date.now() };
    return this.#known;
  }

  /** Where to send the browser. Errors: OidcError, OutboundError. */
  async authorizationUrl({ state, nonce, verifier }: Pending): Promise<string> {
    const { metadata } = await this.#describe();
    const url = new URL(metadata.authorization_endpoint);
    for (const [name, value] of Object.entries({
      response_type: "code",
      client_id: this.setting.clientId,
      redirect_uri: this.redirectUri,
      scope: this.setting.scopes,
      state,
      nonce,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    }))
      url.searchParams.set(name, value);
    return url.href;
  }

  /** Exchanges a code for verified claims, those of the userinfo endpoint included. Errors: OidcError, OutboundError. */
  async redeem(code: string, pending: Pending): Promise<Claims> {
    const { metadata } = await this.#describe();
    const { clientId, clientSecret, issuer, allowPrivate } = this.setting;
    const form = new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: this.redirectUri,
      code_verifier: pending.verifier,
    });
    const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
    if (metadata.token_endpoint_auth_methods_supported.includes("client_secret_basic")) {
      const pair = [clientId, clientSecret].map(encodeURIComponent).join(":");
      headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    } else {
      form.set("client_id", clientId);
      form.set("client_secret", clientSecret);
    }
    const { status, json } = await guardedFetchJson(metadata.token_endpoint, {
      policy: { allowPrivate },
      method: "POST",
      headers,
      body: form.toString(),
      limits: LIMITS,
    });
    const tokens = tokensSchema.safeParse(json);
    if (status !== 200 || !tokens.success)
      throw new OidcError(`The provider did not take the code (status ${status}).`);
    const { id_token: idToken, access_token: accessToken } = tokens.data;
    const kid = keyIdOf(idToken);
    let { keys } = await this.#describe();
    if (kid !== undefined && keys.every((key) => key.kid !== kid)) ({ keys } = await this.#describe(true)); // keys were rotated
    const claims = verifyIdToken(idToken, keys, { issuer, clientId, nonce: pending.nonce }, new Date());
    if (metadata.userinfo_endpoint === undefined) return claims;
    const info = await this.#get(metadata.userinfo_endpoint, z.looseObject({ sub: z.string() }), "user information", {
      authorization: `Bearer ${accessToken}`,
    });
    if (info.sub !== claims.sub) throw new OidcError("The user information is somebody else's.");
    return { ...info, ...claims };
  }
}
