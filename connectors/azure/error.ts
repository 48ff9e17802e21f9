import { ConnectorError } from "@/connectors/connector";
import { GAP_OF_OUTBOUND } from "@/connectors/failure";
import type { GapCode } from "@/domain/inventory/schema";
import { OutboundError } from "@/lib/outbound-error";

/** A call that did not succeed, before it is known which operation it belonged to. Inside this folder only. */
export class CallFailure extends Error {
  override name = "CallFailure";
  constructor(
    readonly code: GapCode,
    message: string,
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** One operation: its name in gaps, the permission that repairs a refusal, and what is read. */
export interface Operation {
  what: string;
  permission?: string;
}

export const networkFailure = (error: OutboundError): CallFailure =>
  new CallFailure(GAP_OF_OUTBOUND[error.code], error.message, undefined, { cause: error });

/** The gap code of an HTTP status that is not a success. */
export function statusCode(status: number): GapCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "denied";
  if (status === 404) return "not_found";
  if (status === 429) return "throttled";
  if (status === 408) return "timeout";
  if (status === 501) return "unsupported";
  return status >= 500 ? "server_error" : "error";
}

const ADVICE: Partial<Record<GapCode, string>> = {
  unauthenticated: "Check tenant, application and credential of the account.",
  denied: "Grant the permission to the application on the subscription.",
  not_found: "Check the subscription id; the resource may have been deleted meanwhile.",
  throttled: "Azure asks for fewer requests; the next scan tries again.",
  server_error: "Azure had a fault; the next scan tries again.",
};

const text = (value: unknown, limit = 500): string => (typeof value === "string" ? value.slice(0, limit) : "");
const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/** From an error answer of ARM: `{"error":{"code","message"}}`, which may be absent or anything else. */
export function armFailure(status: number, body: unknown, retryAfterMs?: number): CallFailure {
  const error = field(body, "error");
  const code = statusCode(status);
  const said = [text(field(error, "code"), 100), text(field(error, "message"))].filter(Boolean).join(": ");
  return new CallFailure(
    code,
    `Azure answered ${status}${said && ` (${said})`}. ${ADVICE[code] ?? ""}`.trim(),
    retryAfterMs,
  );
}

/** What a person does about the AADSTS numbers that onboarding meets. */
const AADSTS: Record<string, string> = {
  7000215: "The client secret is wrong. Enter the secret's value, not its id.",
  7000222: "The client secret has expired. Make a new one and enter it.",
  700016: "The application is not in this tenant. Check client id and tenant id.",
  90002: "The tenant does not exist. Check the tenant id and the authority host.",
  70021: "No federated credential of the application matches the worker's token. Check its issuer and subject.",
  700213: "No federated credential of the application matches the worker's token. Check its subject.",
  700027: "The worker's token has a signature that the federated credential's issuer does not confirm.",
  500011: "The audience is unknown in this tenant. Check the ARM audience.",
  53003: "A conditional access policy blocks the application.",
};

/** From an error answer of Entra ID: 400 and 401 both mean that the sign-in was refused; the AADSTS number says why. */
export function entraFailure(status: number, body: unknown, retryAfterMs?: number): CallFailure {
  const code = status === 400 ? "unauthenticated" : statusCode(status);
  const said = text(field(body, "error_description"), 300);
  const number = /AADSTS(\d+)/.exec(said)?.[1] ?? "";
  const advice = AADSTS[number] ?? ADVICE[code] ?? "";
  return new CallFailure(
    code,
    `Entra ID answered ${status}${number && ` (AADSTS${number})`}. ${advice}`.trim(),
    retryAfterMs,
  );
}

const chain = function* (error: unknown): Generator<Error> {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) yield at;
};

/**
 * Any error of a call as a ConnectorError of that operation. What is no failure of transport or sign-in was thrown by an SDK
 * or a parser about an answer it did not understand: `malformed`.
 */
export function toConnectorError(error: unknown, operation: Operation): ConnectorError {
  for (const at of chain(error)) {
    if (at instanceof ConnectorError) return at;
    if (at instanceof OutboundError) return toConnectorError(networkFailure(at), operation);
    if (at instanceof CallFailure) {
      const permission = at.code === "denied" && operation.permission ? { permission: operation.permission } : {};
      const gap = { code: at.code, what: operation.what, message: at.message.slice(0, 2000), ...permission };
      return new ConnectorError(gap, at.retryAfterMs, { cause: error });
    }
    if (at.name === "AbortError" || at.name === "TimeoutError") {
      const message = `${operation.what} was stopped before it was answered. Raise the account's time-outs if this stays.`;
      return new ConnectorError({ code: "timeout", what: operation.what, message }, undefined, { cause: error });
    }
  }
  const message =
    "Azure's answer was not understood. If this stays, check proxies in between and the API version of the account.";
  return new ConnectorError({ code: "malformed", what: operation.what, message }, undefined, { cause: error });
}
