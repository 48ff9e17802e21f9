import type { IncomingHttpHeaders } from "node:http";
import { AwsFailure, badCredential } from "./failure";
import type { Identities, Principal } from "./identity";
import type { AwsService } from "./operations";
import { parseAmzDate, type parseAuthorization, sha256, signatureMatches } from "./signature";

const MAX_SKEW_MS = 5 * 60_000;

const mismatch = (message: string): AwsFailure => new AwsFailure(403, "SignatureDoesNotMatch", message);
const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(",") : value;

/** Verifies a signed request and says who sent it. Throws AwsFailure with the code that AWS uses for each defect. */
export function authenticate(
  request: { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer },
  authorization: NonNullable<ReturnType<typeof parseAuthorization>>,
  service: AwsService,
  identities: Identities,
): Principal {
  const { scope, signedHeaders, signature } = authorization;
  const principal = identities.find(scope.accessKeyId);
  if (!principal) throw badCredential(service);
  if (principal.sessionToken !== single(request.headers["x-amz-security-token"])) throw badCredential(service);
  if (principal.expiresAt !== undefined && principal.expiresAt < Date.now()) {
    const code = service === "eks" ? "ExpiredTokenException" : service === "sts" ? "ExpiredToken" : "RequestExpired";
    throw new AwsFailure(403, code, "The security token included in the request is expired");
  }
  const amzDate = single(request.headers["x-amz-date"]) ?? "";
  const signedAt = parseAmzDate(amzDate);
  if (!(Math.abs(signedAt - Date.now()) < MAX_SKEW_MS) || !amzDate.startsWith(scope.date)) {
    throw mismatch(`Signature expired: ${amzDate} is not within 5 minutes of the current time.`);
  }
  if (!signedHeaders.includes("host")) throw mismatch("'Host' must be a signed header.");
  const payloadHash = sha256(request.body);
  const declaredHash = single(request.headers["x-amz-content-sha256"]);
  if (declaredHash !== undefined && declaredHash !== payloadHash)
    throw mismatch("The payload does not match its hash.");
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, single(value)]));
  const signed = {
    method: request.method,
    path: request.url.pathname,
    query: request.url.searchParams,
    headers,
    payloadHash,
  };
  if (!signatureMatches(signed, scope, signedHeaders, amzDate, principal.secretAccessKey, signature)) {
    throw mismatch("The request signature we calculated does not match the signature you provided.");
  }
  return principal;
}
