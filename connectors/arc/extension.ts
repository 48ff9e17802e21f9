import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { z } from "zod";
import { type Listing, listAll } from "@/connectors/azure/paging";
import type { AzureSession } from "@/connectors/azure/session";
import { LIST_EXTENSIONS } from "./permissions";
import type { ArcSettings } from "./schema";

const API_VERSION = "2023-05-01";
const MOST_PAGES = 20;

const text = z.string().max(300).nullish().catch(undefined);
/** One page of Extensions_List (https://learn.microsoft.com/rest/api/kubernetesconfiguration/extensions/extensions/list). */
const pageSchema = z.object({
  value: z
    .array(
      z.object({
        name: z.string().max(300),
        properties: z.object({
          extensionType: z.string().max(300),
          version: text,
          currentVersion: text,
          provisioningState: text,
        }),
      }),
    )
    .max(500),
  nextLink: z.string().max(2000).nullish(),
});

/** An extension that ARM installs into a connected cluster; `type` in lower case, as `microsoft.flux`. */
export interface Extension {
  type: string;
  version: string | undefined;
  status: string | undefined;
}

type Page = Extension[] & { continuationToken?: string };

/** The extensions of one connected cluster, by its ARM id. No SDK package of ours carries this operation. Never rejects. */
export function listExtensions(
  settings: ArcSettings,
  { credential, transport, scope }: AzureSession,
  clusterId: string,
): Promise<Listing<Extension>> {
  const operation = { what: LIST_EXTENSIONS, permission: LIST_EXTENSIONS };
  async function* pages(): AsyncGenerator<Page> {
    const path = clusterId.split("/").map(encodeURIComponent).join("/");
    let url: string | undefined =
      `${settings.armEndpoint}${path}/providers/Microsoft.KubernetesConfiguration/extensions?api-version=${API_VERSION}`;
    while (url !== undefined) {
      const request = createPipelineRequest({ url });
      request.headers.set("authorization", `Bearer ${(await credential.getToken(scope)).token}`);
      const { bodyAsText } = await transport.sendRequest(request); // refuses a next page on another host
      const { value, nextLink } = pageSchema.parse(JSON.parse(bodyAsText ?? ""));
      const page: Page = value.map(({ properties }) => ({
        type: properties.extensionType.toLowerCase(),
        version: properties.currentVersion ?? properties.version ?? undefined,
        status: properties.provisioningState ?? undefined,
      }));
      yield Object.assign(page, nextLink ? { continuationToken: nextLink } : {});
      url = nextLink ?? undefined;
    }
  }
  return listAll(pages(), operation, Math.min(MOST_PAGES, settings.maxPages));
}
