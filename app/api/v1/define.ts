import type { z } from "zod";
import type { TokenScope } from "@/domain/access/api-token/schema";
import type { AccountScope, Role } from "@/domain/access/scope";
import { readBytes } from "@/lib/http/body";
import { queryRecord } from "@/lib/http/list-query";
import { invalid, Problem } from "@/lib/http/problem";
import { scanList } from "@/lib/outbound-json-list";

type Shape = z.ZodObject;
type Out<S> = S extends z.ZodType ? z.output<S> : Record<string, never>;

/** What a handler gets: everything parsed by the route's own schemas. */
export interface Call<P, Q, B> {
  scope: AccountScope;
  request: Request;
  params: P;
  query: Q;
  body: B;
}

/** What a route answers with, for the reference: JSON of a schema, or a file. */
export type Answers =
  | { status: 200 | 202; description: string; schema: z.ZodType }
  | { status: 200; description: string; media: readonly string[] };

interface Definition<P extends Shape, Q extends Shape, B extends Shape> {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below /api/v1, with `{name}` for parameters. */
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  /** What an API token must hold. */
  needs: TokenScope;
  /** The least role on the accounts concerned; mutations require it themselves. */
  role: Role;
  params?: P;
  query?: Q;
  body?: B;
  answers: Answers;
  /** An object becomes JSON with the status of `answers`; a Response goes out as it is. */
  handle: (call: Call<Out<P>, Out<Q>, Out<B>>) => Promise<object>;
}

/** A route of the table, from which requests are served and the reference is written. */
export interface Route extends Omit<Definition<Shape, Shape, Shape>, "handle"> {
  run: (scope: AccountScope, request: Request, params: Record<string, string>) => Promise<Response>;
}

const MOST_BYTES = 64 * 1024;
/** Levels of nesting: what reads settings walks them, and no setting nests so deep. */
const MOST_LEVELS = 32;

async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new Problem("unsupported-media", "The body must be JSON.");
  const body = await readBytes(request, MOST_BYTES);
  if (body === null) throw new Problem("too-large", `The body may have ${MOST_BYTES} bytes.`);
  if (scanList(body, MOST_LEVELS).deep)
    throw new Problem("invalid", `The body nests deeper than ${MOST_LEVELS} levels.`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Problem("invalid", "The body is no JSON.");
  }
}

function parsed<S extends Shape>(schema: S | undefined, input: unknown, what: string): Out<S> {
  const result = schema?.safeParse(input);
  if (result?.success === false) throw invalid(result.error, what);
  return (result?.data ?? {}) as Out<S>; // parsed by this very schema, or there is none
}

/** Ties a handler to its schemas: it can only be called with what they parsed. */
export function route<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape>(
  definition: Definition<P, Q, B>,
): Route {
  const { handle, ...rest } = definition;
  return {
    ...rest,
    async run(scope, request, rawParams) {
      const search = queryRecord(new URL(request.url).searchParams);
      if (definition.query === undefined && Object.keys(search).length > 0)
        throw new Problem("invalid", "This address takes no parameters.");
      const answer = await handle({
        scope,
        request,
        params: parsed(definition.params, rawParams, "address"),
        query: parsed(definition.query, search, "query"),
        body: parsed(definition.body, definition.body === undefined ? {} : await readBody(request), "body"),
      });
      if (answer instanceof Response) return answer;
      return Response.json(answer, { status: definition.answers.status, headers: { "Cache-Control": "no-store" } });
    },
  };
}
