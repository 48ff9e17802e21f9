import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { createSecureContext } from "node:tls";
import { Agent, buildConnector, DecoratorHandler, type Dispatcher } from "undici";
import { type AddressClass, classifyAddress } from "./outbound-address";
import { OutboundError, toOutboundError } from "./outbound-error";

/** Resolves a host name to all its addresses; the default is the system's resolver. */
export type Resolver = (host: string) => Promise<readonly string[]>;

export interface OutboundPolicy {
  /** Whether private and loopback addresses may be reached: an operator's setting, never an account's. */
  allowPrivate: boolean;
  resolve?: Resolver;
}

const systemResolver: Resolver = async (host) =>
  (await systemLookup(host, { all: true, verbatim: true })).map((entry) => entry.address);

function refuse(host: string, address: string, kind: AddressClass): OutboundError {
  const next =
    kind === "forbidden"
      ? "This address is never allowed."
      : "Private addresses need the operator's setting for private networks.";
  return new OutboundError(
    "forbidden_address",
    `${host} leads to ${address}, which may not be reached from here. ${next}`,
  );
}

/** Checks every address of a host. Plain http is for loopback only. Errors: OutboundError `forbidden_address`, `unresolvable`. */
async function checkedAddresses(host: string, plain: boolean, policy: OutboundPolicy): Promise<string[]> {
  let addresses: readonly string[] = [host];
  if (isIP(host) === 0) {
    try {
      addresses = await (policy.resolve ?? systemResolver)(host);
    } catch (cause) {
      throw new OutboundError("unresolvable", `The name ${host} could not be resolved. Check its spelling and DNS.`, {
        cause,
      });
    }
  }
  if (addresses.length === 0)
    throw new OutboundError("unresolvable", `The name ${host} has no address. Check its spelling and DNS.`);
  for (const address of addresses) {
    const kind = classifyAddress(address);
    if (kind === "forbidden" || (kind !== "public" && !policy.allowPrivate)) throw refuse(host, address, kind);
    if (plain && kind !== "loopback") {
      throw new OutboundError("invalid_url", `${host} is not on this machine, so it must be reached by https.`);
    }
  }
  return [...addresses];
}

/**
 * Resolves a host once and checks every address, for protocols other than HTTP: connect to an address returned here, never to the
 * name again. Errors: OutboundError `forbidden_address`, `unresolvable`.
 */
export const allowedAddresses = (host: string, policy: OutboundPolicy): Promise<string[]> =>
  checkedAddresses(host.replace(/^\[|\]$/g, ""), false, policy);

/** Parses a URL a person gave: https (http only where `allowPrivate`), no credentials. Errors: OutboundError `invalid_url`. */
export function parseTarget(url: string, allowPrivate: boolean): { parsed: URL; host: string; plain: boolean } {
  if (!URL.canParse(url))
    throw new OutboundError("invalid_url", "This is not a URL. Example: https://api.example.com:6443");
  const parsed = new URL(url);
  const plain = parsed.protocol === "http:";
  if (parsed.protocol !== "https:" && !(plain && allowPrivate)) {
    throw new OutboundError("invalid_url", "Only https addresses are allowed. Example: https://api.example.com:6443");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new OutboundError(
      "invalid_url",
      "The URL holds a user name or password. Put credentials into their own fields.",
    );
  }
  return { parsed, host: parsed.hostname.replace(/^\[|\]$/g, ""), plain };
}

/**
 * Resolves a URL's host once and checks every address in all its forms (decimal, octal and hex hosts are normalised by the
 * URL parser first). For connection tests and form validation; a request itself goes through `guardedAgent`, which pins.
 * Errors: OutboundError `invalid_url`, `forbidden_address`, `unresolvable`.
 */
export async function assertAllowedUrl(url: string, policy: OutboundPolicy): Promise<void> {
  const { host, plain } = parseTarget(url, policy.allowPrivate);
  await checkedAddresses(host, plain, policy);
}

/** Fails a redirect before its body is read, so that no credential follows it. */
function withoutRedirects(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  // DecoratorHandler adapts handlers of undici's older generation, which `request` and `fetch` still are.
  const next: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
  return {
    onRequestStart: (controller, context) => next.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, status, headers, socket) =>
      next.onRequestUpgrade?.(controller, status, headers, socket),
    onResponseStart: (controller, status, headers, text) => {
      if (status < 300 || status >= 400 || status === 304) {
        return next.onResponseStart?.(controller, status, headers, text);
      }
      const message = `The server answered with a redirect (${status}), which is not followed. Enter the final address.`;
      controller.abort(new OutboundError("redirect", message));
    },
    onResponseData: (controller, chunk) => next.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => next.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => next.onResponseError?.(controller, error),
  };
}

class GuardedAgent extends Agent {
  constructor(
    options: Agent.Options,
    private readonly allowPrivate: boolean,
  ) {
    super(options);
  }
  override dispatch(options: Agent.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    parseTarget(String(options.origin ?? ""), this.allowPrivate);
    return super.dispatch(options, withoutRedirects(handler));
  }
}

export interface GuardedAgentOptions extends OutboundPolicy {
  /** PEM. When given, only this CA is trusted. */
  ca?: string;
  /** Name for SNI and certificate check when it differs from the URL's host. */
  tlsServerName?: string;
  /** Connections per origin, default 4. */
  connections?: number;
  connectTimeoutMs?: number;
}

/**
 * An undici Agent for addresses that people gave: each connection resolves once, checks every address, and connects to the
 * checked ones with SNI and Host of the name; redirects fail; no proxy. Use it as `dispatcher`. Close it when done.
 * Errors (as a request's error or its cause): OutboundError `invalid_url`, `forbidden_address`, `unresolvable`, `redirect`.
 */
export function guardedAgent(options: GuardedAgentOptions): Agent {
  const lookupFor =
    (plain: boolean): LookupFunction =>
    (host, lookupOptions, callback) => {
      checkedAddresses(host, plain, options).then(
        (addresses) => {
          const all = addresses.map((address) => ({ address, family: isIP(address) }));
          if (lookupOptions.all) return callback(null, all);
          const first = all[0];
          return first
            ? callback(null, first.address, first.family)
            : callback(new OutboundError("unresolvable", `The name ${host} has no address.`), "", 0);
        },
        (error: Error) => callback(error, "", 0),
      );
    };
  const timeout = options.connectTimeoutMs ?? 10_000;
  const plain = buildConnector({ lookup: lookupFor(true), timeout });
  let secure: ReturnType<typeof buildConnector> | undefined;
  /** Made at the first connection, whose error a broken CA is; reading the CA costs as much as a handshake, so once for all. */
  const secured = () => {
    const secureContext = createSecureContext(options.ca === undefined ? {} : { ca: options.ca });
    return buildConnector({ lookup: lookupFor(false), timeout, secureContext });
  };
  return new GuardedAgent(
    {
      connections: options.connections ?? 4,
      pipelining: 1,
      maxHeaderSize: 32_768,
      connect: (target, callback) => {
        const isPlain = target.protocol !== "https:";
        const connect = () => {
          const named = options.tlsServerName === undefined ? target : { ...target, servername: options.tlsServerName };
          if (isPlain) return plain(named, callback);
          try {
            secure ??= secured();
          } catch (error) {
            return callback(toOutboundError(error, target.hostname), null);
          }
          secure(named, callback);
        };
        // Node skips `lookup` for a literal address, so it is checked here.
        if (isIP(target.hostname) === 0) return connect();
        checkedAddresses(target.hostname, isPlain, options).then(connect, (error: Error) => callback(error, null));
      },
    },
    options.allowPrivate,
  );
}
