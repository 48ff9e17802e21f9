import "server-only";
import type { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { type Counts, countsSchema, type Page, pageOf } from "@/lib/http/answer";
import { EXPORT_FORMATS, type ExportFormat, type ExportRows, type ExportTable, MEDIA_TYPE } from "@/lib/http/export";
import { countsParameters, oneOf } from "@/lib/http/parameter";
import { baseUrl } from "./base-url";
import { type Route, route } from "./define";
import { exportResponse } from "./export";

/** A list of the API. Its types are plain ones, which its schemas put out: generic over the schemas, the compiler takes minutes. */
interface List<F, Q extends F, I> {
  name: string;
  tag: string;
  /** What the rows are, for the reference: `findings`. */
  rows: string;
  filter: z.ZodObject;
  query: z.ZodObject;
  item: z.ZodType;
  facets: readonly [string, ...string[]];
  page: (scope: AccountScope, query: Q) => Promise<Page<I>>;
  counts: (scope: AccountScope, filter: F & { facets: readonly never[]; within: string | null }) => Promise<Counts>;
  table: (base: string, at: Date) => Promise<ExportTable<I>>;
  all: (scope: AccountScope, query: Q) => Promise<ExportRows<I>>;
}

/** The three addresses of a list: its pages, its counts, all of it as a file. One filter schema parses all of them. */
export function listRoutes<F, Q extends F, I>(list: List<F, Q, I>): Route[] {
  const { name, tag, rows, filter, query, item } = list;
  // Below, `asked` was parsed by the list's own schemas, whose outputs F and Q are.
  const reads = { method: "GET", tag, role: "Security Reader" } as const;
  const files = query.omit({ cursor: true, size: true }).extend({
    format: oneOf(EXPORT_FORMATS, "The file's format; CSV when not given."),
  });
  return [
    route({
      ...reads,
      path: `/${name}`,
      needs: "read",
      summary: `One page of ${rows}`,
      query,
      answers: { status: 200, description: `A page of ${rows}`, schema: pageOf(item) },
      handle: ({ scope, query: asked }) => list.page(scope, asked as Q),
    }),
    route({
      ...reads,
      path: `/${name}/counts`,
      needs: "read",
      summary: `How many ${rows} match, and by facet`,
      query: filter.extend(countsParameters(list.facets)),
      answers: { status: 200, description: "Counts", schema: countsSchema },
      handle: ({ scope, query: asked }) => list.counts(scope, asked as Parameters<typeof list.counts>[1]),
    }),
    route({
      ...reads,
      path: `/${name}/export`,
      needs: "export",
      summary: `All ${rows} that match, as a file`,
      description:
        "Streamed from one moment of the database, without a limit of rows. The header Seawall-Rows says how many there are; a file that breaks off is not complete. JSON Lines end with a line that says the rows.",
      query: files,
      answers: { status: 200, description: "The file", media: EXPORT_FORMATS.map((format) => MEDIA_TYPE[format]) },
      handle: ({ scope, query: asked, request }) => {
        const { format, ...rest } = asked as Q & { format: ExportFormat | null };
        return exportResponse(scope, format ?? "csv", async () => {
          const all = await list.all(scope, rest as unknown as Q);
          return { rows: all, table: await list.table(baseUrl(request), all.asOf) };
        });
      },
    }),
  ];
}
