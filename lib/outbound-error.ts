export type OutboundErrorCode =
  | "invalid_url"
  | "forbidden_address"
  | "unresolvable"
  | "redirect"
  | "tls"
  | "unreachable"
  | "cut"
  | "timeout"
  | "aborted"
  | "too_large"
  | "malformed";

/** A request to an address that a person gave did not come through. The message says what to do next and holds no credential. */
export class OutboundError extends Error {
  override name = "OutboundError";
  constructor(
    readonly code: OutboundErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TLS_CODES =
  /^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|ERR_OSSL)/;

/** Turns what undici, tls, dns and zlib throw into an `OutboundError`; follows `cause`. */
export function toOutboundError(error: unknown, host: string, signal?: AbortSignal): OutboundError {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof OutboundError) return at;
    const code = "code" in at && typeof at.code === "string" ? at.code : "";
    if (TLS_CODES.test(code)) {
      return new OutboundError(
        "tls",
        `The certificate of ${host} was not accepted (${code}). Check the CA certificate and the server name of the account.`,
        { cause: error },
      );
    }
    if (
      code === "UND_ERR_CONNECT_TIMEOUT" ||
      code === "UND_ERR_HEADERS_TIMEOUT" ||
      code === "UND_ERR_BODY_TIMEOUT" ||
      at.name === "TimeoutError"
    ) {
      return new OutboundError(
        "timeout",
        `${host} did not answer in time. Check the network path, or raise the account's time-out.`,
        { cause: error },
      );
    }
    if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") {
      return new OutboundError(
        "cut",
        `${host} ended its answer early. Try again; if it stays, check proxies in between.`,
        { cause: error },
      );
    }
    if (code === "UND_ERR_ABORTED" || at.name === "AbortError") {
      return new OutboundError("aborted", `The request to ${host} was stopped.`, { cause: error });
    }
    if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "ENODATA") {
      return new OutboundError("unresolvable", `The name ${host} could not be resolved. Check its spelling and DNS.`, {
        cause: error,
      });
    }
    if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") {
      return new OutboundError("malformed", `${host} does not answer with HTTP. Check the port.`, { cause: error });
    }
  }
  if (signal?.aborted) return new OutboundError("aborted", `The request to ${host} was stopped.`, { cause: error });
  return new OutboundError(
    "unreachable",
    `${host} could not be reached or closed the connection. Check the address and firewalls.`,
    {
      cause: error,
    },
  );
}
