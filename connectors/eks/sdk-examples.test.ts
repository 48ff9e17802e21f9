import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";
import { DescribeClusterResponse$ } from "@aws-sdk/client-eks";
import { JsonCodec2 } from "@aws-sdk/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { managedClusterSchema } from "@/domain/inventory/schema";
import * as answers from "./answers";
import { describeManagedCluster } from "./describe";

const require = createRequire(import.meta.url);
/** What the SDK's own package says of a command, in the comments of its types. */
function comment(client: string, command: string): string {
  const types = path.join(
    path.dirname(require.resolve(`@aws-sdk/client-${client}/package.json`)),
    "dist-types/commands",
  );
  return readFileSync(path.join(types, `${command}Command.d.ts`), "utf8").replace(/^ \* ?/gm, "");
}

class Moment extends Date {
  constructor() {
    super("2026-01-01T00:00:00Z");
  }
}
/** Evaluates the object literals of those comments: `true || false` is its first, STRING_VALUE a text. */
const evaluated = (literal: string): unknown =>
  revived(vm.runInNewContext(`(${literal})`, { Date: Moment, Number: () => 1 }));
/** The same out of this world's own arrays and objects. A type that was spelled out before stands there by its name. */
function revived(value: unknown): unknown {
  if (typeof value === "string" && /^<\w*List>$/.test(value)) return ["STRING_VALUE"];
  if (value instanceof Date) return new Date(value);
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revived(inner)]));
}

/** The answer with every member that a command's answer may hold, as the package spells it out. */
function fullest(client: string, command: string): Record<string, unknown> {
  const [, body] = /^\/\/ (\{ \/\/ \w+\n[\s\S]*?^\/\/ \});$/m.exec(comment(client, command)) ?? [];
  if (body === undefined) throw new Error(`the package says nothing of ${command}'s answer`);
  return z.record(z.string(), z.unknown()).parse(evaluated(body.replace(/^\/\/ /gm, "").replace(/\/\/ .*$/gm, "")));
}
/** The example answers that a package gives for a command. */
const examples = (client: string, command: string): unknown[] =>
  [...comment(client, command).matchAll(/\/\* response is\n([\s\S]*?)\n\*\\\//g)].map(([, body = ""]) =>
    evaluated(body),
  );

/** What is kept of an answer is what it held: nothing is lost, renamed or made up. */
function expectPartOf(kept: unknown, whole: unknown): void {
  expect(JSON.parse(JSON.stringify(whole))).toMatchObject(JSON.parse(JSON.stringify(kept)));
}

describe("answers as the AWS SDK's package spells them out", () => {
  it.each([
    ["eks", "ListClusters", answers.clustersPage],
    ["eks", "ListNodegroups", answers.nodegroupsPage],
    ["eks", "ListAddons", answers.addonsPage],
    ["eks", "ListAccessEntries", answers.accessEntriesPage],
    ["eks", "ListAssociatedAccessPolicies", answers.accessPoliciesPage],
    ["eks", "DescribeCluster", answers.clusterAnswer],
    ["eks", "DescribeNodegroup", answers.nodegroupAnswer],
    ["eks", "DescribeAddon", answers.addonAnswer],
    ["ec2", "DescribeLaunchTemplateVersions", answers.launchTemplateAnswer],
    ["ec2", "DescribeSubnets", answers.subnetsAnswer],
  ] as const)("%s %s is read, with every member there can be", (client, command, schema) => {
    const whole = fullest(client, command);
    const kept: unknown = schema.parse(whole);
    expectPartOf(kept, whole);
    // Each member that is read stands in the package's answer: a name of ours that AWS does not have reads nothing.
    const unknown: string[] = [];
    membersOf(schema, whole, command, unknown);
    expect(unknown).toEqual([]);
  });

  it("the fullest cluster gives a description that the inventory takes", () => {
    const { cluster } = answers.clusterAnswer.parse(fullest("eks", "DescribeCluster"));
    const { nodegroup } = answers.nodegroupAnswer.parse(fullest("eks", "DescribeNodegroup"));
    const { addon } = answers.addonAnswer.parse(fullest("eks", "DescribeAddon"));
    const facts = { name: "c", region: "eu-west-1", cluster, nodegroups: [nodegroup], addons: [addon] };
    const described = managedClusterSchema.parse(describeManagedCluster(facts));
    expect(described).toMatchObject({ distribution: "eks", api: { publicEndpoint: true, privateEndpoint: true } });
    expect(described.nodePools?.map(({ name }) => name)).toContain(nodegroup.nodegroupName);
  });

  it("the package's own example of a cluster, off the wire, says what it holds and no more", async () => {
    const [example] = examples("eks", "DescribeCluster");
    const reader = new JsonCodec2({
      timestampFormat: { useTrait: true, default: 7 },
      jsonName: true,
    }).createDeserializer();
    const schema = NormalizedSchema.of(DescribeClusterResponse$);
    const { cluster } = answers.clusterAnswer.parse(await reader.read(schema, JSON.stringify(example)));
    const described = describeManagedCluster({ name: "devel", region: "us-west-2", cluster });
    const said = { name: "devel", version: "1.10", status: "ACTIVE", createdAt: "2018-05-31T23:04:39.988Z" };
    expect(described).toMatchObject(said);
    // It speaks neither of endpoints nor of logs: nobody may say that there are none.
    expect({ api: described.api, logging: described.logging }).toEqual({ api: {}, logging: {} });
  });

  it("examples of lists and of regions are lists of names", () => {
    for (const example of examples("eks", "ListClusters"))
      expect(answers.clustersPage.parse(example).clusters.length).toBeGreaterThan(0);
    expect(examples("sts", "AssumeRole")).toMatchObject([{ Credentials: { AccessKeyId: expect.any(String) } }]);
    const named = z.object({ Regions: z.array(z.object({ RegionName: z.string() })).min(5) });
    for (const example of examples("ec2", "DescribeRegions")) named.parse(example);
  });
});

/** Collects the members that a schema reads and the package's answer does not have. */
function membersOf(schema: z.ZodType, whole: unknown, at: string, unknown: string[]): void {
  const inner = schema instanceof z.ZodPipe ? schema.in : schema;
  if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
    membersOf(inner.unwrap() as z.ZodType, whole, at, unknown);
  } else if (inner instanceof z.ZodArray) {
    if (Array.isArray(whole)) membersOf(inner.element as z.ZodType, whole[0], `${at}[]`, unknown);
    else unknown.push(at);
  } else if (inner instanceof z.ZodObject) {
    for (const [name, member] of Object.entries(inner.shape)) {
      const value = typeof whole === "object" && whole !== null ? Reflect.get(whole, name) : undefined;
      if (value === undefined) unknown.push(`${at}.${name}`);
      else membersOf(member as z.ZodType, value, `${at}.${name}`, unknown);
    }
  }
}
