import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Signature Version 4, written here from its published description and not with the SDK's signer: a bug that both
 * sides share would otherwise never show.
 */
export interface SignedRequest {
  method: string;
  /** As on the wire: encoded once. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  payloadHash: string;
}

export interface Scope {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
}

export const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

/** Splits `AKID/20240101/eu-west-1/sts/aws4_request`; null when it is not of that shape. */
export function parseScope(text: string): Scope | null {
  const match = /^([A-Z0-9]{16,128})\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request$/.exec(text);
  if (!match) return null;
  const [, accessKeyId = "", date = "", region = "", service = ""] = match;
  return { accessKeyId, date, region, service };
}

/** Splits an Authorization header; null when it is not Signature Version 4. */
export function parseAuthorization(
  header: string | undefined,
): { scope: Scope; signedHeaders: string[]; signature: string } | null {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(
    header ?? "",
  );
  const scope = match?.[1] === undefined ? null : parseScope(match[1]);
  if (!match || !scope) return null;
  return { scope, signedHeaders: (match[2] ?? "").split(";"), signature: match[3] ?? "" };
}

/** Milliseconds since the epoch of `20240101T000000Z`; NaN for anything else. */
export const parseAmzDate = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

/** Whether `signature` is what the holder of `secretAccessKey` would have computed for this request at `amzDate`. */
export function signatureMatches(
  request: SignedRequest,
  scope: Scope,
  signedHeaders: string[],
  amzDate: string,
  secretAccessKey: string,
  signature: string,
): boolean {
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`);
  const canonical = [
    request.method,
    request.path.split("/").map(encode).join("/"),
    canonicalQuery(request.query),
    headers.join(""),
    signedHeaders.join(";"),
    request.payloadHash,
  ].join("\n");
  const credentialScope = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const key = [scope.date, scope.region, scope.service, "aws4_request"].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${secretAccessKey}`,
  );
  const expected = hmac(key, ["AWS4-HMAC-SHA256", amzDate, credentialScope, sha256(canonical)].join("\n"));
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
