import type { KubernetesObject, ListedKind } from "@/domain/inventory/schema";
import type { ConnectorError, KnownObjects } from "../connector";
import { type KubernetesClient, NotAcceptableError } from "./client";
import { asConnectorError } from "./failure";
import { isMetadata, type Page, takeItem, toPage } from "./page";

/** Name of a kind in gaps: `pods`, `rbac.authorization.k8s.io/roles`. */
export const kindText = (kind: ListedKind): string =>
  kind.apiGroup === "" ? kind.resource : `${kind.apiGroup}/${kind.resource}`;

/** `torn`: the page was read twice and the server told two stories of one and the same list. */
export type Fetched = { page: Page; bytes: number; torn: boolean } | { error: ConnectorError };

const FULL = "application/json";
/** A server that can't reduce a list to its metadata sends the list itself. */
const METADATA_FIRST = `application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,${FULL}`;

const identity = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.name} ${metadata.uid ?? ""} ${metadata.resourceVersion ?? ""}`;

/** Whether two answers that claim the same state of the collection hold different objects. */
function contradicts(light: Page, full: Page): boolean {
  if (light.resourceVersion === "" || light.resourceVersion !== full.resourceVersion || light.rejected > 0)
    return false;
  const seen = new Set(light.objects.map(identity));
  return full.objects.length !== seen.size || full.objects.some((object) => !seen.has(identity(object)));
}

/**
 * Gives the pages of one kind. Where most objects are known, a page's metadata are read first and the page itself only when
 * something on it is new. What counts is then the later answer alone, with its own continue token: the first page may have
 * moved on between the two, and no object is missed or taken as gone for that.
 */
export class PageSource {
  readonly #what: string;
  #metadataFirst: boolean;
  #spared = 0;
  #readTwice = 0;

  constructor(
    private readonly client: KubernetesClient,
    private readonly kind: ListedKind,
    private readonly limit: number,
    private readonly known: KnownObjects | undefined,
    /** What becomes of each object as soon as it is read. */
    private readonly reduce?: (object: KubernetesObject) => KubernetesObject,
  ) {
    this.#what = kindText(kind);
    this.#metadataFirst = known?.most ?? false;
  }

  /** The page that a continue token leads to; the first for an empty one. Never rejects. */
  async page(token: string): Promise<Fetched> {
    try {
      if (!this.#metadataFirst) return { ...(await this.#read(token, FULL)), torn: false };
      const light = await this.#light(token);
      if (light !== null && this.#suffices(light.page)) return { ...light, torn: false };
      const full = await this.#read(token, FULL);
      if (light === null) return { ...full, torn: false };
      return { page: full.page, bytes: full.bytes + light.bytes, torn: contradicts(light.page, full.page) };
    } catch (error) {
      return { error: asConnectorError(error, this.#what) };
    }
  }

  /** Null when the server can neither reduce a list nor send it whole instead. */
  async #light(token: string): Promise<{ page: Page; bytes: number } | null> {
    try {
      return await this.#read(token, METADATA_FIRST);
    } catch (error) {
      const { gap } = asConnectorError(error, this.#what);
      if (gap.code !== "malformed" && !(error instanceof NotAcceptableError)) throw error;
      this.#metadataFirst = false;
      return null;
    }
  }

  #suffices(page: Page): boolean {
    if (!page.metadataOnly) {
      this.#metadataFirst = false;
      return true;
    }
    const { known } = this;
    const unchanged = page.rejected === 0 && page.objects.every(({ metadata }) => known?.is(metadata) ?? false);
    if (unchanged) this.#spared++;
    else this.#readTwice++;
    // Metadata are about a fifth of a page: asking twice pays while every second page is spared the second time.
    if (this.#readTwice > this.#spared + 1) this.#metadataFirst = false;
    return unchanged;
  }

  async #read(token: string, accept: string): Promise<{ page: Page; bytes: number }> {
    const { known, kind } = this;
    const light = accept !== FULL;
    const partial = known && {
      probe: "metadata",
      kept: ["apiVersion", "kind"],
      spare: (probed: unknown) => isMetadata(probed, kind.namespaced) && known.is(probed),
    };
    const query = new URLSearchParams({ limit: String(this.limit), ...(token === "" ? {} : { continue: token }) });
    const answer = await this.client.get(`${kind.path}?${query}`, {
      what: this.#what,
      permission: `list ${this.#what}`,
      accept,
      items: {
        take: (item, list) => {
          const object = takeItem(item, list, kind, light);
          return object === null || this.reduce === undefined ? object : this.reduce(object);
        },
        // Of a page of metadata, every byte is wanted.
        ...(partial && !light && { partial }),
      },
    });
    return { page: toPage(answer.json, kind, this.#what, light), bytes: answer.bytes };
  }
}
