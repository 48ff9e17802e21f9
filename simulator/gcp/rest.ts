import type { IncomingMessage, ServerResponse } from "node:http";
import { applyTlsFault } from "./break-off";
import type { ClusterManager } from "./cluster-manager";
import { methods, type ProtoJson, requestFromJson } from "./protos";
import { faultError, GoogleApiError } from "./status";

interface Route {
  verb: string;
  pattern: RegExp;
  names: string[];
  rpc: string;
}
const VERBS = ["get", "post", "put", "delete", "patch"] as const;
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `/v1/{parent=projects/*}/clusters:verb` as a pattern with one group for each variable. */
function route(verb: string, template: string, rpc: string): Route {
  const names: string[] = [];
  const source = template.replace(/\{(\w+)(?:=([^}]*))?\}|[.:()+?]/g, (match, name?: string, shape?: string) => {
    if (name === undefined) return `\\${match}`;
    names.push(camel(name));
    return `(${(shape ?? "*").replace(/\*\*?/g, (stars) => (stars === "**" ? ".+" : "[^/:]+"))})`;
  });
  return { verb: verb.toUpperCase(), pattern: new RegExp(`^${source}$`), names, rpc };
}

/** The HTTP bindings of every method, from the `google.api.http` options the package ships. */
const routes: Route[] = [...methods.values()].flatMap((method) =>
  [method.parsedOptions ?? []].flat().flatMap((option: Record<string, unknown>) => {
    const rule = option["(google.api.http)"] as Record<string, unknown> | undefined;
    if (rule === undefined) return [];
    return [rule, rule.additional_bindings ?? []].flat().flatMap((binding) =>
      VERBS.flatMap((verb) => {
        const template = (binding as Record<string, unknown>)[verb];
        return typeof template === "string" ? [route(verb, template, method.name)] : [];
      }),
    );
  }),
);

function parse(url: URL, verb: string): { rpc: string; request: ProtoJson } {
  for (const each of routes) {
    const found = each.verb === verb ? each.pattern.exec(decodeURIComponent(url.pathname)) : null;
    const method = methods.get(each.rpc);
    if (found === null || method === undefined) continue;
    const request: ProtoJson = Object.fromEntries(each.names.map((name, index) => [name, found[index + 1]]));
    for (const [name, value] of url.searchParams)
      if (!name.startsWith("$") && name !== "alt") request[camel(name)] = value;
    try {
      // Bodies are for writes; nothing that writes is simulated, so the service refuses those by name.
      return { rpc: each.rpc, request: verb === "GET" ? requestFromJson(method, request) : {} };
    } catch (error) {
      throw new GoogleApiError("INVALID_ARGUMENT", `Invalid value: ${error instanceof Error ? error.message : ""}`);
    }
  }
  throw new GoogleApiError("UNIMPLEMENTED", `${verb} ${url.pathname} is not simulated`);
}

/** Answers ClusterManager over HTTP/JSON. */
export function restHandler(service: ClusterManager, retryAfterSeconds: number) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    req.resume();
    const send = (status: number, body: string) => {
      res.writeHead(status, { "content-type": "application/json; charset=UTF-8" }).end(body);
    };
    try {
      const { rpc, request } = parse(new URL(req.url ?? "/", "https://simulator"), req.method ?? "GET");
      const outcome = service(rpc, request, req.headers.authorization);
      if (outcome.kind === "answer") send(200, outcome.json);
      else if (outcome.kind === "error") send(outcome.error.http, outcome.error.body());
      else
        applyTlsFault(outcome.fault, req, res, {
          completeBody: outcome.json,
          retryAfterSeconds,
          errorBody: (status) => ({
            contentType: "application/json; charset=UTF-8",
            body: faultError(status, outcome.action, retryAfterSeconds).body(),
          }),
        });
    } catch (error) {
      if (!(error instanceof GoogleApiError)) throw error;
      send(error.http, error.body());
    }
  };
}
