import { type HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { HttpHandlerOptions, QueryParameterBag, RequestHandler } from "@smithy/types";
import type { Agent } from "undici";
import { assertAllowedUrl, guardedAgent } from "@/lib/outbound";
import { OutboundError } from "@/lib/outbound-error";
import { parseHostileJson } from "@/lib/outbound-json";
import { type GuardedResponse, guardedRequest } from "@/lib/outbound-request";
import type { AwsSettings } from "./schema";
import { boundXml } from "./xml";

/** More than a page of any operation used here can hold. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 40;
/** Set by undici itself; a second one would be an error. */
const OWN_HEADERS = new Set(["host", "content-length", "connection", "expect", "transfer-encoding"]);

type AwsHandler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;
type TransportSettings = Pick<AwsSettings, "caBundle" | "connectTimeoutMs" | "requestTimeoutMs" | "concurrency">;

function addressOf({ protocol, hostname, port, path, query }: HttpRequest): string {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
  for (const [name, value] of Object.entries((query ?? {}) as QueryParameterBag))
    for (const each of [value].flat()) url.searchParams.append(name, each ?? "");
  return url.href;
}

/** What of an answer the SDK may see: parsed, bounded and written anew where it is JSON, bounded where it is XML. */
function bounded(answer: GuardedResponse, isXml: boolean, host: string): Uint8Array {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  try {
    if (isXml) return new Uint8Array(boundXml(answer.body, MAX_DEPTH, host));
    return new TextEncoder().encode(JSON.stringify(parseHostileJson(answer.body, MAX_DEPTH, host)));
  } catch (error) {
    if (isSuccess || !(error instanceof OutboundError)) throw error;
    return new Uint8Array(); // an error page of a proxy: status and headers say enough
  }
}

/** Sends what the AWS SDK asks for through the guarded outbound module. Errors of `handle`: OutboundError. */
export class GuardedHandler implements AwsHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };
  private readonly dispatcher: Agent;

  constructor(
    private readonly settings: TransportSettings,
    allowPrivate: boolean,
  ) {
    this.dispatcher = guardedAgent({
      allowPrivate,
      connections: settings.concurrency * 2,
      connectTimeoutMs: settings.connectTimeoutMs,
      ...(settings.caBundle === undefined ? {} : { ca: settings.caBundle }),
    });
  }

  async handle(request: HttpRequest, options: HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
    const { method, body } = request;
    if (method !== "GET" && method !== "POST")
      throw new OutboundError("invalid_url", `${method} is never sent to AWS.`);
    if (body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array))
      throw new OutboundError("invalid_url", "Only text bodies are sent to AWS.");
    const headers = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
    const text = body === undefined || body.length === 0 ? undefined : Buffer.from(body).toString("utf8");
    const { requestTimeoutMs } = this.settings;
    const answer = await guardedRequest(addressOf(request), {
      dispatcher: this.dispatcher,
      method,
      headers: Object.fromEntries(headers),
      ...(text === undefined ? {} : { body: text }),
      ...(options.abortSignal instanceof AbortSignal ? { signal: options.abortSignal } : {}),
      limits: {
        maxBytes: MAX_ANSWER_BYTES,
        maxDecodedBytes: MAX_ANSWER_BYTES,
        headersTimeoutMs: requestTimeoutMs,
        bodyTimeoutMs: requestTimeoutMs,
        totalTimeoutMs: requestTimeoutMs,
      },
    });
    const isXml = request.headers["content-type"]?.includes("x-www-form-urlencoded") === true;
    const response = new HttpResponse({
      statusCode: answer.status,
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
      ),
      body: bounded(answer, isXml, request.hostname),
    });
    return { response };
  }

  destroy(): void {
    void this.dispatcher.destroy();
  }
}

/**
 * Checks every endpoint that the account sets, and opens one connection pool for all its calls. Destroy it when done.
 * Errors: OutboundError for an endpoint that may not be reached.
 */
export async function openTransport(settings: AwsSettings, allowPrivate: boolean): Promise<GuardedHandler> {
  for (const endpoint of Object.values(settings.endpoints)) {
    if (endpoint !== undefined) await assertAllowedUrl(endpoint, { allowPrivate });
  }
  return new GuardedHandler(settings, allowPrivate);
}
