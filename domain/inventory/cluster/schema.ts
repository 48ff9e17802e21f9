import { z } from "zod";
import { momentSchema } from "@/lib/http/answer";
import { cursor, manyIds, manyOf, manyTexts, size, sortOf, text } from "@/lib/http/parameter";
import { exemptionsParameter } from "../exemptions-parameter";
import { DISTRIBUTIONS, gapSchema, managedClusterSchema, PROVIDERS } from "../schema";

/** The list of clusters. Safe in the browser. */
export const CLUSTER_SORTS = ["name", "score", "open", "urgent", "workloads", "nodes", "lastScan", "version"] as const;
export const CLUSTER_FACETS = ["distribution", "account", "provider", "region", "version", "scan"] as const;
export type ClusterFacet = (typeof CLUSTER_FACETS)[number];
export const CLUSTER_SCANS = ["complete", "partial", "failed", "none"] as const;

export const clusterFilter = z.strictObject({
  distribution: manyOf(DISTRIBUTIONS, "Distributions."),
  account: manyIds("Accounts."),
  cluster: manyIds("Clusters."),
  provider: manyOf(PROVIDERS, "Providers of the account."),
  region: manyTexts("Regions."),
  version: manyTexts("Minor versions of Kubernetes, such as 1.33."),
  scan: manyOf(CLUSTER_SCANS, "How the last scan ended; `none`: not scanned yet."),
  q: text("Words that all stand in the name, in any order."),
  exemptions: exemptionsParameter("Scores to sort by and to draw the trend of,"),
});
export type ClusterFilter = z.output<typeof clusterFilter>;
/** The clusters of a place whose last scan was not complete: how many, and the first of them by name. */
export interface UnreadClusters {
  amount: number;
  named: { id: string; name: string }[];
}
export const clusterQuery = clusterFilter.extend({ sort: sortOf(CLUSTER_SORTS, "name"), cursor, size });
export type ClusterQuery = z.output<typeof clusterQuery>;

export const clusterItem = z
  .object({
    id: z.uuid(),
    name: z.string(),
    distribution: z.enum(DISTRIBUTIONS),
    account: z.object({ id: z.uuid(), name: z.string(), provider: z.enum(PROVIDERS) }),
    region: z.string().nullable(),
    version: z.string().nullable(),
    status: z.string().nullable(),
    workloads: z.number().int(),
    nodes: z.number().int(),
    score: z.number().nullable().meta({ description: "0…100; null when nothing could be scored" }),
    scoreWithoutExemptions: z.number().nullable().meta({ description: "The same as if there were no exemption" }),
    expected: z.number().int(),
    evaluated: z.number().int().meta({ description: "Coverage is evaluated ÷ expected" }),
    open: z.number().int().meta({ description: "Open findings" }),
    urgent: z.number().int().meta({ description: "Open findings of severity critical or high" }),
    scan: z.enum(CLUSTER_SCANS).meta({ description: "How the last scan ended" }),
    lastScanId: z.uuid().nullable(),
    lastScanAt: momentSchema.nullable(),
    lastCompleteAt: momentSchema.nullable(),
    trend: z.array(z.number().nullable()).meta({
      description:
        "The score of every third of the last 30 days up to now, oldest first; null before there was one. With `exemptions=without` that without exemptions, null before it was kept",
    }),
    reasons: z.array(gapSchema).meta({ description: "Why the last scan was not complete" }),
  })
  .meta({ id: "Cluster" });
export type ClusterItem = z.infer<typeof clusterItem>;

export const clusterDetail = clusterItem
  .extend({
    uid: z.string().nullable(),
    firstSeenAt: momentSchema,
    goneAt: momentSchema.nullable(),
    managedAt: momentSchema.nullable(),
    managed: managedClusterSchema
      .nullable()
      .meta({ description: "As the cloud describes it; what it did not say is absent" }),
    gaps: z.array(gapSchema),
    controls: z.array(
      z.object({
        id: z.string(),
        healthy: z.number().int(),
        unhealthy: z.number().int(),
        notApplicable: z.number().int(),
        notEvaluated: z.number().int(),
      }),
    ),
    groups: z.array(
      z.object({ group: z.string(), healthy: z.number().int(), unhealthy: z.number().int(), out: z.number().int() }),
    ),
  })
  .meta({ id: "ClusterDetail" });
export type ClusterDetail = z.infer<typeof clusterDetail>;
