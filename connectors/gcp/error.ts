import type { Gap, GapCode } from "@/domain/inventory/schema";
import { OutboundError } from "@/lib/outbound-error";
import { ConnectorError } from "../connector";
import { GAP_OF_OUTBOUND } from "../failure";

/** google.rpc.Code. Absent: `error`. */
const RPC: Readonly<Record<number, GapCode>> = {
  2: "server_error",
  4: "timeout",
  5: "not_found",
  7: "denied",
  8: "throttled",
  12: "unsupported",
  13: "server_error",
  14: "unreachable",
  15: "server_error",
  16: "unauthenticated",
};

const ADVICE: Partial<Record<GapCode, string>> = {
  denied: "Grant the permission to the service account.",
  unauthenticated: "Check the workload identity provider, its attribute conditions and the identity token.",
  not_found: "Check the project id and that the Kubernetes Engine API is enabled.",
  throttled: "Google limits the rate of requests; the next scan tries again.",
  timeout: "Check the network path, or raise the account's time-out.",
  unreachable: "Check the endpoint, DNS, the CA bundle and firewalls.",
  malformed: "Something between Seawall and Google may have answered; check endpoint, port and proxies.",
  server_error: "Google reported a fault of its own; the next scan tries again.",
};

/** Text from outside, on one line and short. */
const clean = (text: string): string =>
  text
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 500);

/** A failure of `what` as the error that every connector method rejects with. */
export function failure(
  what: string,
  code: GapCode,
  detail: string,
  extra: { permission?: string; retryAfterMs?: number; cause?: unknown } = {},
): ConnectorError {
  const gap: Gap = {
    code,
    what,
    message: [clean(detail), ADVICE[code] ?? ""].filter((part) => part !== "").join(" "),
    ...(code === "denied" && extra.permission !== undefined ? { permission: extra.permission } : {}),
  };
  return new ConnectorError(gap, extra.retryAfterMs, extra.cause === undefined ? {} : { cause: extra.cause });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The wait that a google.rpc.RetryInfo among the error's details asks for, in milliseconds. */
function retryInfo(error: Record<string, unknown>): number | undefined {
  const details = Array.isArray(error.statusDetails) ? error.statusDetails : [];
  for (const detail of details) {
    const delay = isRecord(detail) && isRecord(detail.retryDelay) ? detail.retryDelay : undefined;
    if (delay === undefined) continue;
    const milliseconds = Number(delay.seconds ?? 0) * 1000 + Number(delay.nanos ?? 0) / 1e6;
    if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  }
  return undefined;
}

const causes = (error: unknown): unknown[] => {
  const chain: unknown[] = [];
  for (let at = error; at !== undefined && at !== null && chain.length < 8; at = isRecord(at) ? at.cause : undefined)
    chain.push(at);
  return chain;
};

/** Four letters read as a message's length give at least this: a page of a proxy, not a large answer. */
const TEXT_AS_LENGTH = 0x20202020;

/** What gRPC's own words say beyond its code: it has one code for a broken stream, rubbish and a real fault of the server. */
function refine(code: GapCode, text: string): GapCode {
  if (
    /parse server response|deserializ|invalid wire type|index out of range|invalid content-type|unexpected content-type/i.test(
      text,
    )
  )
    return "malformed";
  if (/compressed|grpc-encoding|missing status|no status received/i.test(text)) return "malformed";
  const announced = /larger than max \((\d+)/i.exec(text)?.[1];
  if (announced !== undefined) return Number(announced) >= TEXT_AS_LENGTH ? "malformed" : "too_large";
  if (/RST_STREAM|stream removed/i.test(text)) return "unreachable";
  return code;
}

/**
 * Turns what the Google client throws, over either transport, into a `ConnectorError`. A `ConnectorError` stays as it is.
 * `permission` is named when the answer is a denial.
 */
export function toConnectorError(error: unknown, what: string, permission?: string): ConnectorError {
  const chain = causes(error);
  for (const at of chain) {
    if (at instanceof ConnectorError) return at;
    if (at instanceof OutboundError) return failure(what, GAP_OF_OUTBOUND[at.code], at.message, { cause: error });
  }
  if (chain.some((at) => at instanceof SyntaxError)) {
    return failure(what, "malformed", "The answer was not JSON.", { cause: error });
  }
  const top = isRecord(error) ? error : {};
  if (typeof top.code !== "number" || !(error instanceof Error)) {
    const detail = "The request failed inside Seawall. The worker's log has the details.";
    return failure(what, "error", detail, { cause: error });
  }
  const text = error.message;
  const known = RPC[top.code] ?? "error";
  const status = top.httpStatusCode;
  const code = typeof status === "number" && status >= 500 ? "server_error" : refine(known, text);
  const retryAfterMs = retryInfo(top);
  return failure(what, code, text, {
    cause: error,
    ...(permission === undefined ? {} : { permission }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The gap code of an HTTP status, for the endpoints that are called without the Google client. */
export function codeOfStatus(status: number): GapCode {
  if (status === 400 || status === 401) return "unauthenticated";
  if (status === 403) return "denied";
  if (status === 404) return "not_found";
  if (status === 429) return "throttled";
  return status >= 500 ? "server_error" : "error";
}
