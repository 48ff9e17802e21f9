import { describe, expect, it } from "vitest";
import { clusterFacts } from "./cluster-facts";
import { type Distribution, type KubernetesObject, managedClusterSchema } from "./schema";

const ON = new Date("2026-10-15T12:00:00Z");
const facts = (distribution: Distribution, version?: string, extendedSupport?: boolean) =>
  clusterFacts(managedClusterSchema.parse({ distribution, name: "c", version, upgrade: { extendedSupport } }), ON);

describe("whether a control plane's version still gets fixes", () => {
  it.each<[Distribution, string | undefined, boolean | undefined, boolean | undefined]>([
    ["aks", "1.35.1", false, true],
    ["aks", "1.30.4", false, false],
    ["aks", "1.30.4", true, undefined],
    ["aks", "1.30.4", undefined, undefined],
    ["gke", "1.30.4-gke.1", false, false],
    ["gke", "1.30.4-gke.1", true, undefined],
    ["eks", "1.30", true, false],
    ["eks", "1.33", undefined, true],
    ["arc", "1.28.1+k3s1", undefined, false],
    ["eks", "1.99", false, undefined],
    ["eks", undefined, false, undefined],
  ])("%s %s, extended support %s: %s", (distribution, version, extended, expected) => {
    expect(facts(distribution, version, extended).versionSupported).toBe(expected);
  });
});

describe("nodes of EKS outside of its pools", () => {
  const node = (labels: Record<string, string>) => ({ metadata: { name: "n", labels } }) as KubernetesObject;
  const outside = (distribution: Distribution, nodePools: object[] | undefined, ...labels: Record<string, string>[]) =>
    clusterFacts(managedClusterSchema.parse({ distribution, name: "c", nodePools }), ON, labels.map(node))
      .nodesOutsidePools;
  const main = { "eks.amazonaws.com/nodegroup": "main" };
  const auto = { "eks.amazonaws.com/compute-type": "auto", "karpenter.sh/nodepool": "system" };
  it.each<[string, number, Record<string, string>[]]>([
    ["a group's", 0, [main, main]],
    ["Auto Mode's", 0, [auto]],
    ["Fargate's", 0, [{ "eks.amazonaws.com/compute-type": "fargate" }]],
    ["a group's that is not listed", 1, [main, { "eks.amazonaws.com/nodegroup": "new" }]],
    ["somebody's own", 2, [main, {}, { "node.kubernetes.io/instance-type": "m7i.large" }]],
    ["Karpenter's", 1, [{ "karpenter.sh/nodepool": "main" }]],
    ["an own pool of Auto Mode", 1, [{ ...auto, "karpenter.sh/nodepool": "gpu" }]],
    ["hybrid", 1, [{ "eks.amazonaws.com/compute-type": "hybrid" }]],
  ])("%s: %s", (_whose, expected, labels) => {
    expect(outside("eks", [{ name: "main" }, { name: "system", mode: "auto" }], ...labels)).toBe(expected);
  });
  it("are not known elsewhere, nor without pools or nodes", () => {
    expect(outside("aks", [{ name: "main" }], {})).toBeUndefined();
    expect(outside("eks", undefined, {})).toBeUndefined();
    const managed = managedClusterSchema.parse({ distribution: "eks", name: "c", nodePools: [{ name: "main" }] });
    expect(clusterFacts(managed, ON)).not.toHaveProperty("nodesOutsidePools");
  });
});

it("counts the days that the certificate of Arc's agents has left", () => {
  const days = (certificateEndsAt?: string) =>
    clusterFacts(managedClusterSchema.parse({ distribution: "arc", name: "c", agent: { certificateEndsAt } }), ON)
      .agentCertificateDays;
  expect(days("2026-10-22T13:00:00Z")).toBe(7);
  expect(days("2026-10-15T11:00:00Z")).toBe(-1);
  expect(days("soon")).toBeUndefined();
  expect(days()).toBeUndefined();
});
