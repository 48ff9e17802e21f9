import { describe, expect, it } from "vitest";
import { clusterFacts } from "./cluster-facts";
import { type Distribution, managedClusterSchema } from "./schema";

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

it("counts the days that the certificate of Arc's agents has left", () => {
  const days = (certificateEndsAt?: string) =>
    clusterFacts(managedClusterSchema.parse({ distribution: "arc", name: "c", agent: { certificateEndsAt } }), ON)
      .agentCertificateDays;
  expect(days("2026-10-22T13:00:00Z")).toBe(7);
  expect(days("2026-10-15T11:00:00Z")).toBe(-1);
  expect(days("soon")).toBeUndefined();
  expect(days()).toBeUndefined();
});
