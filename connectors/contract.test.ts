import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DISTRIBUTIONS, type Distribution, LISTED_KINDS } from "@/domain/inventory/schema";
import { openReader } from "./kubernetes/reader";
import { reviewAccess } from "./kubernetes/review";
import { connectors } from "./registry";
import { bound, count, expectedIn, gapsOf, namesOf, openWorld, readerOptions, type World } from "./testing/bound";
import { Estate } from "./testing/estate";

let estate: Estate;
let world: World;
beforeAll(async () => {
  estate = await Estate.start();
  world = await openWorld(estate);
});
afterAll(() => estate?.stop());

describe.each(DISTRIBUTIONS)("connector %s", (distribution) => {
  it("finds every cluster of every account, and says so", async () => {
    let found = 0;
    for (const { account, discover } of bound(world, distribution)) {
      const discovery = await discover();
      const expected = expectedIn(world, distribution, account.externalId);
      found += discovery.clusters.length;
      expect(namesOf(discovery)).toEqual(expected.map((cluster) => cluster.id).sort());
      expect({ complete: discovery.complete, gaps: gapsOf(discovery) }).toEqual({ complete: true, gaps: [] });
      for (const cluster of discovery.clusters) {
        expect(cluster.distribution).toBe(distribution);
        expect(cluster.managed).toMatchObject({ distribution, name: cluster.name });
        expect(cluster.aliases[0]).toContain(
          distribution === "aks" || distribution === "arc" ? cluster.name.toLowerCase() : cluster.name,
        );
      }
    }
    expect(found).toBeGreaterThan(0);
  });

  it("opens each cluster's API: identity, version, pods", async () => {
    for (const { discover, access } of bound(world, distribution)) {
      for (const cluster of (await discover()).clusters) {
        const expected = world.clusters.find((each) => each.id === cluster.name);
        const reader = openReader(await access(cluster), { ...readerOptions, pageSize: 7 });
        try {
          expect(await reader.clusterUid()).toBe(expected?.uid);
          expect(await reader.version()).toBe(`v${expected?.version}`);
          expect(await count(reader, "Pod")).toMatchObject({ complete: true, gaps: [] });
          expect((await count(reader, "Pod")).objects).toBeGreaterThan(0);
        } finally {
          await reader.close();
        }
      }
    }
  });

  it("passes its own connection test", async () => {
    for (const { test } of bound(world, distribution)) {
      const checks = await test();
      expect(checks.filter((check) => check.outcome === "failed")).toEqual([]);
      expect(checks.some((check) => check.outcome === "ok")).toBe(true);
    }
  });

  it("asks the cloud for nothing that it does not declare", async () => {
    const declared = new Set(connectors[distribution].permissions.map((permission) => permission.action.toLowerCase()));
    for (const { discover, access } of bound(world, distribution)) {
      const asked = await estate.during(async () => {
        for (const cluster of (await discover()).clusters) await (await access(cluster)).token();
      });
      const cloud = asked.filter((request) => ["arm", "eks", "ec2", "gke"].includes(request.service));
      expect(cloud.length).toBeGreaterThan(0);
      expect(
        [...new Set(cloud.map((request) => request.action))].filter((action) => !declared.has(action.toLowerCase())),
      ).toEqual([]);
      expect(cloud.filter((request) => request.status >= 400)).toEqual([]);
    }
  });
});

it("all four find 14 clusters, one of them twice", async () => {
  const uids = new Map<string, Distribution[]>();
  for (const distribution of DISTRIBUTIONS) {
    for (const { discover } of bound(world, distribution)) {
      for (const { name } of (await discover()).clusters) {
        const uid = world.clusters.find((each) => each.id === name)?.uid ?? name;
        uids.set(uid, [...(uids.get(uid) ?? []), distribution]);
      }
    }
  }
  expect(uids.size).toBe(world.clusters.length);
  expect(uids.size).toBe(14);
  expect([...uids.values()].filter((each) => each.length > 1)).toEqual([["eks", "arc"]]);
});

it("every reader identity may list what it needs, or the review says what not, and no more", async () => {
  for (const distribution of DISTRIBUTIONS) {
    for (const { discover, access } of bound(world, distribution)) {
      for (const cluster of (await discover()).clusters) {
        const opened = await access(cluster);
        const review = await reviewAccess(opened, readerOptions);
        expect(review.warnings).toEqual([]);
        const reader = openReader(opened, readerOptions);
        const denied: string[] = [];
        for (const kind of LISTED_KINDS)
          denied.push(...(await count(reader, kind.kind)).gaps.map((gap) => `${gap.code} ${gap.what}`));
        await reader.close();
        expect(denied.sort()).toEqual(review.gaps.map((gap) => `${gap.code} ${gap.what}`).sort());
      }
    }
  }
});
