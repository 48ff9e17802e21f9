import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import protobuf from "protobufjs";
import { faultStatus } from "../fault";
import type { FaultKind } from "../model";
import type { ClusterManager } from "./cluster-manager";
import { methods, requestFromBinary, SERVICE } from "./protos";
import { faultError, GoogleApiError, RPC } from "./status";

const MAX_REQUEST_BYTES = 64 * 1024;

/** One uncompressed gRPC message: flag, length, bytes. */
export function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** google.rpc.Status with at most a RetryInfo, written by hand: the service's own definitions do not hold these messages. */
function statusDetails(error: GoogleApiError): string | undefined {
  const retry = error.details.find((detail) => detail["@type"].endsWith("/google.rpc.RetryInfo"));
  if (retry === undefined) return undefined;
  const seconds = Number.parseInt(String(retry.retryDelay), 10);
  const duration = protobuf.Writer.create().uint32(8).int64(seconds).finish();
  const info = protobuf.Writer.create().uint32(10).bytes(duration).finish();
  const any = protobuf.Writer.create().uint32(10).string(retry["@type"]).uint32(18).bytes(info).finish();
  const status = protobuf.Writer.create().uint32(8).int32(RPC[error.status].code).uint32(18).string(error.message);
  return Buffer.from(status.uint32(26).bytes(any).finish()).toString("base64");
}

function sendError(stream: ServerHttp2Stream, error: GoogleApiError): void {
  const details = statusDetails(error);
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc+proto",
      "grpc-status": String(RPC[error.status].code),
      "grpc-message": encodeURIComponent(error.message),
      ...(details === undefined ? {} : { "grpc-status-details-bin": details }),
    },
    { endStream: true },
  );
}

function sendMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc+proto" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(frame(message));
}

/** The nearest thing to each fault that this transport has. */
function sendFault(
  stream: ServerHttp2Stream,
  fault: FaultKind,
  action: string,
  whole: Uint8Array,
  seconds: number,
): void {
  switch (fault) {
    case "hang":
      return;
    case "reset":
      stream.session?.destroy();
      return;
    case "cut": {
      const bytes = frame(whole.length === 0 ? Buffer.alloc(64) : whole);
      stream.respond({ ":status": 200, "content-type": "application/grpc+proto" });
      stream.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () =>
        stream.close(constants.NGHTTP2_INTERNAL_ERROR),
      );
      return;
    }
    case "malformed":
      // Field 1 promises 127 bytes that do not follow.
      sendMessage(stream, Buffer.from([0x0a, 0x7f, 0x01, 0x02]));
      return;
    case "html":
      stream.respond({ ":status": 200, "content-type": "text/html; charset=utf-8" });
      stream.end("<!doctype html><html><body>Please sign in to the proxy.</body></html>");
      return;
    default:
      sendError(stream, faultError(faultStatus(fault), action, seconds));
  }
}

function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  body: Buffer,
  service: ClusterManager,
  seconds: number,
) {
  const [, name, rpc = ""] = String(headers[":path"]).split("/");
  const method = methods.get(rpc);
  try {
    if (name !== SERVICE || method === undefined)
      throw new GoogleApiError("UNIMPLEMENTED", `${name}/${rpc} is not simulated`);
    if (body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5) {
      throw new GoogleApiError("INVALID_ARGUMENT", "The request is not one uncompressed gRPC message.");
    }
    const outcome = service(rpc, requestFromBinary(method, body.subarray(5)), headers.authorization);
    if (outcome.kind === "answer") sendMessage(stream, outcome.binary);
    else if (outcome.kind === "error") sendError(stream, outcome.error);
    else sendFault(stream, outcome.fault, outcome.action, outcome.binary, seconds);
  } catch (error) {
    sendError(stream, error instanceof GoogleApiError ? error : new GoogleApiError("INVALID_ARGUMENT", String(error)));
  }
}

/** Answers ClusterManager over gRPC, on plain HTTP/2 streams so that faults can break the transport itself. */
export function grpcHandler(service: ClusterManager, retryAfterSeconds: number) {
  return (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("error", () => stream.destroy());
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_REQUEST_BYTES) stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      else chunks.push(chunk);
    });
    stream.on("end", () => {
      if (!stream.destroyed && !stream.closed)
        answer(stream, headers, Buffer.concat(chunks), service, retryAfterSeconds);
    });
  };
}
