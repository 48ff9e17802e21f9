import { z } from "zod";
import { DISTRIBUTIONS } from "@/domain/inventory/schema";
import { cursor, manyIds, manyOf, size, sortOf, text } from "@/lib/http/parameter";
import { controlSchema, SCORE_GROUP_IDS, SEVERITIES } from "../schema";

/** The list of recommendations: every control with what it says of the estate. Safe in the browser. */
export const RECOMMENDATION_STATES = ["unhealthy", "healthy", "exempted", "not-evaluated", "not-applicable"] as const;
export type RecommendationState = (typeof RECOMMENDATION_STATES)[number];
export const RECOMMENDATION_SORTS = ["group", "increase", "severity", "unhealthy", "title", "id", "effort"] as const;
export const RECOMMENDATION_FACETS = ["state", "severity", "group", "effort", "maturity"] as const;
export type RecommendationFacet = (typeof RECOMMENDATION_FACETS)[number];
export const EFFORTS = ["low", "medium", "high"] as const;
export const MATURITIES = ["stable", "preview", "deprecated"] as const;

export const recommendationFilter = z.strictObject({
  state: manyOf(
    RECOMMENDATION_STATES,
    "What the control says: any unhealthy resource, else any it could not judge, else any that an exemption holds for, else all healthy. `not-evaluated` also has those that are unhealthy somewhere and could not be judged elsewhere. Unhealthy when none is given.",
  ),
  severity: manyOf(SEVERITIES, "Severities."),
  group: manyOf(SCORE_GROUP_IDS, "Score groups."),
  effort: manyOf(EFFORTS, "Effort of the remediation."),
  maturity: manyOf(MATURITIES, "Maturity of the control."),
  account: manyIds("Only resources of these accounts are counted."),
  distribution: manyOf(DISTRIBUTIONS, "Only resources of clusters of these distributions are counted."),
  cluster: manyIds("Only resources of these clusters are counted."),
  q: text("Words that all stand in the control's id, name or title, in any order."),
});
export type RecommendationFilter = z.output<typeof recommendationFilter>;
export const recommendationQuery = recommendationFilter.extend({
  sort: sortOf(RECOMMENDATION_SORTS, "group"),
  cursor,
  size,
});
export type RecommendationQuery = z.output<typeof recommendationQuery>;

export const recommendationItem = z
  .object({
    id: z.string().meta({ description: "The control's id", example: "SW-0017" }),
    name: z.string(),
    title: z.string(),
    group: z.enum(SCORE_GROUP_IDS),
    severity: z.enum(SEVERITIES),
    maturity: z.enum(MATURITIES),
    effort: z.enum(EFFORTS),
    state: z.enum(RECOMMENDATION_STATES),
    healthy: z.number().int().meta({ description: "Evaluated healthy; not what is exempted" }),
    unhealthy: z.number().int().meta({ description: "Not exempted" }),
    exempted: z.number().int().meta({ description: "Unhealthy, and an exemption holds for them" }),
    notEvaluated: z.number().int().meta({
      description:
        "Resources that could not be judged; a cluster where nothing that it is about could be looked at counts as one",
    }),
    notApplicable: z.number().int(),
    clusters: z.number().int().meta({ description: "Clusters with an unhealthy resource" }),
    increase: z.number().meta({
      description:
        "Points that the score of what the filter counts would gain with all resources healthy; these need not add up",
    }),
  })
  .meta({ id: "Recommendation" });
export type RecommendationItem = z.infer<typeof recommendationItem>;

/** A recommendation with its control's text. */
export const recommendationDetail = recommendationItem
  .extend({
    rationale: z.string(),
    message: z.string(),
    violates: z.string().meta({ description: "CEL; true means unhealthy" }),
    forEach: z.string().nullable(),
    appliesTo: z.array(z.string()),
    remediation: controlSchema.shape.remediation,
    references: z.array(z.string()),
    aliases: z.array(z.string()),
  })
  .meta({ id: "RecommendationDetail" });
export type RecommendationDetail = z.infer<typeof recommendationDetail>;
