import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { PROBLEMS, problemSchema } from "@/lib/http/problem";
import type { Route } from "./define";
import { LIMITS } from "./turn";

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});
const FAILURES = {
  ...{ "400": problem(PROBLEMS.invalid.title), "401": problem(PROBLEMS.unauthenticated.title) },
  ...{
    "403": problem(PROBLEMS.forbidden.title),
    "429": problem(`${PROBLEMS["too-many-requests"].title}; see Retry-After`),
  },
};

function answerOf({ answers }: Route) {
  const content =
    "schema" in answers
      ? { "application/json": { schema: answers.schema } }
      : Object.fromEntries(answers.media.map((type) => [type.split(";")[0], { schema: { type: "string" as const } }]));
  return { [String(answers.status)]: { description: answers.description, content } };
}

/** `GET /findings/{id}` → `getFindingsById`. */
export const operationId = ({ method, path }: Pick<Route, "method" | "path">): string =>
  method.toLowerCase() +
  path
    .split(/[/\-.]/)
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith("{")
        ? `By${part[1]?.toUpperCase()}${part.slice(2, -1)}`
        : `${part[0]?.toUpperCase()}${part.slice(1)}`,
    )
    .join("");

/** The OpenAPI 3.1 document of these routes, made from the very schemas that their handlers parse with. */
export function describe(routes: readonly Route[], server: string): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const { method, path, tag, summary, description, needs, role, params, query, body } = route;
    const notes = `${description === undefined ? "" : `${description}\n\n`}Token scope: \`${needs}\`. Role: ${role}. At most ${LIMITS[needs]} a minute.`;
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: operationId(route),
        tags: [tag],
        summary,
        description: notes,
        requestParams: { ...(params && { path: params }), ...(query && { query }) },
        ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
        responses: {
          ...answerOf(route),
          ...FAILURES,
          ...(params && { "404": problem(PROBLEMS["not-found"].title) }),
          ...(method !== "GET" && { "409": problem(PROBLEMS.conflict.title) }),
        },
      },
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Seawall",
      version: "1",
      description:
        "What the console shows, by the same queries. Lists are paged by cursor; errors are application/problem+json.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: `${server}/api/v1` }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token, made under Settings" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "better-auth.session_token",
          description: "The console's own session",
        },
      },
    },
  });
}
