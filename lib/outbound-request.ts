import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type Agent, type Dispatcher, request } from "undici";
import { type GuardedAgentOptions, guardedAgent, parseTarget } from "./outbound";
import { OutboundError, toOutboundError } from "./outbound-error";
import { parseHostileJson } from "./outbound-json";

const unzip = promisify(gunzip);

/** Caps on one answer. Times are milliseconds, sizes bytes. */
export interface OutboundLimits {
  /** On the wire. */
  maxBytes: number;
  maxDecodedBytes: number;
  /** Decoded ÷ wire; only looked at above 4 MiB decoded. */
  maxRatio: number;
  maxDepth: number;
  headersTimeoutMs: number;
  /** Longest silence within the body. */
  bodyTimeoutMs: number;
  totalTimeoutMs: number;
}

export const DEFAULT_LIMITS: OutboundLimits = {
  maxBytes: 32 * 1024 * 1024,
  maxDecodedBytes: 128 * 1024 * 1024,
  maxRatio: 200,
  maxDepth: 64,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 15_000,
  totalTimeoutMs: 60_000,
};
const RATIO_FLOOR = 4 * 1024 * 1024;

export interface GuardedRequestOptions {
  /** From `guardedAgent`; without one, a single-use agent with `policy` is made. */
  dispatcher?: Agent;
  policy?: GuardedAgentOptions;
  method?: "GET" | "POST" | "PUT" | "DELETE";
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  limits?: Partial<OutboundLimits>;
}

export interface GuardedResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Decoded. */
  body: Buffer;
}

async function decode(wire: Buffer, encoding: string, host: string, limits: OutboundLimits): Promise<Buffer> {
  if (encoding === "" || encoding === "identity") return wire;
  if (encoding !== "gzip")
    throw new OutboundError(
      "malformed",
      `${host} answered in the encoding ${encoding.slice(0, 40)}, which was not asked for.`,
    );
  const cap = Math.min(limits.maxDecodedBytes, Math.max(RATIO_FLOOR, wire.length * limits.maxRatio));
  // Gzip ends with the size of what was packed (RFC 1952). Where it is true, the answer is made in one piece and not copied.
  const told = wire.length < 18 ? 0 : wire.readUInt32LE(wire.length - 4);
  try {
    return await unzip(wire, { maxOutputLength: cap, chunkSize: Math.max(16_384, Math.min(told, cap) + 1) });
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new OutboundError("too_large", `${host} answered with data that decompresses to more than ${cap} bytes.`, {
        cause,
      });
    throw new OutboundError("cut", `${host} answered with damaged or incomplete compressed data. Try again.`, {
      cause,
    });
  }
}

/** Reads a body up to `maxBytes`; a larger one is cut off at the socket. */
async function readBody(response: Dispatcher.ResponseData, host: string, limits: OutboundLimits): Promise<Buffer> {
  const tooLarge = () => new OutboundError("too_large", `${host} answered with more than ${limits.maxBytes} bytes.`);
  const announced = Number(response.headers["content-length"] ?? 0);
  const chunks: Buffer[] = [];
  let size = 0;
  if (announced > limits.maxBytes) {
    response.body.on("error", () => undefined).destroy();
    throw tooLarge();
  }
  try {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limits.maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    const known = toOutboundError(error, host);
    if (known.code !== "unreachable") throw known;
    throw new OutboundError(
      "cut",
      `${host} ended its answer early. Try again; if it stays, check proxies in between.`,
      { cause: error },
    );
  }
  return Buffer.concat(chunks, size);
}

/**
 * Gives a body's memory back at once; the body is empty afterwards. Megabytes that wait for a garbage collection, which sees only
 * small objects that hold them, are most of a long listing's memory.
 */
export function giveBack({ body }: GuardedResponse): void {
  const { buffer } = body;
  // A small body may share its memory with others.
  if (buffer instanceof ArrayBuffer && body.byteOffset === 0 && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/**
 * One request to an address that a person gave, whatever its status. Errors: OutboundError only. An aborted `signal` gives
 * `aborted`, the total time `timeout`.
 */
export async function guardedRequest(url: string, options: GuardedRequestOptions): Promise<GuardedResponse> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const host = URL.canParse(url) ? new URL(url).host : "the address";
  parseTarget(url, true);
  const dispatcher = options.dispatcher ?? guardedAgent(options.policy ?? { allowPrivate: false });

  const deadline = AbortSignal.timeout(limits.totalTimeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  try {
    const response = await request(url, {
      dispatcher,
      method: options.method ?? "GET",
      headers: { "accept-encoding": "gzip", "user-agent": "seawall", ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      signal,
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.bodyTimeoutMs,
    });
    const wire = await readBody(response, host, limits);
    const encoding = String(response.headers["content-encoding"] ?? "")
      .trim()
      .toLowerCase();
    return { status: response.statusCode, headers: response.headers, body: await decode(wire, encoding, host, limits) };
  } catch (error) {
    if (options.signal?.aborted)
      throw new OutboundError("aborted", `The request to ${host} was stopped.`, { cause: error });
    if (deadline.aborted)
      throw new OutboundError(
        "timeout",
        `${host} did not finish its answer within ${limits.totalTimeoutMs} ms. Check its load and the network path, or raise the account's time-out.`,
        {
          cause: error,
        },
      );
    throw toOutboundError(error, host);
  } finally {
    if (options.dispatcher === undefined) await dispatcher.destroy();
  }
}

/** `guardedRequest` and its body as bounded JSON. Errors: OutboundError only; the caller judges `status`. */
export async function guardedFetchJson(
  url: string,
  options: GuardedRequestOptions,
): Promise<{ status: number; headers: GuardedResponse["headers"]; json: unknown }> {
  const { status, headers, body } = await guardedRequest(url, {
    ...options,
    headers: { accept: "application/json", ...options.headers },
  });
  const maxDepth = options.limits?.maxDepth ?? DEFAULT_LIMITS.maxDepth;
  return { status, headers, json: parseHostileJson(body, maxDepth, new URL(url).host) };
}
