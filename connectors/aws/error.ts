import { z } from "zod";
import { ConnectorError } from "@/connectors/connector";
import { GAP_OF_OUTBOUND, outboundOf } from "@/connectors/failure";
import { retryAfterMs } from "@/connectors/retry";
import type { GapCode } from "@/domain/inventory/schema";

/** AWS error codes by name: the SDK's classes cover only modelled ones, and statuses differ between services. */
const BY_NAME: Record<string, GapCode> = {};
const names = (code: GapCode, list: string): void => {
  for (const name of list.split(" ")) BY_NAME[name] = code;
};
names(
  "denied",
  "AccessDenied AccessDeniedException UnauthorizedOperation AuthorizationError Forbidden ForbiddenException OptInRequired RegionDisabledException RegionDisabled",
);
names(
  "unauthenticated",
  "UnrecognizedClientException UnrecognizedClient InvalidClientTokenId SignatureDoesNotMatch InvalidSignatureException InvalidSignature IncompleteSignature ExpiredToken ExpiredTokenException RequestExpired MissingAuthenticationToken MissingAuthenticationTokenException AuthFailure InvalidAccessKeyId NotAuthorized InvalidIdentityToken InvalidIdentityTokenException IDPRejectedClaim CredentialsProviderError TokenProviderError RequestTimeTooSkewed",
);
names("not_found", "ResourceNotFoundException NotFoundException NoSuchEntity");
names(
  "throttled",
  "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException TooManyRequestsException TooManyRequests RequestLimitExceeded BandwidthLimitExceeded LimitExceededException SlowDown EC2ThrottledException PriorRequestNotComplete",
);
names(
  "server_error",
  "ServerException ServiceUnavailable ServiceUnavailableException InternalFailure InternalError InternalServerError InternalServerException Unavailable",
);
names(
  "unsupported",
  "UnknownOperationException NotImplemented InvalidAction UnsupportedOperation UnsupportedOperationException",
);
names("malformed", "SyntaxError ZodError");

const BY_CODE: Record<string, GapCode> = { ETIMEDOUT: "timeout", ESOCKETTIMEDOUT: "timeout" };
for (const code of [
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPROTO",
]) {
  BY_CODE[code] = "unreachable";
}
const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;

const ADVICE: Record<GapCode, string> = {
  denied: "Add the permission to the role's policy, and check the trust policy and the external id.",
  unauthenticated: "The credentials were not accepted. Check the access key, its age and the machine's clock.",
  not_found:
    "It no longer exists, or lies in another region. Check the account's role and regions; the next scan tries again.",
  throttled: "AWS limits the rate of calls. The next scan tries again.",
  timeout: "AWS did not answer in time. Check the network path or raise the account's time-outs.",
  unreachable: "The endpoint could not be reached. Check DNS, proxies, firewalls and the CA bundle.",
  malformed: "The answer is not what AWS sends. Check for a wrong endpoint or a proxy in between.",
  truncated: "The list did not come to an end. What was not seen is treated as unknown; the next scan tries again.",
  too_large: "The answer is larger than any that AWS sends. Check for a wrong endpoint or a proxy in between.",
  unsupported: "The endpoint does not know this operation. Check the account's endpoints.",
  server_error: "AWS failed to answer. The next scan tries again.",
  error: "The call failed.",
};

const shape = z.object({
  name: z.string().catch(""),
  code: z.string().optional().catch(undefined),
  message: z.string().catch(""),
  $metadata: z
    .object({ httpStatusCode: z.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  $response: z
    .object({ headers: z.record(z.string(), z.unknown()) })
    .optional()
    .catch(undefined),
  cause: z.unknown().optional(),
});
type Shape = z.infer<typeof shape>;

const byStatus = (status: number | undefined): GapCode | undefined => {
  if (status === undefined) return undefined;
  const known: Record<number, GapCode> = {
    401: "unauthenticated",
    403: "denied",
    404: "not_found",
    429: "throttled",
    501: "unsupported",
  };
  return known[status] ?? (status >= 500 ? "server_error" : status >= 300 && status < 400 ? "unreachable" : undefined);
};

function codeOf(error: unknown, seen: Shape): GapCode {
  const outbound = outboundOf(error);
  if (outbound) return GAP_OF_OUTBOUND[outbound.code];
  const code = seen.code ?? "";
  if (TLS_CODE.test(code)) return "unreachable";
  // A reset socket comes as name TimeoutError with code ECONNRESET: the code knows better.
  const network = BY_CODE[code];
  if (network) return network;
  if (seen.name === "TimeoutError" || seen.name === "AbortError") return "timeout";
  const status = seen.$metadata?.httpStatusCode;
  return BY_NAME[seen.name] ?? byStatus(status) ?? (status === 200 ? "malformed" : deeper(seen.cause));
}

const deeper = (cause: unknown): GapCode => {
  const inner = shape.safeParse(cause);
  return cause instanceof Error && inner.success ? codeOf(cause, { ...inner.data, cause: undefined }) : "error";
};

/**
 * Turns whatever the SDK, the network or a parser threw into a ConnectorError. `what` is the action
 * (`eks:ListClusters`); `where` narrows it (a region, a cluster). Never throws.
 */
export function toConnectorError(error: unknown, action: string, where = ""): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const parsed = shape.safeParse(error);
  const seen: Shape = parsed.success ? parsed.data : { name: "", message: "", cause: undefined };
  const code = codeOf(error, seen);
  const detail = code === "malformed" ? "" : ` (${[seen.name, seen.message].filter(Boolean).join(": ").slice(0, 500)})`;
  const what = `${action} ${where}`.trim().slice(0, 400);
  const gap = { code, what, message: `${what} failed: ${ADVICE[code]}${detail}` };
  const wait = retryAfterMs(seen.$response?.headers["retry-after"]);
  return new ConnectorError(code === "denied" ? { ...gap, permission: action } : gap, wait, { cause: error });
}
