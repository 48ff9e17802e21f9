import { DeliveryError } from "@/domain/notifications/delivery/attempt";
import { OutboundError } from "@/lib/outbound-error";

const MINUTE = 60_000;
/** Codes of trouble that every mail would meet. */
const SERVER_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EDNS",
  "EPROXY",
  "ECONFIG",
]);
/** Nodemailer gives a line that broke and one that never was the same code; only its words differ. */
const NEVER_SPOKE = /^(connect |Connection timeout|Greeting never received|Invalid greeting)/;
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH|ERR_OSSL)/;

const fieldOf = (error: Error, field: string): unknown => (error as Error & Record<string, unknown>)[field];

/** A server's answer as one line without the codes twice, bounded. */
const answerOf = (error: Error): string => {
  const response = fieldOf(error, "response");
  return (typeof response === "string" && response !== "" ? response : error.message)
    .replace(/\s+/g, " ")
    .slice(0, 300);
};

/**
 * What a failed sending means. A server that refuses the sign-in, the connection or TLS stops all mail for a while, longest after a refused
 * password, which would lock the user out. 5xx about a message is final, 4xx and a line that broke are tried again.
 */
export function failureOf(error: unknown, host: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const cause = { cause: error };
  if (error instanceof OutboundError) return new DeliveryError("server", error.message, 10 * MINUTE, cause);
  if (!(error instanceof Error)) return new DeliveryError("temporary", String(error).slice(0, 300), 0, cause);
  const code = String(fieldOf(error, "code") ?? "");
  const status = Number(fieldOf(error, "responseCode") ?? 0);
  if (code === "EAUTH" || code === "ENOAUTH" || status === 530 || status === 535) {
    const temporary = status >= 400 && status < 500;
    const message = `${host} refused the sign-in: ${answerOf(error)}. Check user and password.`;
    return new DeliveryError("server", message, temporary ? 5 * MINUTE : 30 * MINUTE, cause);
  }
  // Nodemailer puts a code of its own over that of the socket.
  if (TLS.test(code) || code === "ETLS" || TLS.test(String(fieldOf(error, "originalCode") ?? ""))) {
    return new DeliveryError(
      "server",
      `TLS with ${host} failed (${answerOf(error)}). Check the TLS mode and the certificate.`,
      10 * MINUTE,
      cause,
    );
  }
  if (status === 421) return new DeliveryError("server", `${host} is busy: ${answerOf(error)}`, 5 * MINUTE, cause);
  if (status >= 500) return new DeliveryError("permanent", answerOf(error), 0, cause);
  if (status >= 400) return new DeliveryError("temporary", answerOf(error), 0, cause);
  if (SERVER_CODES.has(code) || NEVER_SPOKE.test(error.message))
    return new DeliveryError(
      "server",
      `${host} could not be reached (${answerOf(error)}). Check host, port and firewalls.`,
      5 * MINUTE,
      cause,
    );
  if (code === "ETIMEDOUT") return new DeliveryError("temporary", `${host} did not answer in time.`, 0, cause);
  if (code === "EENVELOPE" || code === "EMESSAGE") return new DeliveryError("permanent", answerOf(error), 0, cause);
  return new DeliveryError("temporary", `The connection to ${host} broke off (${answerOf(error)}).`, 0, cause);
}
