import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { WITHOUT_PERMISSION } from "@/connectors/gke/permissions";
import { connectors } from "@/connectors/registry";
import { DISTRIBUTIONS, type Distribution, LISTED_KINDS } from "@/domain/inventory/schema";
import { grantsOf, natureOf } from "./grant";
import type { Connectable } from "./schema";

const textOf = (cloud: Connectable, id: string): string => grantsOf(cloud).find((grant) => grant.id === id)?.text ?? "";
const actionsOf = (...names: (keyof typeof connectors)[]) =>
  names.flatMap((name) => connectors[name].permissions.map(({ action }) => action)).sort();

it("grants just what the connectors declare", () => {
  const azure = z.object({ Actions: z.array(z.string()) }).parse(JSON.parse(textOf("azure", "role")));
  expect(azure.Actions.sort()).toEqual(actionsOf("aks", "arc"));
  const aws = z
    .object({ Statement: z.tuple([z.object({ Action: z.array(z.string()) })]) })
    .parse(JSON.parse(textOf("aws", "policy")));
  expect(aws.Statement[0].Action.sort()).toEqual(actionsOf("eks"));
  const gcp = z.object({ includedPermissions: z.array(z.string()) }).parse(parse(textOf("gcp", "role")));
  expect(gcp.includedPermissions.sort()).toEqual(actionsOf("gke").filter((action) => action.startsWith("container.")));
});

it("calls a read only what reads", () => {
  const read = /\/read$|[.:](get|list|List|Describe)[A-Za-z]*$/;
  const handing = /listClusterUserCredential\/action$|\.getAccessToken$/;
  for (const { action, handsOut, reason } of Object.values(connectors).flatMap(({ permissions }) => [...permissions])) {
    expect([action, handsOut === true]).toEqual([action, handing.test(action)]);
    if (handsOut === true) expect(reason).toMatch(/^An action, not a read: it hands out .* changes nothing\./);
    else expect(action).toMatch(read);
  }
  expect(natureOf("aws")).toBe("all are reads");
  for (const cloud of ["azure", "gcp"] as const)
    expect(natureOf(cloud)).toBe("all are reads but one, which hands out a credential; none changes anything");
});

it("binds the trust to the external id", () => {
  expect(textOf("aws", "trust")).toContain('"sts:ExternalId": "EXTERNAL_ID"');
});

const CLOUD_OF: Record<Distribution, Connectable> = { aks: "azure", arc: "azure", eks: "aws", gke: "gcp" };
const ruleSchema = z.object({
  apiGroups: z.array(z.string()).default([]),
  resources: z.array(z.string()).default([]),
  resourceNames: z.array(z.string()).optional(),
  nonResourceURLs: z.array(z.string()).default([]),
  verbs: z.array(z.string()),
});
const roleSchema = z.object({
  kind: z.literal("ClusterRole"),
  metadata: z.object({ name: z.string() }),
  rules: z.array(ruleSchema),
});
const bindingSchema = z.object({
  kind: z.literal("ClusterRoleBinding"),
  roleRef: z.object({ kind: z.literal("ClusterRole"), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string() })).length(1),
});
function manifestOf(cloud: Connectable, id: string) {
  const [role, binding] = parseAllDocuments(textOf(cloud, id)).map((document): unknown => document.toJS());
  return { role: roleSchema.parse(role), binding: bindingSchema.parse(binding) };
}

/** `list apps/deployments`, `get /namespaces/kube-system`, `get /version`, as RBAC would allow them. */
const allowedBy = (cloud: Connectable, id: string): string[] =>
  manifestOf(cloud, id).role.rules.flatMap(({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }) =>
    verbs.flatMap((verb) => [
      ...nonResourceURLs.map((url) => `${verb} ${url}`),
      ...apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          (resourceNames ?? [""]).map((name) => `${verb} ${group}/${resource}${name === "" ? "" : `/${name}`}`),
        ),
      ),
    ]),
  );
const SCAN = [
  ...LISTED_KINDS.map(({ apiGroup, resource }) => `list ${apiGroup}/${resource}`),
  "get /namespaces/kube-system",
  "get /version",
  "create authorization.k8s.io/selfsubjectaccessreviews",
].sort();

describe.each(DISTRIBUTIONS)("inside a cluster of %s", (distribution) => {
  const cloud = CLOUD_OF[distribution];

  it("allows just what a scan asks for", () => {
    expect(allowedBy(cloud, "cluster-role").sort()).toEqual(SCAN);
  });

  it("leaves the kubelets to a role of their own", () => {
    expect(allowedBy(cloud, "kubelets")).toEqual(["get /nodes/proxy"]);
  });

  it("leaves ConfigMaps to a role of their own, with a verb that nobody has by accident", () => {
    expect(allowedBy(cloud, "config-maps")).toEqual(["list /configmaps", "judge /configmaps"]);
  });

  it.each(["cluster-role", "kubelets", "config-maps"])("binds the role of %s", (id) => {
    const { role, binding } = manifestOf(cloud, id);
    expect(binding.roleRef.name).toBe(role.metadata.name);
  });
});

it("knows for every listed kind whether Google's IAM can grant it", () => {
  const offered = z.object({ includedPermissions: z.array(z.string()) }).parse(parse(textOf("gcp", "role")));
  const listed = offered.includedPermissions.map((action) => action.toLowerCase());
  const byRbac = LISTED_KINDS.filter(({ resource }) => !listed.includes(`container.${resource}.list`));
  // A new kind: look its permission up in Google's list, and add it to one or the other in connectors/gke/permissions.ts.
  expect(byRbac.map(({ resource }) => resource).sort()).toEqual([...WITHOUT_PERMISSION].sort());
  const said = grantsOf("gcp").find(({ id }) => id === "cluster-role")?.open;
  for (const resource of WITHOUT_PERMISSION) expect(said).toContain(resource);
});
