import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { Readable, Transform } from "node:stream";
import { rootCertificates } from "node:tls";
import type { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { HttpHandlerOptions } from "@smithy/types";
import { assertAllowedUrl } from "@/lib/outbound";
import { classifyAddress } from "@/lib/outbound-address";
import { OutboundError } from "@/lib/outbound-error";
import { AnswerTooLarge } from "./error";
import type { AwsSettings } from "./schema";

/** More than a page of any operation used here can hold. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Resolves and checks in one step, so that a name can't lead elsewhere between the check and the connection. */
const guardedLookup =
  (allowPrivate: boolean): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      const refused = addresses.find(({ address }) => {
        const kind = classifyAddress(address);
        return kind === "forbidden" || (kind !== "public" && !allowPrivate);
      });
      const first = addresses[0];
      if (refused || !first) {
        const message = `${host} leads to ${refused?.address ?? "no address"}, which may not be reached from here.`;
        return callback(new OutboundError("forbidden_address", message), "", 0);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };

const bounded = (body: Readable, signal: AbortSignal | undefined): Readable => {
  let size = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(
        size > MAX_ANSWER_BYTES ? new AnswerTooLarge(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`) : null,
        chunk,
      );
    },
  });
  const stop = (): void => void limit.destroy(new DOMException("The call was stopped.", "TimeoutError"));
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  body.once("error", (error) => limit.destroy(error));
  limit.once("close", () => {
    signal?.removeEventListener("abort", stop);
    body.destroy();
  });
  return body.pipe(limit);
};

/** The SDK's handler, with answers bounded in size and in time up to their last byte. */
class BoundedHandler extends NodeHttpHandler {
  override async handle(request: HttpRequest, options: HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
    const { response } = await super.handle(request, options);
    const signal = options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
    if (response.body instanceof Readable) response.body = bounded(response.body, signal);
    return { response };
  }
}

/**
 * Checks every endpoint that the account sets, and opens one connection pool for all its calls. Destroy it when done.
 * Errors: OutboundError for an endpoint that may not be reached.
 */
export async function openTransport(settings: AwsSettings, allowPrivate: boolean): Promise<NodeHttpHandler> {
  for (const endpoint of Object.values(settings.endpoints)) {
    if (endpoint !== undefined) await assertAllowedUrl(endpoint, { allowPrivate });
  }
  const agent = { keepAlive: true, maxSockets: settings.concurrency * 2, lookup: guardedLookup(allowPrivate) };
  return new BoundedHandler({
    httpAgent: agent,
    httpsAgent: settings.caBundle === undefined ? agent : { ...agent, ca: [...rootCertificates, settings.caBundle] },
    connectionTimeout: settings.connectTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    throwOnRequestTimeout: true,
  });
}
