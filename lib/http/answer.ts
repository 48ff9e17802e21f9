import { z } from "zod";

/** The shapes that every list answers with. Safe in the browser. */
export const momentSchema = z.iso.datetime({ offset: true }).meta({ description: "ISO 8601, UTC" });

/** One page: `next` is null on the last one. `notes` say what a reader must know, e.g. that text search is limited here. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: "Cursor of the next page; null on the last" }),
    asOf: momentSchema,
    notes: z.array(z.string()),
  });
export interface Page<T> {
  items: T[];
  next: string | null;
  asOf: string;
  notes: string[];
}

export const facetValueSchema = z
  .object({
    value: z.string(),
    label: z.string(),
    count: z.number().int(),
  })
  .meta({ id: "FacetValue" });
export type FacetValue = z.infer<typeof facetValueSchema>;

/** How many there are under a filter, and by facet. A facet's counts leave its own filter out, so other values stay choosable. */
export const countsSchema = z
  .object({
    total: z.number().int(),
    exact: z.boolean().meta({ description: "false: more matched than were counted; `total` is a lower bound" }),
    facets: z.record(z.string(), z.array(facetValueSchema)),
    capped: z.array(z.string()).meta({ description: "Facets whose counts are lower bounds" }),
    more: z.array(z.string()).meta({ description: "Facets with more values than these; narrow them with `within`" }),
    asOf: momentSchema,
    notes: z.array(z.string()),
  })
  .meta({ id: "Counts" });
export type Counts = z.infer<typeof countsSchema>;

/** Most values that one facet answers. */
export const MOST_FACET_VALUES = 200;
