import { z } from "zod";
import { momentSchema } from "@/lib/http/answer";
import { cursor, manyIds, manyOf, manyTexts, size, sortOf, text } from "@/lib/http/parameter";
import { PHASES } from "../pod";
import { DISTRIBUTIONS, PROVIDERS } from "../schema";

/** The inventory: one search over every workload, pod and running image of the fleet. Safe in the browser. */
export const ITEM_TYPES = ["workload", "pod", "image"] as const;
export type ItemType = (typeof ITEM_TYPES)[number];
export const ITEM_SORTS = ["name", "namespace", "kind"] as const;
export const ITEM_PARTS = ["own", "system"] as const;
export type ItemPart = (typeof ITEM_PARTS)[number];
export const ITEM_FACETS = ["type", "part", "kind", "distribution", "account", "cluster", "namespace"] as const;
export type ItemFacet = (typeof ITEM_FACETS)[number];

export const itemFilter = z.strictObject({
  type: manyOf(
    ITEM_TYPES,
    "Workloads (topmost owners, a pod of nobody's included), pods of workloads, running images.",
  ),
  part: manyOf(
    ITEM_PARTS,
    "`system`: in namespaces that Kubernetes and the clouds make, such as kube-system. `own`: in all others.",
  ),
  kind: manyTexts("Kinds, such as Deployment; images have the kind Image."),
  account: manyIds("Accounts."),
  distribution: manyOf(DISTRIBUTIONS, "Distributions of the cluster."),
  cluster: manyIds("Clusters."),
  namespace: manyTexts("Namespaces, whole names."),
  workload: manyTexts("Of these workloads, as `kind/name`: their pods and images, and themselves.", /^[^/]+\/[^/]+$/),
  digest: manyTexts("Images with these digests.", /^sha256:[0-9a-f]{64}$/),
  q: text("Text in the name, for an image in its reference or digest."),
});
export type ItemFilter = z.output<typeof itemFilter>;
export const itemQuery = itemFilter.extend({ sort: sortOf(ITEM_SORTS, "name"), cursor, size });
export type ItemQuery = z.output<typeof itemQuery>;

export const inventoryItem = z
  .object({
    id: z.uuid(),
    type: z.enum(ITEM_TYPES),
    kind: z.string(),
    apiGroup: z.string(),
    namespace: z.string(),
    name: z.string().meta({ description: "For an image its reference as the container says it" }),
    cluster: z.object({ id: z.uuid(), name: z.string(), distribution: z.enum(DISTRIBUTIONS) }),
    account: z.object({ id: z.uuid(), name: z.string(), provider: z.enum(PROVIDERS) }),
    workload: z
      .object({ kind: z.string(), name: z.string() })
      .nullable()
      .meta({ description: "Topmost owner of a pod or image; null when it is itself one" }),
    container: z.string().nullable().meta({ description: "Images only" }),
    digest: z
      .string()
      .nullable()
      .meta({ description: "Images only; null when the kubelet has not said which one runs" }),
    pods: z.number().int().nullable().meta({ description: "Images only: pods that run it" }),
    images: z.array(z.string()).nullable().meta({
      description:
        "Pods only: images of its containers as the kubelet says, of a pod that runs nothing as it names them",
    }),
    node: z.string().nullable().meta({ description: "Pods only: the node it is on; null while it has none" }),
    phase: z
      .enum(PHASES)
      .nullable()
      .meta({ description: "Pods only: the phase that its status told; null when that was not read" }),
    open: z.number().int().nullable().meta({ description: "Open findings; null where the workload is judged instead" }),
    worst: z.enum(["critical", "high", "medium", "low"]).nullable(),
    firstSeenAt: momentSchema.nullable(),
    changedAt: momentSchema.nullable(),
  })
  .meta({ id: "InventoryItem" });
export type InventoryItem = z.infer<typeof inventoryItem>;
