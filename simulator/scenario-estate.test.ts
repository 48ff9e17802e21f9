import { expect, test } from "vitest";
import { ContentCache, type Entry } from "./content";
import { createCore } from "./core";
import { granted } from "./kubernetes-access";
import { SERVED_KINDS } from "./kubernetes-kinds";
import { minorOf } from "./scenario-versions";

const anchor = new Date("2026-11-21T00:00:00Z");
const core = createCore({ anchor, now: anchor, scale: 0.3 });
const cache = new ContentCache(core.world);
const read = <T>(id: string, resource: string): T[] =>
  (cache.at(id, anchor)?.lists.get(resource) ?? []).map((entry: Entry) => JSON.parse(entry.json) as T);

interface Named {
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}
interface Node extends Named {
  status: { nodeInfo: Record<string, string> };
}

test("nodes are at most two minor versions behind their control plane, and run a system that came with theirs", () => {
  for (const { id, version, distribution } of core.clusters())
    for (const { metadata, status } of read<Node>(id, "nodes")) {
      const { kubeletVersion = "", osImage = "", kernelVersion = "" } = status.nodeInfo;
      expect(minorOf(version) - minorOf(kubeletVersion), metadata.name).toBeOneOf([0, 1, 2]);
      if (distribution === "eks") expect(kernelVersion).toMatch(/\.amzn2(023)?\.x86_64$/);
      if (distribution === "aks") expect(kernelVersion).toMatch(/-azure$/);
      if (distribution === "aks" && minorOf(kubeletVersion) < 35) expect(osImage).toMatch(/^Ubuntu 22\.04/);
    }
});

test("kube-proxy bears the version of its cluster, and no add-on carries what teams' workloads do", () => {
  for (const { id, version, distribution } of core.clusters()) {
    const system = ["deployments", "daemonsets", "statefulsets"]
      .flatMap((resource) => read<Named>(id, resource))
      .filter(({ metadata }) => /^(kube-system|gmp-system|azure-arc|monitoring)$/.test(metadata.namespace ?? ""));
    expect(system.length, id).toBeGreaterThan(8);
    for (const object of system)
      expect(JSON.stringify(object), object.metadata.name).not.toMatch(/DB_PASSWORD|harbour/);
    const proxy = system.find(({ metadata }) => metadata.name === "kube-proxy");
    if (proxy !== undefined) expect(JSON.stringify(proxy)).toContain(`kube-proxy:v${version.replace(/-.*/, "")}`);
    else expect(["aks", "gke", "arc"], id).toContain(distribution);
  }
});

test("careful teams sign their namespaces, careless ones only partly", () => {
  const signed = (id: string): [yes: number, all: number] => {
    const spaces = read<Named>(id, "namespaces").filter(
      ({ metadata }) => !/^(kube-|default$|seawall|azure-arc|gmp-|amazon-)/.test(metadata.name),
    );
    const says = ({ metadata: { labels = {}, annotations = {} } }: Named) =>
      "team" in labels || "harbour.example/team" in labels || "owner" in annotations;
    return [spaces.filter(says).length, spaces.length];
  };
  const [yes, all] = signed("aks-prod-weu-1");
  expect(yes).toBeGreaterThan(all - 3);
  const [some, bad] = signed("aks-dev-weu-1");
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(bad - 2);
});

test("a reader's role loses what it may list on a day, and not before", () => {
  const plan = core.world.plans.find(({ base }) => base.id === "gke-analytics-ew1-1");
  const roles = SERVED_KINDS.find(({ resource }) => resource === "roles");
  if (plan === undefined || roles === undefined) throw new Error("the scenario changed its names");
  expect([-12, -11, 0].map((day) => granted(plan, roles, day))).toEqual([true, false, false]);
});

test("a policy of beta days, and what one team once brought along, still name the versions they were written through", () => {
  interface Written extends Named {
    metadata: Named["metadata"] & { managedFields?: { apiVersion: string }[] };
  }
  const versions = (id: string, resource: string, space?: string) =>
    new Set(
      read<Written>(id, resource)
        .filter(({ metadata }) => space === undefined || metadata.namespace === space)
        .flatMap(({ metadata }) => metadata.managedFields?.map(({ apiVersion }) => apiVersion) ?? []),
    );
  expect(versions("eks-prod-use1-1", "validatingadmissionpolicies")).toContain("admissionregistration.k8s.io/v1beta1");
  expect(versions("aks-prod-weu-1", "validatingadmissionpolicies")).toEqual(
    new Set(["admissionregistration.k8s.io/v1"]),
  );
  const carts = core.clusters().map(({ id }) => versions(id, "cronjobs", "logistics"));
  expect(carts.some((each) => each.has("batch/v1beta1"))).toBe(true);
});
