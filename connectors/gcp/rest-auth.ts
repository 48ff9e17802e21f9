import { AuthClient, gaxios } from "google-auth-library";
import type { Agent } from "undici";
import { parseHostileJson } from "@/lib/outbound-json";
import { guardedRequest } from "@/lib/outbound-request";
import { retryAfterMs } from "../retry";

const MAX_DEPTH = 64;

interface Options {
  universeDomain: string;
  token: () => Promise<string>;
  dispatcher: Agent;
  requestTimeoutMs: number;
}

/**
 * What the Google client sends REST calls through: bearer token, guarded and pinned connection, bounded answer. The library's
 * own transport would honour neither the account's CA nor the rules on addresses and redirects.
 */
export class RestAuth extends AuthClient {
  /** What the last answer asked to wait, in milliseconds; the client drops headers. */
  retryAfterMs: number | undefined;

  constructor(private readonly options: Options) {
    super({ universeDomain: options.universeDomain });
    this.transporter = new gaxios.Gaxios({
      retry: false,
      fetchImplementation: (input, init) => this.send(String(input), init),
    });
  }

  override async getAccessToken(): Promise<{ token: string }> {
    return { token: await this.options.token() };
  }

  override async getRequestHeaders(): Promise<Headers> {
    return new Headers({ authorization: `Bearer ${await this.options.token()}` });
  }

  override async request<T>(request: gaxios.GaxiosOptions): Promise<gaxios.GaxiosResponse<T>> {
    const headers = gaxios.Gaxios.mergeHeaders(request.headers ?? {}, await this.getRequestHeaders());
    return await this.transporter.request<T>({ ...request, headers });
  }

  private async send(url: string, init: RequestInit | undefined): Promise<Response> {
    this.retryAfterMs = undefined;
    const { status, headers, body } = await guardedRequest(url, {
      dispatcher: this.options.dispatcher,
      headers: Object.fromEntries(new Headers(init?.headers).entries()),
      ...(init?.signal === undefined || init.signal === null ? {} : { signal: init.signal }),
      limits: { totalTimeoutMs: this.options.requestTimeoutMs, headersTimeoutMs: this.options.requestTimeoutMs },
    });
    this.retryAfterMs = retryAfterMs(headers["retry-after"]);
    // Refuses pages of proxies and answers nested to death before the client decodes them.
    if (status === 200) parseHostileJson(body, MAX_DEPTH, new URL(url).host);
    const empty = status === 204 || status === 304;
    return new Response(empty ? null : new Uint8Array(body), {
      status,
      headers: { "content-type": "application/json" },
    });
  }
}
