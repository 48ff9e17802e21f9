import { setTimeout as sleep } from "node:timers/promises";
import { guardedAgent } from "@/lib/outbound";
import { OutboundError } from "@/lib/outbound-error";
import { type ItemReading, parseHostileJson, parseHostileList } from "@/lib/outbound-json";
import { type GuardedResponse, giveBack, guardedRequest } from "@/lib/outbound-request";
import { ConnectorError, type KubernetesAccess } from "../connector";
import { retryAfterMs, waitBefore } from "../retry";
import { asConnectorError, gapOf, statusError } from "./failure";

export interface ReaderOptions {
  allowPrivateNetworks: boolean;
  signal: AbortSignal;
  /** Objects per page, default 500. */
  pageSize?: number;
  /** Decoded bytes of all lists together, default a third of what this process may have as heap. */
  maxBytes?: number;
  /** For one attempt of one request, default 30,000. A time-out is not tried again. */
  timeoutMs?: number;
  /** Further attempts after 429, 5xx and broken connections, default 3. */
  retryLimit?: number;
  /** The longest wait before a further attempt; a server that asks for more ends the request. Default 30,000. */
  maxRetryWaitMs?: number;
}

/** What a request is for: `what` names it in gaps, `permission` is what would repair a 403. */
export interface RequestPurpose {
  what: string;
  permission?: string;
  /** How the items of a list are read. */
  items?: ItemReading;
  /** Media types, default `application/json`. */
  accept?: string;
}
export interface ApiAnswer {
  json: unknown;
  /** Decoded bytes. */
  bytes: number;
}
/** Raw JSON requests to one cluster. Every method rejects with ConnectorError; `expired` on it is a 410. */
export interface KubernetesClient {
  get(path: string, purpose: RequestPurpose): Promise<ApiAnswer>;
  post(path: string, body: unknown, purpose: RequestPurpose): Promise<ApiAnswer>;
  close(): Promise<void>;
}

/** The server forgot the list that a continue token belongs to (410). */
export class ExpiredError extends ConnectorError {}

/** The server has no answer of the media types that were asked for (406). */
export class NotAcceptableError extends ConnectorError {}

const TOKEN_WINDOW_MS = 60_000;
const MAX_DEPTH = 100;
const DEAD_AFTER = 3;

function saidBy(body: Buffer): string | undefined {
  if (body.length > 64 * 1024) return undefined;
  try {
    const json = parseHostileJson(body, MAX_DEPTH, "the cluster");
    const message = typeof json === "object" && json !== null && "message" in json ? json.message : undefined;
    return typeof message === "string" ? message : undefined;
  } catch (error) {
    if (error instanceof OutboundError) return undefined; // An error page; its status says enough.
    throw error;
  }
}

/** Opens raw access to a cluster: only its CA, a token per minute, retries within bounds. Makes no request yet. */
export function openClient(access: KubernetesAccess, options: ReaderOptions): KubernetesClient {
  const limits = { maxAttempts: (options.retryLimit ?? 3) + 1, maxRetryWaitMs: options.maxRetryWaitMs ?? 30_000 };
  const timeoutMs = options.timeoutMs ?? 30_000;
  const base = access.server.replace(/\/+$/, "");
  const dispatcher = guardedAgent({
    allowPrivate: options.allowPrivateNetworks,
    ca: access.caCertificate,
    connectTimeoutMs: Math.min(timeoutMs, 10_000),
    ...(access.tlsServerName === undefined ? {} : { tlsServerName: access.tlsServerName }),
  });
  let minted: { token: Promise<string>; at: number } | undefined;
  let dead: { error: ConnectorError; times: number } | undefined;

  async function token(what: string): Promise<string> {
    if (!minted || Date.now() - minted.at > TOKEN_WINDOW_MS) minted = { token: access.token(), at: Date.now() };
    try {
      const text = await minted.token;
      if (/^[\x21-\x7e]+$/.test(text)) return text;
    } catch (error) {
      minted = undefined;
      throw asConnectorError(error, what);
    }
    minted = undefined;
    throw new ConnectorError(
      gapOf("unauthenticated", what, "The cloud gave a token that no header can hold. Test the account's connection."),
    );
  }

  async function attempt(
    method: "GET" | "POST",
    path: string,
    body: string | undefined,
    { what, accept = "application/json" }: RequestPurpose,
  ): Promise<GuardedResponse> {
    return guardedRequest(base + path, {
      dispatcher,
      method,
      headers: {
        accept,
        authorization: `Bearer ${await token(what)}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
      signal: options.signal,
      limits: { headersTimeoutMs: timeoutMs, bodyTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs, maxDepth: MAX_DEPTH },
    });
  }

  /** One attempt: the answer, or the error. */
  async function step(method: "GET" | "POST", path: string, body: string | undefined, purpose: RequestPurpose) {
    const { what, permission, items } = purpose;
    let response: GuardedResponse;
    try {
      response = await attempt(method, path, body, purpose);
    } catch (error) {
      return { error: asConnectorError(error, what) };
    }
    const { status } = response;
    if (status === 200 || status === 201) {
      try {
        const json =
          items === undefined
            ? parseHostileJson(response.body, MAX_DEPTH, "The cluster")
            : await parseHostileList(response.body, MAX_DEPTH, "The cluster", items);
        return { answer: { json, bytes: response.body.length } };
      } catch (error) {
        return { error: asConnectorError(error, what) };
      } finally {
        giveBack(response);
      }
    }
    const wish = retryAfterMs(response.headers["retry-after"]);
    const error = statusError({ status, said: saidBy(response.body), retryAfterMs: wish }, what, permission);
    if (status === 410)
      return {
        error: new ExpiredError(gapOf("truncated", what, "The list changed too much while it was read.")),
        again: false,
      };
    if (status === 406) return { error: new NotAcceptableError(error.gap), again: false };
    return { error, again: status === 429 || status >= 500, reminted: status === 401 };
  }

  async function send(
    method: "GET" | "POST",
    path: string,
    purpose: RequestPurpose,
    payload?: unknown,
  ): Promise<ApiAnswer> {
    const body = payload === undefined ? undefined : JSON.stringify(payload);
    if (dead && dead.times >= DEAD_AFTER) {
      const { code, message } = dead.error.gap;
      throw new ConnectorError(
        gapOf(code, purpose.what, `Not asked, because the cluster stopped answering. ${message}`),
      );
    }
    for (let attempts = 1, renewed = false; ; ) {
      const result = await step(method, path, body, purpose);
      if (result.answer) {
        dead = undefined;
        return result.answer;
      }
      const { error } = result;
      if (result.reminted && !renewed) {
        renewed = true;
        minted = undefined;
        continue;
      }
      const wait = waitBefore(error.gap.code, error, attempts, limits);
      if (wait === undefined) {
        const silent = error.gap.code === "timeout" || error.gap.code === "unreachable";
        dead = silent ? { error, times: (dead?.times ?? 0) + 1 } : undefined;
        throw error;
      }
      attempts++;
      try {
        await sleep(wait, undefined, { signal: options.signal });
      } catch {
        throw error; // Stopped while waiting: the failure that made us wait is the one to tell.
      }
    }
  }

  return {
    get: (path, purpose) => send("GET", path, purpose),
    post: (path, body, purpose) => send("POST", path, purpose, body),
    close: () => dispatcher.destroy(),
  };
}
