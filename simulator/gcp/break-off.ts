import type { IncomingMessage, ServerResponse } from "node:http";
import { applyFault, type FaultOptions } from "../fault";
import type { FaultKind } from "../model";

/** `applyFault` for a TLS listener: a TLS socket cannot send an RST, so `reset` just breaks the connection off. */
export function applyTlsFault(
  kind: FaultKind,
  req: IncomingMessage,
  res: ServerResponse,
  options: FaultOptions,
): boolean {
  if (kind !== "reset") return applyFault(kind, req, res, options);
  req.socket.destroy();
  return true;
}
