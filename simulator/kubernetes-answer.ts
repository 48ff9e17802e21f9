import type { IncomingMessage, ServerResponse } from "node:http";
import { gzip } from "node:zlib";
import { published } from "./published";

const REASONS: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  410: "Expired",
  429: "TooManyRequests",
  500: "InternalError",
  501: "NotImplemented",
};

/** A Kubernetes `Status` failure document. */
export const statusBody = (code: number, message: string, metadata: Record<string, string> = {}): string =>
  JSON.stringify(
    published("status", {
      kind: "Status",
      apiVersion: "v1",
      metadata,
      status: "Failure",
      message,
      reason: REASONS[code] ?? "Unknown",
      code,
    }),
  );

/** An answer that the API refuses with; the router renders it. */
export class Refusal extends Error {
  override name = "Refusal";
  constructor(
    readonly code: number,
    message: string,
    readonly metadata: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** The API server compresses bodies above 128 KiB when the client accepts gzip. */
const GZIP_FROM = 128 * 1024;

/** Sends a JSON text, gzipped when it is large and the client accepts it. */
export function sendJson(req: IncomingMessage, res: ServerResponse, code: number, body: string): Promise<void> {
  const accepts = /\bgzip\b/.test(String(req.headers["accept-encoding"] ?? ""));
  const headers = { "content-type": "application/json", "cache-control": "no-cache, private" };
  if (!accepts || body.length < GZIP_FROM) {
    res.writeHead(code, { ...headers, "content-length": String(Buffer.byteLength(body)) });
    res.end(body);
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    gzip(body, { level: 1 }, (error, packed) => {
      if (error !== null) return reject(error);
      res.writeHead(code, {
        ...headers,
        "content-encoding": "gzip",
        vary: "Accept-Encoding",
        "content-length": String(packed.length),
      });
      res.end(packed);
      resolve();
    });
  });
}
