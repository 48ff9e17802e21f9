import { expect, test } from "vitest";
import type { Distribution } from "../schema";
import { type ClusterSide, placesOf } from "./directory";

const entry = (accountId: string, distribution: Distribution) => ({
  ...{ name: "n", accountId, accountName: "a", distribution },
});
const directory = new Map([
  ["aks-1", entry("mixed", "aks")],
  ["aks-2", entry("mixed", "aks")],
  ["arc-1", entry("mixed", "arc")],
  ["gke-1", entry("google", "gke")],
]);
const filter = (over: Partial<ClusterSide>): ClusterSide => ({ account: [], distribution: [], cluster: [], ...over });

test.each<[string, Partial<ClusterSide>, boolean, unknown]>([
  ["everything is every account", {}, true, { accounts: null, clusters: [] }],
  ["all that a limited scope sees are its accounts", {}, false, { accounts: ["mixed", "google"], clusters: [] }],
  ["an account is itself", { account: ["google"] }, true, { accounts: ["google"], clusters: [] }],
  [
    "a distribution is whole accounts, and the clusters of mixed ones",
    { distribution: ["aks", "gke"] },
    true,
    { accounts: ["google"], clusters: ["aks-1", "aks-2"] },
  ],
  ["a cluster is no account", { cluster: ["arc-1"] }, true, { accounts: [], clusters: ["arc-1"] }],
  ["nothing that passes is nowhere", { account: ["other"] }, true, { accounts: [], clusters: [] }],
])("%s", (_what, over, whole, places) => {
  expect(placesOf(directory, filter(over), whole)).toEqual(places);
});
