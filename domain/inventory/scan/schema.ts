import { z } from "zod";
import { momentSchema } from "@/lib/http/answer";
import { cursor, manyIds, manyOf, moment, size, sortOf } from "@/lib/http/parameter";
import { DISTRIBUTIONS, gapSchema } from "../schema";

/** The list of scans. Safe in the browser. */
export const SCAN_STATES = ["queued", "running", "complete", "partial", "failed"] as const;
export const SCAN_KINDS = ["cluster", "account"] as const;
export const SCAN_TRIGGERS = ["schedule", "manual", "connect"] as const;
export const SCAN_SORTS = ["queued"] as const;
export const SCAN_FACETS = ["status", "kind", "trigger", "account", "cluster"] as const;
export type ScanFacet = (typeof SCAN_FACETS)[number];

export const scanFilter = z.strictObject({
  status: manyOf(SCAN_STATES, "How far it is, or how it ended."),
  kind: manyOf(SCAN_KINDS, "Of a cluster, or of an account (discovery)."),
  trigger: manyOf(SCAN_TRIGGERS, "What asked for it."),
  account: manyIds("Accounts."),
  distribution: manyOf(DISTRIBUTIONS, "Distributions of the cluster."),
  cluster: manyIds("Clusters."),
  after: moment("Queued at this moment or later."),
  before: moment("Queued before this moment."),
});
export type ScanFilter = z.output<typeof scanFilter>;
export const scanQuery = scanFilter.extend({ sort: sortOf(SCAN_SORTS, "-queued"), cursor, size });
export type ScanQuery = z.output<typeof scanQuery>;

export const progressSchema = z
  .object({
    kinds: z.number().int().meta({ description: "Kinds that were read, or could not be" }),
    of: z.number().int(),
    objects: z.number().int().meta({ description: "Objects seen so far" }),
  })
  .meta({ id: "ScanProgress" });

export const scanItem = z
  .object({
    id: z.uuid(),
    kind: z.enum(SCAN_KINDS),
    trigger: z.string(),
    status: z.enum(SCAN_STATES),
    reasons: z.array(gapSchema),
    queuedAt: momentSchema,
    startedAt: momentSchema.nullable(),
    finishedAt: momentSchema.nullable(),
    evaluated: z.number().int().nullable(),
    opened: z.number().int().nullable(),
    resolved: z.number().int().nullable(),
    progress: progressSchema.nullable().meta({ description: "How far a running scan of a cluster is" }),
    cluster: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    account: z.object({ id: z.uuid(), name: z.string() }),
  })
  .meta({ id: "Scan" });
export type ScanItem = z.infer<typeof scanItem>;
