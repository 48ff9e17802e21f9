import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { connectors } from "@/connectors/registry";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { grantsOf } from "./grant";

const textOf = (cloud: Parameters<typeof grantsOf>[0], id: string): string =>
  grantsOf(cloud).find((grant) => grant.id === id)?.text ?? "";
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

it("binds the trust to the external id", () => {
  expect(textOf("aws", "trust")).toContain('"sts:ExternalId": "EXTERNAL_ID"');
});

it("lists in a cluster what a scan lists, and reads nothing else", () => {
  const rules = z
    .object({
      kind: z.literal("ClusterRole"),
      rules: z.array(
        z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
      ),
    })
    .parse(parse(textOf("aws", "cluster-role"))).rules;
  const listed = rules
    .filter(({ verbs }) => verbs.includes("list"))
    .flatMap(({ apiGroups, resources }) => resources.map((resource) => `${apiGroups[0]}/${resource}`));
  expect(listed.sort()).toEqual(LISTED_KINDS.map(({ apiGroup, resource }) => `${apiGroup}/${resource}`).sort());
  expect(JSON.stringify(rules)).not.toMatch(/secrets|\*/);
});
