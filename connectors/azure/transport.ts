import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { type RetryLimits, retryAfterMs, withRetries } from "@/connectors/retry";
import { guardedAgent } from "@/lib/outbound";
import { OutboundError } from "@/lib/outbound-error";
import { parseHostileJson } from "@/lib/outbound-json";
import { type GuardedResponse, guardedRequest } from "@/lib/outbound-request";
import { CallFailure, networkFailure } from "./error";

export interface TransportOptions extends RetryLimits {
  /** The one origin that may be asked: a `nextLink` or redirect elsewhere would carry the token there. */
  origin: string;
  caBundle?: string | undefined;
  allowPrivateNetworks: boolean;
  signal: AbortSignal;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  /** Makes the failure of an answer that is not a success. */
  refusal(status: number, body: unknown, retryAfterMs?: number): CallFailure;
}

/** What the SDKs send their requests through. It owns time-outs, retries, size caps and the check that an answer is JSON. */
export interface Transport extends HttpClient {
  /** The latest failure, since some SDKs lose it. Undefined after a success. */
  failure(): CallFailure | undefined;
  close(): Promise<void>;
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 40;

function jsonOf(answer: GuardedResponse, host: string): unknown {
  try {
    return parseHostileJson(answer.body, MAX_DEPTH, host);
  } catch (error) {
    if (answer.status >= 200 && answer.status < 300) throw error;
    return undefined; // an error page of a proxy: the status says enough
  }
}

async function attempt(
  request: PipelineRequest,
  options: TransportOptions,
  dispatcher: ReturnType<typeof guardedAgent>,
): Promise<PipelineResponse> {
  const { body } = request;
  if (body !== undefined && body !== null && typeof body !== "string")
    throw new CallFailure("error", "Only text bodies are sent.");
  if (request.method !== "GET" && request.method !== "POST")
    throw new CallFailure("error", `${request.method} is never sent.`);
  const { "accept-encoding": _, "content-length": __, ...headers } = request.headers.toJSON();
  const answer = await guardedRequest(request.url, {
    dispatcher,
    method: request.method,
    headers,
    ...(body ? { body } : {}),
    signal: options.signal,
    limits: {
      maxBytes: MAX_BYTES,
      maxDecodedBytes: MAX_BYTES,
      headersTimeoutMs: options.requestTimeoutMs,
      totalTimeoutMs: options.requestTimeoutMs,
    },
  });
  const json = jsonOf(answer, new URL(request.url).host);
  if (answer.status < 200 || answer.status >= 300) {
    throw options.refusal(answer.status, json, retryAfterMs(answer.headers["retry-after"]));
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new CallFailure("malformed", `${new URL(request.url).host} answered with JSON that is not an object.`);
  }
  // Only what was parsed and cleaned goes on; SDKs take a body for JSON by its content type.
  return {
    request,
    status: answer.status,
    headers: createHttpHeaders({ "content-type": "application/json" }),
    bodyAsText: JSON.stringify(json),
  };
}

function callFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof OutboundError) return networkFailure(error);
  return new CallFailure("error", "The request failed.", undefined, { cause: error });
}

/** A transport to one origin. Errors of `sendRequest`: CallFailure only. Close it when done. */
export function createTransport(options: TransportOptions): Transport {
  const origin = new URL(options.origin).origin;
  const dispatcher = guardedAgent({
    allowPrivate: options.allowPrivateNetworks,
    connectTimeoutMs: options.connectTimeoutMs,
    ...(options.caBundle === undefined ? {} : { ca: options.caBundle }),
  });
  let latest: CallFailure | undefined;

  async function send(request: PipelineRequest): Promise<PipelineResponse> {
    if (!URL.canParse(request.url) || new URL(request.url).origin !== origin) {
      throw new CallFailure(
        "malformed",
        `The answer of ${origin} leads to another host, which is not given the credential.`,
      );
    }
    return withRetries(
      options,
      options.signal,
      () => attempt(request, options, dispatcher),
      (cause) => {
        const error = callFailure(cause);
        return { code: error.code, error };
      },
    );
  }
  return {
    async sendRequest(request) {
      try {
        const response = await send(request);
        latest = undefined;
        return response;
      } catch (error) {
        latest = error instanceof CallFailure ? error : undefined;
        throw error;
      }
    },
    failure: () => latest,
    close: () => dispatcher.destroy(),
  };
}
