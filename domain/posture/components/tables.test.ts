import { expect, it } from "vitest";
import { unitOf, unlikeScore } from "./tables";

it("names what a control judges for one and for many", () => {
  expect([1, 2].map((amount) => unitOf(["ManagedCluster"], amount))).toEqual(["cluster", "clusters"]);
  expect([1, 0].map((amount) => unitOf(["Ingress"], amount))).toEqual(["ingress", "ingresses"]);
  expect([1, 2].map((amount) => unitOf(["ServiceAccount"], amount))).toEqual(["service account", "service accounts"]);
  expect([1, 2].map((amount) => unitOf(["ClusterRole"], amount))).toEqual(["object", "objects"]);
  expect([1, 2].map((amount) => unitOf(["Role", "ClusterRole"], amount))).toEqual(["resource", "resources"]);
});

it("says why groups and score differ, and nothing where they are printed alike", () => {
  expect(unlikeScore(79.04, 79.47)).toMatch(/79\.0 of 100.*79\.5, is the mean of the accounts/);
  expect(unlikeScore(79.04, 79.0)).toBeNull();
});
