import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { applyFault, faultStatus } from "../fault";
import type { SimCore, SimRequest } from "../model";

/** What a handler wants to be sent. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** One request as the handlers see it. */
export interface Call {
  method: string;
  url: URL;
  /** `https://host:port` as the client wrote it: absolute links carry it. */
  base: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/**
 * What a request turned out to be. `repeated` gives the answer whose continuation leads back to itself, where it is a list;
 * `filtered` the list of clusters without those to which the right was lost: all of them.
 */
export interface Routed {
  service: SimRequest["service"];
  action: string;
  target: string;
  principal: string;
  answer(): Answer | Promise<Answer>;
  repeated?(): Answer | Promise<Answer>;
  filtered?(): Answer | Promise<Answer>;
}

const ARM_CODES: Record<number, [string, string]> = {
  401: ["InvalidAuthenticationToken", "The access token is invalid."],
  403: ["AuthorizationFailed", "The client does not have authorization to perform the action over the scope."],
  404: ["ResourceNotFound", "The resource was not found."],
  429: ["TooManyRequests", "The request is being throttled."],
  500: ["InternalServerError", "The server encountered an internal error."],
};

/** An ARM error document. */
export const armError = (status: number, code: string, message: string, headers?: Record<string, string>): Answer => ({
  status,
  body: { error: { code, message } },
  headers: { "x-ms-failure-cause": "gateway", ...headers },
});

/** An Entra error document, with the AADSTS number that tells the cases apart. */
export const entraError = (status: number, error: string, number: number, message: string): Answer => {
  const [trace_id, correlation_id, timestamp] = [randomUUID(), randomUUID(), new Date().toISOString()];
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${message} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id,
      correlation_id,
    },
  };
};

function faultError(service: SimRequest["service"], status: number): Answer {
  if (service === "entra") return entraError(status, "temporarily_unavailable", 90055, "Injected fault.");
  const [code, message] = ARM_CODES[status] ?? ["Error", "Injected fault."];
  return armError(status, code, message);
}

export function send(res: ServerResponse, answer: Answer): void {
  const text = JSON.stringify(answer.body);
  res.writeHead(answer.status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
    "x-ms-request-id": randomUUID(),
    ...answer.headers,
  });
  res.end(text);
}

const FAULT_STATUS: Record<string, number> = {
  cut: 200,
  malformed: 200,
  html: 200,
  "repeat-page": 200,
};

/** Applies the fault that the scenario wants for this request, or answers it; logs either. */
export async function reply(core: SimCore, routed: Routed, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { service, action, target, principal } = routed;
  const kind = core.fault(service, action, target);
  const changed = kind === "repeat-page" ? routed.repeated : kind === "filtered" ? routed.filtered : undefined;
  if (kind !== null && changed === undefined) {
    const status = FAULT_STATUS[kind] ?? faultStatus(kind);
    const errorBody = (code: number) => {
      const answer = faultError(service, code);
      return {
        contentType: "application/json; charset=utf-8",
        body: JSON.stringify(answer.body),
        headers: answer.headers ?? {},
      };
    };
    const completeBody = kind === "cut" ? JSON.stringify((await routed.answer()).body) : "";
    if (applyFault(kind, req, res, { errorBody, ...(completeBody === "" ? {} : { completeBody }) })) {
      core.log({ service, action, target, principal, status });
      return;
    }
  }
  const answer = await (changed ?? routed.answer)();
  core.log({ service, action, target, principal, status: answer.status });
  send(res, answer);
}
