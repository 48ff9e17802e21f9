import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ContentCache } from "./content";
import { createCore } from "./core";

interface Loose {
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    labels?: Record<string, string>;
    ownerReferences?: { uid: string; name: string; kind: string }[];
  };
  roleRef?: { kind: string; name: string };
  spec?: { selector?: Record<string, string> };
}

const DAY = 86_400_000;
const anchor = new Date("2026-11-16T00:00:00Z");
const TOP = ["deployments", "statefulsets", "daemonsets", "cronjobs", "jobs", "pods", "replicasets"];

const objectsAt = (
  cache: ContentCache,
  id: string,
  day: number,
): Map<string, { resourceVersion: string; json: string }> => {
  const content = cache.at(id, new Date(anchor.getTime() + day * DAY));
  const found = new Map<string, { resourceVersion: string; json: string }>();
  for (const [resource, list] of content?.lists ?? [])
    for (const entry of list) found.set(`${resource} ${entry.key}`, entry);
  return found;
};
const withoutVersion = (json: string) => json.replace(/"resourceVersion":"\d+"/, "");

describe("the estate", () => {
  it("has 14 clusters in 7 accounts and about 2,000 workloads of every kind", () => {
    const core = createCore({ now: anchor });
    const cache = new ContentCache(core.world);
    const clusters = core.clusters();
    const count = (distribution: string) => clusters.filter((cluster) => cluster.distribution === distribution).length;
    expect([clusters.length, count("aks"), count("eks"), count("gke"), count("arc")]).toEqual([14, 5, 4, 3, 2]);
    expect(
      clusters.filter((cluster) => cluster.alsoArcIn !== undefined).map((cluster) => cluster.distribution),
    ).toEqual(["eks"]);
    expect(core.accounts().map((account) => account.provider)).toEqual([
      "azure",
      "azure",
      "azure",
      "aws",
      "aws",
      "gcp",
      "gcp",
    ]);
    let workloads = 0;
    const kinds = new Set<string>();
    const sizes: number[] = [];
    for (const cluster of clusters) {
      const keys = new Set<string>();
      for (const [resource, list] of cache.at(cluster.id, anchor)?.lists ?? []) {
        for (const entry of list) {
          expect(keys.has(`${resource} ${entry.key}`)).toBe(false);
          keys.add(`${resource} ${entry.key}`);
          if (resource === "pods") sizes.push(entry.json.length);
          if (TOP.includes(resource) && !entry.json.includes('"ownerReferences"')) {
            workloads += 1;
            kinds.add(resource);
          }
        }
      }
    }
    expect(workloads).toBeGreaterThan(1950);
    expect(workloads).toBeLessThan(2050);
    expect([...kinds].sort()).toEqual(["cronjobs", "daemonsets", "deployments", "jobs", "pods", "statefulsets"]);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(mean).toBeGreaterThan(3000);
    expect(mean).toBeLessThan(7500);
  });

  it("holds together: owners, roles and selected pods exist", () => {
    const core = createCore({ now: anchor, scale: 0.4 });
    const cache = new ContentCache(core.world);
    for (const { id } of core.clusters()) {
      const objects = [...objectsAt(cache, id, 0)].map(([key, { json }]) => ({
        key,
        object: JSON.parse(json) as Loose,
      }));
      const uids = new Map(objects.map(({ object }) => [object.metadata.uid, object]));
      expect(uids.size).toBe(objects.length);
      const keys = new Set(objects.map(({ key }) => key));
      const labels = objects.filter(({ key }) => key.startsWith("pods ")).map(({ object }) => object);
      for (const { key, object } of objects) {
        for (const owner of object.metadata.ownerReferences ?? []) {
          expect(uids.get(owner.uid)?.metadata.name, key).toBe(owner.name);
          // A node owns the pods that it mirrors, and lies in no namespace.
          if (owner.kind !== "Node")
            expect(uids.get(owner.uid)?.metadata.namespace, key).toBe(object.metadata.namespace);
        }
        if (object.roleRef !== undefined) {
          const { kind, name } = object.roleRef;
          const space = kind === "Role" ? object.metadata.namespace : "";
          expect(keys.has(`${kind.toLowerCase()}s ${space}/${name}`), `${id} ${key}`).toBe(true);
        }
        if (!key.startsWith("services ") || object.spec?.selector === undefined) continue;
        const selector = Object.entries(object.spec.selector);
        // A service in front of a CronJob's finished runs selects nothing; the scenario has none.
        const hit = labels.some(
          (pod) =>
            pod.metadata.namespace === object.metadata.namespace &&
            selector.every(([name, value]) => pod.metadata.labels?.[name] === value),
        );
        expect(hit, `${id} ${key}`).toBe(true);
      }
    }
  });

  it("grows within the month: 12 clusters thirty days before", () => {
    const core = createCore({ anchor, now: new Date(anchor.getTime() - 30 * DAY) });
    expect(core.clusters()).toHaveLength(12);
  });
});

describe("drift", () => {
  const ids = ["aks-dev-weu-1", "eks-prod-use1-1", "gke-prod-ew1-1"];

  it("changes the resourceVersion of an object exactly when the object changed", () => {
    const core = createCore({ now: anchor, scale: 0.4 });
    const cache = new ContentCache(core.world);
    for (const id of ids) {
      let before = objectsAt(cache, id, -30);
      let changes = 0;
      for (let day = -29.5; day <= 12; day += 0.31) {
        const after = objectsAt(cache, id, day);
        for (const [key, entry] of after) {
          const old = before.get(key);
          if (old === undefined) continue;
          const same = withoutVersion(old.json) === withoutVersion(entry.json);
          if (same !== (old.resourceVersion === entry.resourceVersion))
            throw new Error(`${id} day ${day}: ${key} changed without its version or the reverse`);
          if (!same) changes += 1;
        }
        before = after;
      }
      expect(changes).toBeGreaterThan(50);
    }
  });

  it("is a pure function of seed and time: same by another way, other with another seed", () => {
    const walked = new ContentCache(createCore({ now: anchor, scale: 0.3 }).world);
    for (let day = -30; day < -3; day += 1.3) objectsAt(walked, "eks-data-euw1-1", day);
    const direct = new ContentCache(createCore({ now: anchor, scale: 0.3 }).world);
    expect([...objectsAt(walked, "eks-data-euw1-1", -3.37)]).toEqual([...objectsAt(direct, "eks-data-euw1-1", -3.37)]);
    const other = new ContentCache(createCore({ now: anchor, scale: 0.3, seed: 2 }).world);
    expect([...objectsAt(other, "eks-data-euw1-1", -3.37).keys()]).not.toEqual([
      ...objectsAt(direct, "eks-data-euw1-1", -3.37).keys(),
    ]);
  });

  it("tells the story: privileged pods go from one team and come to another", () => {
    const cache = new ContentCache(createCore({ now: anchor }).world);
    const privileged = (id: string, team: string, day: number) =>
      [...objectsAt(cache, id, day)].filter(
        ([key, entry]) => key.startsWith(`deployments ${team}/`) && entry.json.includes('"privileged":true'),
      ).length;
    expect(privileged("aks-shop-neu-1", "warehouse", -13)).toBeGreaterThan(0);
    expect(privileged("aks-shop-neu-1", "warehouse", -12)).toBe(0);
    expect(privileged("eks-prod-use1-1", "logistics", -6)).toBeGreaterThan(
      privileged("eks-prod-use1-1", "logistics", -7) + 3,
    );
  });
});

describe("state", () => {
  it("keeps CAs, tokens, ports' names and day zero over restarts", () => {
    const folder = mkdtempSync(join(tmpdir(), "seawall-simulator-"));
    try {
      const first = createCore({ state: folder, anchor });
      const cluster = first.clusters()[0];
      if (cluster === undefined) throw new Error("no cluster");
      const token = first.serviceAccountToken(cluster);
      const second = createCore({ state: folder, anchor: new Date(anchor.getTime() + 3 * DAY) });
      expect(second.world.anchor).toEqual(anchor);
      // A CA stored before the restart still verifies what is served after it.
      expect(new X509Certificate(second.tls.cert).verify(new X509Certificate(first.tls.ca).publicKey)).toBe(true);
      expect(second.verifyServiceAccountToken(token, cluster)).toBe(
        "system:serviceaccount:seawall-system:seawall-reader",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
