import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { FaultKind } from "./model";

/** The status that a log shows for a faulted request; 0 where none was sent whole. */
export const faultStatus = (kind: FaultKind): number =>
  kind === "filtered" ? 403 : /^\d{3}/.test(kind) ? Number(kind.slice(0, 3)) : 0;

export interface FaultOptions {
  /** The wire's own error document for a status, e.g. ARM's `{"error":{"code":…}}` or a Kubernetes Status. */
  errorBody(status: number): { contentType: string; body: string; headers?: Record<string, string> };
  /** The answer that would have been sent, for `cut`; without it a plain JSON text is cut. */
  completeBody?: string;
  /** Simulated now, for the date form of `Retry-After`: real time by default, because a client compares it with its own clock. */
  now?: Date;
  /** Seconds a client is asked to wait. Default 2. */
  retryAfterSeconds?: number;
}

const FILLER = JSON.stringify({ value: Array.from({ length: 40 }, (_, index) => ({ name: `item-${index}` })) });

const sendError = (
  res: ServerResponse,
  status: number,
  options: FaultOptions,
  headers: Record<string, string> = {},
) => {
  const error = options.errorBody(status);
  res.writeHead(status, { "content-type": error.contentType, ...error.headers, ...headers });
  res.end(error.body);
};

/**
 * Answers (or refuses to answer) a request as the fault says. Returns true when the request is dealt with; false for
 * `repeat-page`, which only the wire can do: it must answer the same page with the same continuation for ever. `filtered` is
 * the loss of the right to clusters: a wire answers its list of them with none, and all else is refused.
 */
export function applyFault(kind: FaultKind, req: IncomingMessage, res: ServerResponse, options: FaultOptions): boolean {
  const seconds = options.retryAfterSeconds ?? 2;
  switch (kind) {
    case "401":
    case "403":
    case "404":
    case "500":
      sendError(res, Number(kind), options);
      return true;
    case "429-seconds":
      sendError(res, 429, options, { "retry-after": String(seconds) });
      return true;
    case "429-date": {
      const until = new Date((options.now ?? new Date()).getTime() + seconds * 1000);
      sendError(res, 429, options, { "retry-after": until.toUTCString() });
      return true;
    }
    case "hang":
      // No answer and no close: the client's own time-out must end it. The socket goes when either side stops.
      req.resume();
      return true;
    case "reset":
      // An RST where the transport has one; a TLS socket cannot send it and is broken off.
      if (req.socket instanceof TLSSocket) req.socket.destroy();
      else req.socket.resetAndDestroy();
      return true;
    case "cut": {
      const body = Buffer.from(options.completeBody ?? FILLER);
      res.writeHead(200, { "content-type": "application/json", "content-length": String(body.length) });
      res.write(body.subarray(0, Math.max(1, Math.floor(body.length / 2))), () => req.socket.destroy());
      return true;
    }
    case "malformed":
      res.writeHead(200, { "content-type": "application/json" });
      res.end('{"value": [{"name": "half an ob');
      return true;
    case "html":
      res.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      res.end(
        "<!doctype html><html><head><title>Sign in</title></head><body>Please sign in to the proxy.</body></html>",
      );
      return true;
    case "filtered":
      sendError(res, 403, options);
      return true;
    case "repeat-page":
      return false;
  }
}
