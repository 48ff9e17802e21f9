import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, it } from "vitest";
import { REGIONS } from "./region";
import { awsSettingsSchema } from "./schema";

it("holds every region that the SDK's partitions name, and only names that the schema takes", () => {
  const core = path.dirname(createRequire(import.meta.url).resolve("@aws-sdk/core/package.json"));
  const text = readFileSync(path.join(core, "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js"), "utf8");
  const named = [...text.matchAll(/"([a-z]{2,5}(?:-[a-z]+){1,3}-\d{1,2})":\s*\{/g)].map((match) => match[1] ?? "");
  expect(named.length).toBeGreaterThan(30);
  expect(REGIONS.map(([name]) => name)).toEqual(expect.arrayContaining(named));
  for (const [name] of REGIONS) expect(awsSettingsSchema.in.shape.stsRegion.safeParse(name).success, name).toBe(true);
});
