import "server-only";
import { requestScope } from "@/domain/access/gate";
import { requireAnyRole } from "@/domain/access/scope";
import { Problem } from "@/lib/http/problem";
import type { Route } from "./define";
import { problemOf } from "./failure";
import { requireTurn, turnHeaders } from "./turn";

interface Match {
  routes: Route[];
  params: Record<string, string>;
}

/** Routes of an address with its parameters, whatever their method. A part that no URL may hold matches nothing. */
export function match(table: readonly Route[], path: readonly string[]): Match {
  for (const route of table) {
    const parts = route.path === "/" ? [] : route.path.slice(1).split("/");
    if (parts.length !== path.length) continue;
    const params: Record<string, string> = {};
    const same = parts.every((part, at) => {
      const given = path[at] ?? "";
      if (!part.startsWith("{")) return part === given;
      params[part.slice(1, -1)] = given;
      return given !== "";
    });
    if (same) return { routes: table.filter((other) => other.path === route.path), params };
  }
  return { routes: [], params: {} };
}

/** Serves one request from the table: gate, rate limit, parse, handle. Whatever fails becomes a problem. */
export async function dispatch(table: readonly Route[], request: Request, path: readonly string[]): Promise<Response> {
  const { routes, params } = match(table, path);
  const route = routes.find((one) => one.method === request.method);
  try {
    const needs = route?.needs ?? "read";
    const scope = await requestScope(request, needs);
    if (routes.length === 0) throw new Problem("not-found", "There is nothing at this address.");
    if (route === undefined) {
      const allow = routes.map((one) => one.method).join(", ");
      throw new Problem("method-not-allowed", `This address takes ${allow}.`, { headers: { Allow: allow } });
    }
    requireAnyRole(scope);
    const turn = await requireTurn(scope, needs);
    const response = await route.run(scope, request, params);
    for (const [name, value] of Object.entries(turnHeaders(turn))) response.headers.set(name, value);
    return response;
  } catch (error) {
    return problemOf(error, `${request.method} ${route?.path ?? "unknown"}`).response();
  }
}
