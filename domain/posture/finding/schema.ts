import { z } from "zod";
import { DISTRIBUTIONS, PROVIDERS } from "@/domain/inventory/schema";
import { momentSchema } from "@/lib/http/answer";
import { cursor, flag, manyIds, manyOf, manyTexts, moment, size, sortOf, text } from "@/lib/http/parameter";
import { EXEMPTION_TYPES } from "../exemption/schema";
import { SCORE_GROUP_IDS, SEVERITIES } from "../schema";

/** The list of findings: one filter for page, API and export. Safe in the browser. */
export const FINDING_STATES = ["open", "not-rechecked", "resolved"] as const;
export type FindingState = (typeof FINDING_STATES)[number];
export const FINDING_SORTS = ["severity", "firstSeen", "name", "namespace", "control", "cluster"] as const;
/** Facets that counts may ask for. `account`, `cluster` and `control` have names as labels. */
export const FINDING_FACETS = [
  "severity",
  "state",
  "group",
  "control",
  "account",
  "distribution",
  "cluster",
  "namespace",
  "kind",
  "owner",
  "reopened",
] as const;
export type FindingFacet = (typeof FINDING_FACETS)[number];

export const findingFilter = z.strictObject({
  severity: manyOf(SEVERITIES, "Severities."),
  state: manyOf(
    FINDING_STATES,
    "States; `not-rechecked` are open ones whose last check was not possible. Open when none is given.",
  ),
  group: manyOf(SCORE_GROUP_IDS, "Score groups of the control."),
  control: manyTexts("Controls, such as SW-0017.", /^SW-\d{4}$/),
  account: manyIds("Accounts."),
  distribution: manyOf(DISTRIBUTIONS, "Distributions of the cluster."),
  cluster: manyIds("Clusters."),
  namespace: manyTexts("Namespaces, whole names."),
  kind: manyTexts("Kinds of the resource, such as Deployment."),
  owner: manyTexts("Owners: the `owner` or `team` label (or annotation) of the resource or of its namespace."),
  reopened: flag("Only findings that came back after they were resolved (true), or never did (false)."),
  exempted: flag("Only findings that an exemption holds for (true), or none (false)."),
  exemption: manyIds("Exemptions, one of which holds for it."),
  firstSeenAfter: moment("First seen at this moment or later."),
  firstSeenBefore: moment("First seen before this moment."),
  lastSeenAfter: moment("Last seen at this moment or later."),
  lastSeenBefore: moment("Last seen before this moment."),
  q: text(
    "Text in the resource's name, its namespace or the message; one or two letters: what its name or namespace begins with. A control's id finds its findings.",
  ),
});
export type FindingFilter = z.output<typeof findingFilter>;

export const findingQuery = findingFilter.extend({ sort: sortOf(FINDING_SORTS, "-severity"), cursor, size });
export type FindingQuery = z.output<typeof findingQuery>;

export const evidenceSchema = z.object({ path: z.string(), message: z.string() }).meta({ id: "Evidence" });

export const findingItem = z
  .object({
    id: z.uuid(),
    control: z.object({ id: z.string(), title: z.string() }),
    group: z.enum(SCORE_GROUP_IDS),
    severity: z.enum(SEVERITIES),
    state: z.enum(["open", "resolved"]),
    notRechecked: z.string().nullable().meta({ description: "Why it stays open without having been checked again" }),
    kind: z.string(),
    apiGroup: z.string(),
    namespace: z.string().meta({ description: "Empty for resources without one" }),
    name: z.string().meta({ description: "Topmost owner: the Deployment, not its pods" }),
    owner: z.string().nullable(),
    exemption: z
      .object({
        id: z.uuid(),
        type: z.enum(EXEMPTION_TYPES),
        reason: z.string(),
        expiresAt: momentSchema.nullable(),
      })
      .nullable()
      .meta({ description: "The exemption that holds for it while it is open" }),
    message: z.string(),
    evidence: z.array(evidenceSchema),
    firstSeenAt: momentSchema,
    lastSeenAt: momentSchema.meta({ description: "The newest scan that could look and found it" }),
    resolvedAt: momentSchema.nullable(),
    resolution: z.string().nullable().meta({ description: "fixed or gone" }),
    reopened: z.number().int().meta({ description: "How often it came back" }),
    cluster: z.object({ id: z.uuid(), name: z.string(), distribution: z.enum(DISTRIBUTIONS) }),
    account: z.object({
      id: z.uuid(),
      name: z.string(),
      provider: z.enum(PROVIDERS),
      externalId: z.string().meta({ description: "Subscription id, account number or project id" }),
    }),
  })
  .meta({ id: "Finding" });
export type FindingItem = z.infer<typeof findingItem>;

export const transitionSchema = z
  .object({
    at: momentSchema,
    change: z.string().meta({ description: "opened, resolved or reopened" }),
    reason: z.string().nullable(),
  })
  .meta({ id: "FindingTransition" });
/** One finding with its history, newest change first. */
export const findingDetail = findingItem.extend({ history: z.array(transitionSchema) }).meta({ id: "FindingDetail" });
export type FindingDetail = z.infer<typeof findingDetail>;
