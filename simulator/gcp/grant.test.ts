import { afterEach, expect, it, vi } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { connector } from "@/connectors/gke";
import { WITHOUT_PERMISSION } from "@/connectors/gke/permissions";
import { openReader } from "@/connectors/kubernetes/reader";
import { reviewAccess } from "@/connectors/kubernetes/review";
import { grantsOf } from "@/domain/accounts/grant";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { createCore } from "../core";
import { startKubernetes } from "../kubernetes";
import type { GcpGrants } from "./authorizer";
import { startGcp } from "./index";

const PROJECT = "harbour-prod-4711";
const EMAIL = `seawall-reader@${PROJECT}.iam.gserviceaccount.com`;
const CLUSTERS = ["container.clusters.list", "container.clusters.get"];
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** What the console shows, as somebody would apply it. */
function shown(): { permissions: string[]; clusterRole: NonNullable<GcpGrants["clusterRole"]> } {
  const textOf = (id: string) => grantsOf("gcp").find((grant) => grant.id === id)?.text ?? "";
  const strings = z.array(z.string());
  const names = strings.default([]);
  const rule = z.object({ apiGroups: names, resources: names, resourceNames: strings.optional(), verbs: strings });
  const [role, binding] = parseAllDocuments(textOf("cluster-role").replace("SERVICE_ACCOUNT_EMAIL", EMAIL)).map(
    (document): unknown => document.toJS(),
  );
  const { subjects } = z.object({ subjects: z.tuple([z.object({ name: z.string() })]) }).parse(binding);
  return {
    permissions: z.object({ includedPermissions: strings }).parse(parse(textOf("role"))).includedPermissions,
    clusterRole: { user: subjects[0].name, ...z.object({ rules: z.array(rule) }).parse(role) },
  };
}

/** Resources of which a scan of one cluster is denied the list; and the connection test says the same. */
async function denied(grants: GcpGrants): Promise<string[]> {
  const core = createCore({ seed: 7, scenario: "tiny", now: new Date("2026-03-01T09:00:00Z") });
  const kubernetes = await startKubernetes(core);
  const wire = await startGcp(core, { grants });
  stops.push(kubernetes.stop, wire.stop);
  const account = core.accounts().find(({ id }) => id === PROJECT);
  const made = account && wire.connection?.(account);
  if (made === undefined) throw new Error("no connection");
  const settings = connector.schema.parse(made.settings);
  const context = { signal: AbortSignal.timeout(20_000), log: vi.fn(), allowPrivateNetworks: true };
  const [cluster] = (await connector.discover(settings, made.secrets, context)).clusters;
  if (cluster === undefined) throw new Error("no cluster");
  const access = await connector.access(settings, made.secrets, cluster, context);
  const reader = openReader(access, { ...context, retryLimit: 0 });
  await reader.clusterUid();
  await reader.version();
  const refused: string[] = [];
  for (const kind of LISTED_KINDS) {
    const pages = reader.list(kind);
    try {
      for (let page = await pages.next(); !page.done; page = await pages.next());
    } catch {
      refused.push(kind.resource);
    }
  }
  await reader.close();
  const { gaps } = await reviewAccess(access, { ...context, retryLimit: 0 });
  expect(gaps.map(({ what }) => what.split("/").at(-1)).sort()).toEqual(refused.sort());
  return refused;
}

it("lets a scan read everything when all that the console shows is granted", async () => {
  expect(await denied(shown())).toEqual([]);
});

it("is content with the ClusterRole where the project grants its clusters alone", async () => {
  expect(await denied({ ...shown(), permissions: CLUSTERS })).toEqual([]);
});

it("lacks what Google has no permission for when the custom role is all", async () => {
  expect(await denied({ permissions: shown().permissions })).toEqual([...WITHOUT_PERMISSION].sort());
});
