import { afterEach, beforeEach, expect, it } from "vitest";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { openReader } from "./reader";
import { type Answer, FixtureServer, fixtureOptions, status } from "./testing/fixture-server";

let fixture: FixtureServer;
beforeEach(async () => {
  fixture = new FixtureServer();
  await fixture.start();
});
afterEach(() => fixture.stop());

/** Allows these verbs and no others. */
const allowing =
  (...verbs: string[]): Answer =>
  (request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => {
      body += piece.toString();
    });
    request.on("end", () => {
      const allowed = verbs.some((verb) => body.includes(`"verb":"${verb}"`));
      response.writeHead(201).end(JSON.stringify({ kind: "SelfSubjectAccessReview", status: { allowed } }));
    });
  };
const listing: Answer = (_, response) =>
  response.end(
    JSON.stringify({
      kind: "ConfigMapList",
      apiVersion: "v1",
      metadata: { resourceVersion: "7" },
      items: [{ metadata: { name: "web", namespace: "shop", resourceVersion: "5" }, data: { A: "hunter2" } }],
    }),
  );
const withoutData = ({ data, ...rest }: KubernetesObject): KubernetesObject => ({
  ...rest,
  keys: Object.keys(data as object),
});

async function read(): Promise<unknown> {
  const reader = openReader(fixture.access(), fixtureOptions());
  try {
    const pages = await reader.configMaps?.(withoutData);
    if (pages === null || pages === undefined) return pages;
    const objects: KubernetesObject[] = [];
    for await (const page of pages) objects.push(...page);
    return objects;
  } finally {
    await reader.close();
  }
}

it.each([
  ["neither right", allowing()],
  ["the right to list alone, as every role for looking around has it", allowing("list")],
  ["the verb alone", allowing("judge")],
  ["no answer", status(500)],
])("lists nothing with %s", async (_name, answer) => {
  fixture.answers = [answer];
  expect(await read()).toBeNull();
  expect(fixture.requests.every(({ url }) => url?.endsWith("/selfsubjectaccessreviews"))).toBe(true);
});

it("hands on each ConfigMap as it was reduced", async () => {
  fixture.answers = [allowing("list", "judge"), allowing("list", "judge"), listing];
  const objects = await read();
  expect(objects).toEqual([
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "web", namespace: "shop", resourceVersion: "5" },
      keys: ["A"],
    },
  ]);
  expect(JSON.stringify(objects)).not.toContain("hunter2");
});
