import { constants, createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { z } from "zod";

/** Sign-in by the provider did not work; the message is for the log, not for whoever tries. */
export class OidcError extends Error {
  override name = "OidcError";
  /** `told`: what the person is told of it; all else stands in the log, where strangers cannot read it. */
  constructor(
    message: string,
    readonly told: "failed" | "cancelled" | "taken" = "failed",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const headerSchema = z.object({ alg: z.string(), kid: z.string().max(500).optional() });
export const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  exp: z.number(),
  iat: z.number(),
  nonce: z.string().optional(),
});
export type Claims = z.infer<typeof claimsSchema>;
export const keysSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })).max(100),
});
export type Keys = z.infer<typeof keysSchema>["keys"];

/** Asymmetric algorithms only: `none` and the shared-secret ones are how forged tokens come in. Each wants its type of key. */
const ALGORITHMS: Readonly<Record<string, { kty: string; digest: string | null; options: object }>> = {
  RS256: { kty: "RSA", digest: "sha256", options: { padding: constants.RSA_PKCS1_PADDING } },
  PS256: {
    kty: "RSA",
    digest: "sha256",
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  },
  ES256: { kty: "EC", digest: "sha256", options: { dsaEncoding: "ieee-p1363" } },
  EdDSA: { kty: "OKP", digest: null, options: {} },
};
const SKEW_SECONDS = 60;

function json(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
  } catch (cause) {
    throw new OidcError("The ID token is no JWT.", "failed", { cause });
  }
}

/** Key id of an ID token's header. Throws OidcError. */
export const keyIdOf = (token: string): string | undefined => {
  const header = headerSchema.safeParse(json(token.split(".")[0]));
  if (!header.success) throw new OidcError("The header of the ID token cannot be read.");
  return header.data.kid;
};

/**
 * Verifies an ID token (OpenID Connect Core 3.1.3.7): signature by one of the provider's keys, issuer, audience, authorised party, times with a
 * minute of skew, nonce. Throws OidcError.
 */
export function verifyIdToken(
  token: string,
  keys: Keys,
  expected: { issuer: string; clientId: string; nonce: string },
  now: Date,
): Claims {
  const parts = token.split(".");
  const [head, body, signature] = parts;
  const header = headerSchema.safeParse(json(head));
  if (parts.length !== 3 || !header.success) throw new OidcError("The ID token is no signed JWT.");
  const { alg, kid } = header.data;
  const algorithm = Object.hasOwn(ALGORITHMS, alg) ? ALGORITHMS[alg] : undefined;
  if (algorithm === undefined)
    throw new OidcError(`The ID token is signed by ${alg.slice(0, 20)}, which is not accepted.`);
  const fitting = keys.filter(
    (key) => key.kty === algorithm.kty && (kid === undefined || key.kid === kid) && (key.use ?? "sig") === "sig",
  );
  const signed = fitting.some((key) =>
    verify(
      algorithm.digest,
      Buffer.from(`${head}.${body}`),
      { key: createPublicKey({ key: key as JsonWebKey, format: "jwk" }), ...algorithm.options },
      Buffer.from(signature ?? "", "base64url"),
    ),
  );
  if (!signed) throw new OidcError("The signature of the ID token fits none of the provider's keys.");
  const parsed = claimsSchema.safeParse(json(body));
  if (!parsed.success) throw new OidcError("The claims of the ID token cannot be read.");
  const claims = parsed.data;
  const seconds = now.getTime() / 1000;
  const audience = [claims.aud].flat();
  if (claims.iss !== expected.issuer) throw new OidcError("The ID token is of another issuer.");
  if (!audience.includes(expected.clientId)) throw new OidcError("The ID token is for another client.");
  if ((audience.length > 1 || claims.azp !== undefined) && claims.azp !== expected.clientId)
    throw new OidcError("The ID token was given to another party.");
  if (claims.exp < seconds - SKEW_SECONDS) throw new OidcError("The ID token has expired.");
  if (claims.iat > seconds + SKEW_SECONDS) throw new OidcError("The ID token is from the future. Check the clocks.");
  if (claims.nonce !== expected.nonce) throw new OidcError("The ID token belongs to another sign-in.");
  return claims;
}
