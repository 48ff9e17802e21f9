import { expect, it } from "vitest";
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
