import { z } from "zod";
import { momentSchema } from "@/lib/http/answer";
import { cursor, id, manyOf, moment, oneOf, size, sortOf } from "@/lib/http/parameter";
import { LEDGER_STEPS } from "../ledger";
import { SCORE_GROUP_IDS } from "../schema";

/** The score's history: every stored point with why it moved. Safe in the browser. */
export const SCORE_SCOPES = ["fleet", "account", "cluster"] as const;
export const SCORE_SORTS = ["at"] as const;
export const SCORE_FACETS = ["scope", "step"] as const;
export type ScoreFacet = (typeof SCORE_FACETS)[number];

export const scoreFilter = z.strictObject({
  scope: oneOf(SCORE_SCOPES, "Whose score; the fleet's when not given. The fleet's needs a role on everything."),
  account: id("With `scope=account`: which one; all when not given."),
  cluster: id("With `scope=cluster`: which one; all when not given."),
  step: manyOf(LEDGER_STEPS, "Only points that moved for one of these reasons."),
  after: moment("At this moment or later."),
  before: moment("Before this moment."),
});
export type ScoreFilter = z.output<typeof scoreFilter>;
export const scoreQuery = scoreFilter.extend({ sort: sortOf(SCORE_SORTS, "-at"), cursor, size });
export type ScoreQuery = z.output<typeof scoreQuery>;

export const ledgerEntrySchema = z
  .object({
    step: z.enum(LEDGER_STEPS),
    delta: z.number().meta({ description: "Points; the entries of a point sum to its change" }),
    resources: z.number().int(),
  })
  .meta({ id: "LedgerEntry" });

export const scoreItem = z
  .object({
    id: z.uuid(),
    scope: z.enum(SCORE_SCOPES),
    subject: z.object({ id: z.uuid(), name: z.string() }).nullable().meta({ description: "Null for the fleet" }),
    at: momentSchema,
    score: z.number().nullable().meta({ description: "0…100; null when nothing could be scored" }),
    change: z.number().meta({ description: "Since the point before; no score counts as 0" }),
    coverage: z.number().nullable().meta({ description: "evaluated ÷ expected, 0…1" }),
    expected: z.number().int(),
    evaluated: z.number().int(),
    ledger: z.array(ledgerEntrySchema),
    scanId: z
      .uuid()
      .nullable()
      .meta({ description: "The scan that moved it, which is not kept as long; null for an old day's last point" }),
  })
  .meta({ id: "ScorePoint" });
export type ScoreItem = z.infer<typeof scoreItem>;

/** A point with its score groups. */
export const scoreDetail = scoreItem
  .extend({
    groups: z.array(
      z.object({
        group: z.enum(SCORE_GROUP_IDS),
        healthy: z.number().int(),
        unhealthy: z.number().int(),
        out: z.number().int(),
        current: z.number().nullable(),
        max: z.number(),
      }),
    ),
    previous: z.object({ id: z.uuid(), at: momentSchema, score: z.number().nullable() }).nullable(),
    /** The cluster whose scan moved it. */
    movedBy: z
      .object({ scanId: z.uuid(), cluster: z.object({ id: z.uuid(), name: z.string() }).nullable() })
      .nullable(),
  })
  .meta({ id: "ScorePointDetail" });
export type ScoreDetail = z.infer<typeof scoreDetail>;
