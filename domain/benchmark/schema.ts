import { z } from "zod";
import { DISTRIBUTIONS } from "@/domain/inventory/schema";

/** The words of benchmarks. Safe in the browser. */
const line = z.string().trim().min(3).max(160);
const prose = z.string().trim().min(10).max(1200);
const requirementId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, "looks like 5.2.1 or hostPorts");
const benchmarkId = z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, "looks like cis-aks-1.8");

/** What a person must look at, because nothing that a read-only, agentless reader sees decides it. */
export const manualSchema = z.strictObject({
  /** Why it cannot be decided from here. */
  why: prose,
  /** What to look at, and where. */
  look: prose,
  /** Facts of the cluster that help: paths of ManagedCluster (`api.authorizedRanges`), `listed.<Kind>` for how many there are, `flags.<Component>.<flag>`. */
  facts: z.array(z.string()).default([]),
  /** Controls decide it alone wherever they can look; a person only where they could not. */
  instead: z.boolean().default(false),
  /** Without `instead`: whoever attests the rest speaks for what controls could not look at as well, since some cloud never tells it. */
  unseen: z.boolean().optional(),
});

/** The publisher's profile: 1 is for everybody, 2 for those who need more. */
export const LEVELS = [1, 2] as const;
const level = z.literal(LEVELS).optional();

/**
 * With `controls` alone they decide it. With `manual` alone a person does. With both the controls can show that it is not
 * met, but never that it is: the rest is for a person; or, with `instead`, a person speaks where the controls could not look; with
 * `unseen` for both.
 */
export const requirementSchema = z.strictObject({
  id: requirementId,
  /** In our own words. */
  title: line,
  level,
  controls: z
    .array(z.string().regex(/^SW-\d{4}$/, "looks like SW-0123"))
    .min(1)
    .optional(),
  manual: manualSchema.optional(),
});

export const sectionSchema = z.strictObject({
  id: requirementId,
  title: line,
  /** For its requirements that say no level themselves. */
  level,
  /** For its requirements that name neither controls nor anything manual of their own. */
  manual: manualSchema.optional(),
  requirements: z.array(requirementSchema).min(1),
});

const minorVersion = z.string().regex(/^1\.\d{1,3}$/, "A minor version looks like 1.34");
const minorOf = (version: string): number => Number(version.slice("1.".length));
export const kubernetesRange = z
  .strictObject({ from: minorVersion, to: minorVersion })
  .superRefine((range, context) => {
    if (minorOf(range.from) <= minorOf(range.to)) return;
    const meant = `{ from: "${range.to}", to: "${range.from}" }`;
    context.addIssue({ code: "custom", message: `ends before it begins. Did you mean ${meant}?` });
  });

/** One benchmark, one YAML file. */
export const benchmarkSchema = z.strictObject({
  id: benchmarkId,
  title: line,
  version: z.string().trim().min(1).max(20),
  publisher: line,
  url: z.url({ protocol: /^https$/ }),
  /** One sentence: what it is for. */
  about: prose,
  /** Clusters that it is meant for; all when left out. */
  distributions: z.array(z.enum(DISTRIBUTIONS)).min(1).optional(),
  /** The Kubernetes that it is written for, by minor versions, both in it; clusters that run another are named. */
  kubernetes: kubernetesRange.optional(),
  /** A benchmark whose sections this one takes over; a requirement given here again replaces the one taken over. */
  includes: benchmarkId.optional(),
  /** Requirements that are not taken over. */
  without: z.array(requirementId).default([]),
  /** The version before this one, to show what changed. */
  previous: benchmarkId.optional(),
  /** Requirements that had another id in `previous`, new to old. */
  renumbered: z.record(requirementId, requirementId).default({}),
  sections: z.array(sectionSchema).default([]),
});
export type BenchmarkFile = z.infer<typeof benchmarkSchema>;

export type Requirement = z.infer<typeof requirementSchema>;
export type Section = Omit<z.infer<typeof sectionSchema>, "manual" | "level">;
/** A benchmark with everything that it includes. */
export type Benchmark = Omit<BenchmarkFile, "includes" | "without" | "sections"> & { sections: Section[] };

/** How a requirement is decided: by controls, by them or a person where they cannot look, by both, by a person. */
export const DECIDED_BY = ["controls", "controls-or-person", "controls-and-person", "person"] as const;
export type DecidedBy = (typeof DECIDED_BY)[number];
export const decidedBy = ({ controls, manual }: Pick<Requirement, "controls" | "manual">): DecidedBy =>
  manual === undefined
    ? "controls"
    : controls === undefined
      ? "person"
      : manual.instead
        ? "controls-or-person"
        : "controls-and-person";

/**
 * What a requirement is on a cluster, and over many, the worst first. `manual`: a person has not said. `exempted`: it fails, but an
 * exemption holds for everything that fails.
 */
export const REQUIREMENT_STATES = [
  "failed",
  "not_evaluated",
  "manual",
  "exempted",
  "passed",
  "not_applicable",
] as const;
export type RequirementState = (typeof REQUIREMENT_STATES)[number];

/** What a person attests of a manual requirement. */
export const ATTESTED = ["met", "not_met", "not_applicable"] as const;
export type Attested = (typeof ATTESTED)[number];
