import { z } from "zod";
import { DISTRIBUTIONS } from "@/domain/inventory/schema";
import { SEVERITIES } from "@/domain/posture/schema";
import { momentSchema } from "@/lib/http/answer";
import { attestationItem } from "../attestation/schema";
import { DECIDED_BY, kubernetesRange, LEVELS, REQUIREMENT_STATES } from "../schema";

/** What pages, API and report say of compliance. Safe in the browser. */
const amount = z.number().int();
export const tallySchema = z
  .object({
    failed: amount,
    not_evaluated: amount,
    manual: amount.meta({ description: "Waits for a person" }),
    exempted: amount.meta({ description: "Met with exemptions: all that fails is exempted" }),
    passed: amount,
    not_applicable: amount,
    attested: amount.meta({ description: "Of these, said by people" }),
  })
  .meta({ id: "ComplianceTally", description: "Requirements by state, once for each cluster" });

const figures = {
  clusters: amount.meta({ description: "Clusters that the benchmark is meant for" }),
  requirements: amount,
  score: z
    .number()
    .nullable()
    .meta({ description: "Met, with exemptions or not, ÷ (met + failed) × 100; null when nothing was decided" }),
  coverage: z
    .number()
    .nullable()
    .meta({ description: "Decided ÷ all that apply, 0–1; what nobody looked at is missing" }),
  tally: tallySchema,
  states: z
    .record(z.enum(REQUIREMENT_STATES), amount)
    .meta({ description: "Requirements by their worst state over the clusters" }),
};
export const dayPoint = z
  .object({
    day: z.string().meta({ description: "Day in the organisation's time zone" }),
    score: z.number().nullable(),
    coverage: z.number().nullable(),
    clusters: amount,
    tally: tallySchema,
  })
  .meta({ id: "ComplianceDay" });

export const benchmarkItem = z
  .object({
    id: z.string(),
    title: z.string(),
    version: z.string(),
    publisher: z.string(),
    url: z.string(),
    about: z.string(),
    distributions: z.array(z.enum(DISTRIBUTIONS)).meta({ description: "Empty: meant for every cluster" }),
    previous: z.string().nullable(),
    ...figures,
  })
  .meta({ id: "Benchmark" });
export type BenchmarkItem = z.infer<typeof benchmarkItem>;

export const requirementItem = z
  .object({
    id: z.string(),
    title: z.string(),
    level: z.literal(LEVELS).nullable().meta({ description: "The publisher's profile level, where it is known" }),
    decidedBy: z.enum(DECIDED_BY),
    controls: z.array(z.string()),
    state: z.enum(REQUIREMENT_STATES),
    tally: tallySchema,
  })
  .meta({ id: "BenchmarkRequirement" });
export type RequirementItem = z.infer<typeof requirementItem>;

export const benchmarkReport = benchmarkItem
  .extend({
    sections: z.array(
      z.object({ id: z.string(), title: z.string(), tally: tallySchema, requirements: z.array(requirementItem) }),
    ),
    scoreWithoutExemptions: z.number().nullable(),
    kubernetes: kubernetesRange
      .nullable()
      .meta({ description: "The first and the last minor version that it is written for; null: any" }),
    outside: z
      .array(z.object({ id: z.uuid(), name: z.string(), version: z.string().nullable() }))
      .meta({ description: "Clusters judged by it whose Kubernetes lies outside, or is not known (null)" }),
    asOf: momentSchema,
  })
  .meta({ id: "BenchmarkReport" });
export type BenchmarkReport = z.infer<typeof benchmarkReport>;

export const requirementDetail = requirementItem
  .omit({ controls: true })
  .extend({
    section: z.object({ id: z.string(), title: z.string() }),
    manual: z.object({ why: z.string(), look: z.string() }).nullable(),
    controls: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        severity: z.enum(SEVERITIES),
        healthy: amount,
        unhealthy: amount,
        notEvaluated: amount,
        notApplicable: amount,
        exempted: amount.meta({ description: "Resources that an exemption holds for" }),
      }),
    ),
    clusters: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        account: z.object({ id: z.uuid(), name: z.string() }),
        distribution: z.enum(DISTRIBUTIONS),
        state: z.enum(REQUIREMENT_STATES),
        attested: z.boolean(),
        collectedAt: momentSchema.nullable(),
        facts: z
          .array(z.object({ name: z.string(), value: z.string().nullable() }))
          .meta({ description: "null: the cloud did not tell it, or it could not be listed or read" }),
      }),
    ),
    attestations: z.array(attestationItem),
    asOf: momentSchema,
  })
  .meta({ id: "BenchmarkRequirementDetail" });
export type RequirementDetail = z.infer<typeof requirementDetail>;
