import { getHeapStatistics } from "node:v8";
import { z } from "zod";
import { CONFIG_MAPS, type Gap, type KubernetesObject, type ListedKind } from "@/domain/inventory/schema";
import { ConnectorError, type KnownObjects, type KubernetesAccess, type KubernetesReader } from "../connector";
import { ExpiredError, type KubernetesClient, openClient, type ReaderOptions } from "./client";
import { mayJudgeConfigMaps } from "./config-map";
import { gapOf } from "./failure";
import { readKubelets } from "./kubelet";
import { type Fetched, kindText, PageSource } from "./page-source";

/** No cluster that works reaches these; a hostile one does. */
const MAX_PAGES = 2000;
const MAX_OBJECTS = 400_000;

/** Decoded bytes that one cluster's lists may have together: what they hold is kept until the scan ends, and two clusters are scanned at a time. */
interface Budget {
  readonly bytes: number;
  left: number;
}
const budgetOf = (bytes = Math.floor(getHeapStatistics().heap_size_limit / 3)): Budget => ({ bytes, left: bytes });

const servedKinds = z.object({
  kind: z.literal("APIResourceList"),
  resources: z.array(z.object({ name: z.string() })),
});

type ListResult = { complete: boolean; gaps: Gap[] };

/** Why the pages read so far are not one honest list, or null. Remembers what it saw. */
class ListCheck {
  private readonly seen = new Set<string>();
  private resourceVersion = "";
  private pages = 0;
  private objects = 0;

  constructor(private readonly budget: Budget) {}

  fault({ page, bytes, torn }: Exclude<Fetched, { error: unknown }>): string | null {
    this.pages += 1;
    this.objects += page.objects.length;
    this.budget.left -= bytes;
    const first = page.objects[0]?.metadata;
    const marks = [page.next && `token ${page.next}`, first && `first ${first.namespace ?? ""}/${first.name}`];
    for (const mark of marks) {
      if (!mark) continue;
      if (this.seen.has(mark)) return "The cluster sends the same page again and again";
      this.seen.add(mark);
    }
    if (this.pages > MAX_PAGES || this.objects > MAX_OBJECTS)
      return `The list is larger than ${MAX_PAGES} pages or ${MAX_OBJECTS} objects`;
    if (this.budget.left < 0)
      return `The cluster's lists have more than the ${this.budget.bytes} bytes that the worker's memory holds (give it more)`;
    if (torn || (this.pages > 1 && page.resourceVersion !== this.resourceVersion))
      return "The pages do not belong to one list";
    this.resourceVersion = page.resourceVersion;
    return null;
  }
}

/** Whether the API says itself that it has no such kind: a 404 alone may come from whatever stands in between. */
async function isUnserved(client: KubernetesClient, kind: ListedKind): Promise<boolean> {
  const path = `/apis/${kind.apiVersion}`;
  try {
    const { json } = await client.get(path, { what: path, permission: `get ${path}` });
    return servedKinds.parse(json).resources.every(({ name }) => name !== kind.resource);
  } catch (error) {
    if (error instanceof ConnectorError || error instanceof z.ZodError) return false;
    throw error;
  }
}

/**
 * Lists one kind. What was yielded before a failure stays valid; after an expired list (410) the list begins anew once, so
 * an object may come twice and the later one counts. The first page's failure rejects; a later one ends with its gap.
 */
async function* listKind(
  client: KubernetesClient,
  kind: ListedKind,
  limit: number,
  known: KnownObjects | undefined,
  budget: Budget,
  reduce?: (object: KubernetesObject) => KubernetesObject,
): AsyncGenerator<KubernetesObject[], ListResult> {
  const what = kindText(kind);
  const incomplete = (gap: Gap): ListResult => ({ complete: false, gaps: [gap] });
  let check = new ListCheck(budget);
  let rejected = 0;
  let restarted = false;
  let yielded = false;
  const source = new PageSource(client, kind, limit, known, reduce);
  let next = source.page("");
  for (;;) {
    const fetched = await next;
    if ("error" in fetched) {
      const { error } = fetched;
      if (error instanceof ExpiredError && !restarted) {
        restarted = true;
        check = new ListCheck(budget);
        rejected = 0;
        next = source.page("");
        continue;
      }
      if (yielded) return incomplete(error.gap);
      if (error.gap.code === "not_found" && kind.optional && (await isUnserved(client, kind)))
        return { complete: true, gaps: [] };
      throw error;
    }
    const { page } = fetched;
    const fault = check.fault(fetched);
    if (fault !== null)
      return incomplete(gapOf("truncated", what, `${fault}. What was not read is unknown; the next scan tries again.`));
    rejected += page.rejected;
    // A PageSource never rejects, so a page that nobody waits for any more cannot become an unhandled rejection.
    if (page.next !== "") next = source.page(page.next);
    if (page.objects.length > 0) yield page.objects;
    yielded = true;
    if (page.next !== "") continue;
    if (page.remaining > 0) {
      const why = `The list ended although ${page.remaining} more objects were announced. The next scan tries again.`;
      return incomplete(gapOf("truncated", what, why));
    }
    if (rejected === 0) return { complete: true, gaps: [] };
    return incomplete(gapOf("malformed", what, `Objects in the list have wrong types and were left out: ${rejected}.`));
  }
}

const stringAt = (json: unknown, ...path: string[]): string | undefined => {
  let at: unknown = json;
  for (const key of path)
    at = typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  return typeof at === "string" && at !== "" && at.length <= 200 ? at : undefined;
};

/** Reads a cluster through its API. Makes no request yet; `close` when done. */
export function openReader(access: KubernetesAccess, options: ReaderOptions): KubernetesReader {
  const client = openClient(access, options);
  const budget = budgetOf(options.maxBytes);
  const textOf = async (path: string, what: string, permission: string, ...keys: string[]): Promise<string> => {
    const found = stringAt((await client.get(path, { what, permission })).json, ...keys);
    if (found !== undefined) return found;
    throw new ConnectorError(
      gapOf("malformed", what, "The answer is not a Kubernetes API's. Check the cluster's address."),
    );
  };
  return {
    version: () => textOf("/version", "version", "get /version", "gitVersion"),
    clusterUid: () =>
      textOf("/api/v1/namespaces/kube-system", "namespaces/kube-system", "get namespaces", "metadata", "uid"),
    list: (kind, known) => listKind(client, kind, options.pageSize ?? 500, known, budget),
    configMaps: async (reduce) =>
      (await mayJudgeConfigMaps(client))
        ? listKind(client, CONFIG_MAPS, options.pageSize ?? 500, undefined, budget, reduce)
        : null,
    kubelets: (nodes) => readKubelets(access, options, nodes),
    close: () => client.close(),
  };
}
