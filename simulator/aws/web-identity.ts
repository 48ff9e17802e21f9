import { generateKeyPairSync, sign, verify } from "node:crypto";
import { AwsFailure } from "./failure";

const AUDIENCE = "sts.amazonaws.com";
const invalid = (message: string): AwsFailure => new AwsFailure(400, "InvalidIdentityToken", message);

/** An OIDC issuer that the simulated hub account trusts, for AssumeRoleWithWebIdentity. Its key lives as long as the process. */
export class WebIdentityIssuer {
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly issuer = "https://oidc.simulated.invalid/id/hub";

  /** A signed token for `subject`, valid for `seconds`. */
  mint(subject: string, seconds = 600): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const exp = Math.floor(Date.now() / 1000) + seconds;
    const text = `${part({ alg: "ES256", typ: "JWT" })}.${part({ iss: this.issuer, sub: subject, aud: AUDIENCE, exp })}`;
    const signature = sign("sha256", Buffer.from(text), { key: this.#keys.privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  }

  /** The subject of a genuine, current token. Throws AwsFailure as STS would. */
  subject(token: string): string {
    const [head = "", claims = "", signature = ""] = token.split(".");
    const key = { key: this.#keys.publicKey, dsaEncoding: "ieee-p1363" as const };
    if (!verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"))) {
      throw invalid("Couldn't verify the signature of the token.");
    }
    const payload: { iss: string; sub: string; aud: string; exp: number } = JSON.parse(
      Buffer.from(claims, "base64url").toString("utf8"),
    );
    if (payload.aud !== AUDIENCE || payload.iss !== this.issuer) throw invalid("Incorrect token audience or issuer.");
    if (payload.exp * 1000 < Date.now()) throw new AwsFailure(400, "ExpiredTokenException", "Token expired.");
    return payload.sub;
  }
}
