import { expect, it } from "vitest";
import { recommendationTable } from "../../recommendation/export/column";
import type { RecommendationItem } from "../../recommendation/schema";
import type { FindingItem } from "../schema";
import { findingTable } from "./column";

const ID = "01900000-0000-7000-8000-000000000001";
const MOMENT = "2026-11-22T00:00:00.000Z";

function finding(
  provider: FindingItem["account"]["provider"],
  distribution: FindingItem["cluster"]["distribution"],
): FindingItem {
  return {
    id: ID,
    control: { id: "SW-0001", title: "A control" },
    ...{ group: "network-access", severity: "low", state: "open", notRechecked: null },
    ...{ kind: "Pod", apiGroup: "", namespace: "shop", name: "web", owner: null, exemption: null },
    ...{ message: "Bad.", evidence: [], firstSeenAt: MOMENT, lastSeenAt: MOMENT },
    ...{ resolvedAt: null, resolution: null, reopened: 0 },
    cluster: { id: ID, name: "one", distribution },
    account: { id: ID, name: "team", provider, externalId: `${provider}-number` },
  };
}

it.each([
  ["azure", "aks"],
  ["azure", "arc"],
  ["aws", "eks"],
  ["gcp", "gke"],
] as const)("names the cloud account of %s (%s) in the file of findings", (provider, distribution) => {
  const columns = findingTable(new Map(), "https://seawall.example.com", new Date(MOMENT)).columns;
  const native = columns.find(({ name }) => name === "nativeCloudAccountId");
  expect(native?.of(finding(provider, distribution))).toBe(`${provider}-number`);
});

it.each([
  [1.2345678901234567, 1.23],
  [0.004, 0],
  [12, 12],
])("writes a potential increase of %d with two decimals at the most", (increase, written) => {
  const item: RecommendationItem = {
    ...{ id: "SW-0001", name: "a-control", title: "A control", group: "network-access", severity: "low" },
    ...{
      maturity: "stable",
      effort: "low",
      state: "unhealthy",
      healthy: 0,
      unhealthy: 1,
      notEvaluated: 0,
      exempted: 0,
    },
    ...{ notApplicable: 0, clusters: 1, increase },
  };
  expect(recommendationTable.columns.find(({ name }) => name === "potentialIncrease")?.of(item)).toBe(written);
});
