import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Keys, keysSchema, verifyIdToken } from "./id-token";

const pairs = {
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: generateKeyPairSync("ed25519"),
};
type Algorithm = keyof typeof pairs;
const { keys }: { keys: Keys } = keysSchema.parse({
  keys: Object.entries(pairs).map(([kid, { publicKey }]) => ({
    ...publicKey.export({ format: "jwk" }),
    kid,
    use: "sig",
  })),
});
const NOW = new Date("2026-11-21T12:00:00Z");
const seconds = NOW.getTime() / 1000;
const expected = { issuer: "https://login.example.com", clientId: "seawall", nonce: "n" };
const good = { iss: expected.issuer, sub: "s", aud: "seawall", exp: seconds + 60, iat: seconds, nonce: "n" };

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
function token(payload: object, alg: Algorithm = "RS256", header: object = { alg, kid: alg }, key?: KeyObject): string {
  const text = `${part(header)}.${part(payload)}`;
  const options = alg === "ES256" ? { dsaEncoding: "ieee-p1363" as const } : {};
  const signature = sign(alg === "EdDSA" ? null : "sha256", Buffer.from(text), {
    key: key ?? pairs[alg].privateKey,
    ...options,
  });
  return `${text}.${signature.toString("base64url")}`;
}
const check = (text: string) => verifyIdToken(text, keys, expected, NOW);

describe("an ID token", () => {
  it.each(Object.keys(pairs) as Algorithm[])("signed with %s is taken", (alg) => {
    expect(check(token(good, alg)).sub).toBe("s");
  });

  it.each([
    ["of another issuer", { ...good, iss: "https://login.example.com.evil.test" }],
    ["for another client", { ...good, aud: ["other"] }],
    ["given to another party", { ...good, aud: ["seawall", "other"], azp: "other" }],
    ["for several without saying to whom", { ...good, aud: ["seawall", "other"] }],
    ["expired", { ...good, exp: seconds - 61 }],
    ["from the future", { ...good, iat: seconds + 61 }],
    ["of another sign-in", { ...good, nonce: "m" }],
    ["without a nonce", { ...good, nonce: undefined }],
    ["without a subject", { ...good, sub: "" }],
  ])("%s is refused", (_what, payload) => {
    expect(() => check(token(payload))).toThrow();
  });

  it("without a good signature is refused", () => {
    const text = token(good);
    const [head, , signature] = text.split(".");
    const unsigned = `${part({ alg: "none" })}.${part(good)}.`;
    // The classic confusion: the public key used as the secret of an HMAC.
    const confused = `${part({ alg: "HS256", kid: "RS256" })}.${part(good)}`;
    const pem = pairs.RS256.publicKey.export({ format: "pem", type: "spki" });
    const forged = `${confused}.${createHmac("sha256", pem).update(confused).digest("base64url")}`;
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    for (const bad of [
      `${head}.${part({ ...good, sub: "other" })}.${signature}`,
      unsigned,
      forged,
      token(good, "RS256", { alg: "RS256", kid: "RS256" }, stranger),
      token(good, "RS256", { alg: "ES256", kid: "ES256" }),
      token(good, "RS256", { alg: "RS256", kid: "unknown" }),
      `${text}.x`,
      "",
      "a.b.c",
    ])
      expect(() => check(bad)).toThrow();
  });
});
