import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from "node:crypto";

/** The application id of the AKS server: audience of the tokens that an Entra-integrated AKS cluster accepts. */
export const AKS_SERVER_APP = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Issuer of the workload identity tokens that the simulated federated credential trusts. */
export const FEDERATION_SUBJECT = "system:serviceaccount:seawall:seawall-worker";
export const FEDERATION_AUDIENCE = "api://AzureADTokenExchange";

export type Claims = Record<string, unknown>;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An RS256 signer and verifier with its own key, fresh for each start. */
export interface Signer {
  mint(claims: Claims): string;
  /** The claims of a token with a good signature that is valid now (real time), else null. */
  read(token: string): Claims | null;
  /** For the JWKS document. */
  jwk: Record<string, unknown>;
}

function record(text: string | undefined): Claims | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null; // not a token: the caller answers 401
  }
}

export function createSigner(): Signer {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicKey = createPublicKey(privateKey);
  const kid = randomUUID();
  return {
    mint(claims) {
      const text = `${encode({ typ: "JWT", alg: "RS256", kid })}.${encode(claims)}`;
      return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
    },
    read(token) {
      const [head, body, signature, ...rest] = token.split(".");
      if (rest.length > 0 || signature === undefined || record(head)?.alg !== "RS256") return null;
      if (!verify("sha256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url")))
        return null;
      const claims = record(body);
      const now = Date.now() / 1000;
      if (typeof claims?.exp !== "number" || claims.exp < now) return null;
      if (typeof claims.nbf === "number" && claims.nbf > now + 300) return null;
      return claims;
    },
    jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" },
  };
}
