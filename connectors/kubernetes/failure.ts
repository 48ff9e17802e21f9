import type { Gap, GapCode } from "@/domain/inventory/schema";
import { OutboundError } from "@/lib/outbound-error";
import { ConnectorError } from "../connector";
import { GAP_OF_OUTBOUND } from "../failure";

/** Printable, bounded text of something a cluster said. */
export const quoted = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);

export const gapOf = (code: GapCode, what: string, message: string, permission?: string): Gap => ({
  code,
  what: what.slice(0, 400),
  message: message.slice(0, 2000),
  ...(permission === undefined ? {} : { permission: permission.slice(0, 400) }),
});

/** Whatever a request threw, as a ConnectorError about `what`. */
export function asConnectorError(error: unknown, what: string): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (error instanceof OutboundError) {
    return new ConnectorError(gapOf(GAP_OF_OUTBOUND[error.code], what, error.message), undefined, { cause: error });
  }
  const message = "The request failed inside Seawall. The worker's log has the details.";
  return new ConnectorError(gapOf("error", what, message), undefined, { cause: error });
}

interface FailedAnswer {
  status: number;
  /** The `message` of the Status object, when there was one. */
  said: string | undefined;
  retryAfterMs: number | undefined;
}

/** A status other than success as a ConnectorError. `permission` is what the request needed, e.g. `list pods`. */
export function statusError(answer: FailedAnswer, what: string, permission?: string): ConnectorError {
  const said = answer.said === undefined ? "" : ` It said: ${quoted(answer.said)}`;
  const fail = (code: GapCode, message: string, need?: string) =>
    new ConnectorError(gapOf(code, what, `${message}${said}`, need), answer.retryAfterMs);
  const { status } = answer;
  if (status === 401)
    return fail(
      "unauthenticated",
      "The cluster did not accept the credential. Check that the identity may enter the cluster.",
    );
  if (status === 403)
    return fail("denied", `The identity may not read ${what}. Grant it the permission named here.`, permission);
  if (status === 404)
    return fail("not_found", `The cluster does not serve ${what}. Check the address and the cluster's version.`);
  if (status === 429) return fail("throttled", "The cluster asks for fewer requests. The next scan tries again.");
  if (status >= 500)
    return fail(
      "server_error",
      `The cluster answered with an error of its own (${status}). Check the API server's health.`,
    );
  return fail("error", `The cluster refused the request (${status}).`);
}
