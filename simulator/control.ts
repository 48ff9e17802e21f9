import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Core } from "./core";
import { FAULT_KINDS, type SimAccount, type SimConnection, type SimFault, type SimWire } from "./model";

/** A ready-to-use account for Seawall, as `GET /accounts` lists them. */
export interface AccountConnection extends SimConnection {
  provider: SimAccount["provider"];
  name: string;
  externalId: string;
}

export type CloudWires = Partial<Record<SimAccount["provider"], SimWire>>;

/** Connections of all accounts whose wire runs, as each wire describes them. */
export function connections(core: Core, wires: CloudWires): AccountConnection[] {
  return core.accounts().flatMap((account): AccountConnection[] => {
    const connection = wires[account.provider]?.connection?.(account);
    if (connection === undefined) return [];
    return [{ provider: account.provider, name: account.name, externalId: account.id, ...connection }];
  });
}

class BadRequest extends Error {}

const bodyOf = async (req: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = "";
  for await (const chunk of req) {
    text += String(chunk);
    if (text.length > 1_000_000) throw new BadRequest("the body is too large");
  }
  let value: unknown;
  try {
    value = JSON.parse(text === "" ? "{}" : text);
  } catch (error) {
    throw new BadRequest(`the body is not JSON: ${String(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BadRequest("the body is not an object");
  return value as Record<string, unknown>;
};

const faultOf = (body: Record<string, unknown>): Omit<SimFault, "id"> & { id?: string } => {
  const { id, service = "*", action = "*", target, kind, skip, times } = body;
  const known = FAULT_KINDS.find((each) => each === kind);
  if (known === undefined) throw new BadRequest(`kind is none of ${FAULT_KINDS.join(", ")}`);
  const services = ["entra", "arm", "sts", "eks", "ec2", "gcp-sts", "gke", "kubernetes", "*"] as const;
  const at = services.find((each) => each === service);
  if (at === undefined) throw new BadRequest(`service is none of ${services.join(", ")}`);
  if (typeof action !== "string") throw new BadRequest("action is no string");
  return {
    service: at,
    action,
    kind: known,
    ...(typeof id === "string" ? { id } : {}),
    ...(typeof target === "string" ? { target } : {}),
    ...(typeof skip === "number" ? { skip } : {}),
    ...(typeof times === "number" ? { times } : {}),
  };
};

/** `{now: ISO text | null, frozen?}` sets the clock (null: real time), `{advanceMs}` moves it. */
const setClock = (core: Core, body: Record<string, unknown>) => {
  const { now, advanceMs, frozen } = body;
  if (now === null) return core.setNow(null);
  const at = typeof advanceMs === "number" ? new Date(core.now().getTime() + advanceMs) : new Date(String(now));
  if (Number.isNaN(at.getTime()))
    throw new BadRequest('say {"now":"2026-01-31T12:00:00Z"}, {"now":null} or {"advanceMs":86400000}');
  core.setNow(at, frozen === true);
};

/** The control endpoint's server: for the demo and the tests, on loopback only. */
export function controlServer(core: Core, wires: CloudWires) {
  const route = async (req: IncomingMessage, url: URL): Promise<unknown> => {
    const clock = () => ({ now: core.now().toISOString(), anchor: core.world.anchor.toISOString() });
    const what = `${req.method ?? "GET"} ${url.pathname}`;
    if (what === "GET /accounts") return connections(core, wires);
    if (what === "GET /clusters") return core.clusters();
    if (what === "GET /log") return core.requests(Number(url.searchParams.get("since") ?? 0) || 0);
    if (what === "GET /faults") return core.faults();
    if (what === "POST /faults") return core.addFault(faultOf(await bodyOf(req)));
    if (req.method === "DELETE" && /^\/faults(\/|$)/.test(url.pathname)) {
      const id = decodeURIComponent(url.pathname.slice("/faults/".length));
      core.removeFault(id === "" ? undefined : id);
      return core.faults();
    }
    if (what === "GET /clock") return clock();
    if (what === "POST /clock") {
      setClock(core, await bodyOf(req));
      return clock();
    }
    return undefined;
  };
  return createServer((req: IncomingMessage, res: ServerResponse) => {
    const send = (status: number, value: unknown) =>
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    route(req, new URL(req.url ?? "/", "http://control")).then(
      (value) => (value === undefined ? send(404, { error: `no ${req.method} ${req.url}` }) : send(200, value)),
      (error: unknown) =>
        send(error instanceof BadRequest ? 400 : 500, {
          error: error instanceof Error ? error.message : String(error),
        }),
    );
  });
}
