import { z } from "zod";
import { exemptionsParameter } from "@/domain/inventory/exemptions-parameter";
import { momentSchema } from "@/lib/http/answer";
import { cursor, id, manyOf, moment, oneOf, size, sortOf } from "@/lib/http/parameter";
import { LEDGER_STEPS } from "../ledger";
import { moverSchema } from "../mover/schema";
import { SCORE_GROUP_IDS } from "../schema";

/** The score's history: every stored point with why it moved. Safe in the browser. */
export const SCORE_SCOPES = ["fleet", "account", "cluster"] as const;
export const SCORE_SORTS = ["at"] as const;
export const SCORE_FACETS = ["scope", "step", "points"] as const;
/** A point is also stored when only counts changed: what moves neither the score by a hundredth nor what of it was seen, and is no first one, is `quiet`. */
export const SCORE_POINTS = ["moved", "quiet"] as const;
export type ScoreFacet = (typeof SCORE_FACETS)[number];

export const scoreFilter = z.strictObject({
  scope: oneOf(
    SCORE_SCOPES,
    "Whose score; when not given the fleet's, which needs a role on everything, or else the accounts'.",
  ),
  account: id("With `scope=account`: which one; all when not given."),
  cluster: id("With `scope=cluster`: which one; all when not given."),
  step: manyOf(LEDGER_STEPS, "Only points that moved for one of these reasons."),
  points: manyOf(
    SCORE_POINTS,
    "Points that moved the score by a hundredth or more, moved coverage by 0.0005 or more, or lost sight of resources or saw them again, and first ones; or the `quiet` others. Those that moved when none is given.",
  ),
  exemptions: exemptionsParameter("Score whose moves tell points that moved from `quiet` ones,"),
  after: moment("At this moment or later."),
  before: moment("Before this moment."),
});
export type ScoreFilter = z.output<typeof scoreFilter>;
export const scoreQuery = scoreFilter.extend({ sort: sortOf(SCORE_SORTS, "-at"), cursor, size });
export type ScoreQuery = z.output<typeof scoreQuery>;

export const ledgerEntrySchema = z
  .object({
    step: z.enum(LEDGER_STEPS),
    delta: z.number().meta({ description: "Points, two decimals; the entries of a point sum to its change" }),
    resources: z.number().int(),
    lost: z.number().int().optional().meta({
      description:
        "With `coverage`: how many of them were lost sight of; the others were seen again. Absent in points from before it was told apart",
    }),
  })
  .meta({ id: "LedgerEntry" });

export const scoreItem = z
  .object({
    id: z.uuid(),
    scope: z.enum(SCORE_SCOPES),
    subject: z.object({ id: z.uuid(), name: z.string() }).nullable().meta({ description: "Null for the fleet" }),
    at: momentSchema,
    first: z.boolean().meta({ description: "The first of its subject: there is nothing before it" }),
    score: z.number().nullable().meta({ description: "0…100; null when nothing could be scored" }),
    change: z.number().meta({
      description: "Since the point before; no score counts as 0, so of a first one it is the whole score",
    }),
    scoreWithoutExemptions: z.number().nullable().meta({
      description: "The score as if there were no exemption; null when nothing could be scored, or it was not kept",
    }),
    changeWithoutExemptions: z.number().nullable().meta({
      description: "Of that, since the point before, of a first one all of it; null when it is not known what it was",
    }),
    keptWithoutExemptions: z.boolean().meta({
      description: "Whether the score without exemptions was kept: points from before it was have none",
    }),
    coverage: z.number().nullable().meta({ description: "evaluated ÷ expected, 0…1" }),
    coverageChange: z
      .number()
      .meta({ description: "Since the point before, −1…1; no coverage counts as 1. 0 of a first one" }),
    expected: z.number().int(),
    evaluated: z.number().int(),
    ledger: z.array(ledgerEntrySchema),
    scanId: z
      .uuid()
      .nullable()
      .meta({ description: "The scan that moved it, which is not kept as long; null for an old day's last point" }),
    movedBy: moverSchema
      .nullable()
      .meta({ description: "Whose scan it was; null when that scan is not kept any more" }),
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
        currentWithoutExemptions: z.number().nullable().meta({ description: "Null also when it was not kept" }),
        max: z.number(),
      }),
    ),
    previous: z.object({ id: z.uuid(), at: momentSchema, score: z.number().nullable() }).nullable(),
    notKeptBefore: momentSchema
      .nullable()
      .meta({ description: "Until when no point kept its score without exemptions; null when all do" }),
  })
  .meta({ id: "ScorePointDetail" });
export type ScoreDetail = z.infer<typeof scoreDetail>;
