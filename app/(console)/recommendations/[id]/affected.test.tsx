import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { FindingRow } from "@/domain/posture/finding/queries";
import { Affected } from "./affected";

const at = new Date("2026-03-01T09:00:00Z");
const ROW: FindingRow = {
  ...{ id: "019234ab-0000-7000-8000-000000000001", controlId: "SW-0001", severity: 3, state: "open" },
  ...{ kind: "Deployment", namespace: "shop", name: "web", message: "2 containers run privileged." },
  ...{ evidence: [], firstSeenAt: at, lastSeenAt: at, resolvedAt: null, resolution: null, reopened: 0 },
  ...{
    notRechecked: null,
    clusterId: "019234ab-0000-7000-8000-000000000002",
    clusterName: "prod",
    distribution: "eks",
  },
};
/** What the rows say, tags and chances to break a line taken out. */
const said = (row: FindingRow): string =>
  renderToStaticMarkup(<Affected rows={[row]} listed={{}} now={at} />)
    .replaceAll("<wbr/>", "")
    .replace(/<[^>]+>/g, "|");

it("says what is wrong with a resource, and then where", () => {
  const evidence = [{ path: "spec.containers[0]", message: "Container web runs privileged." }];
  expect(said({ ...ROW, evidence })).toMatch(/Container web runs privileged\.\|+spec\.containers\[0\]\|/);
  expect(said(ROW)).toContain("|2 containers run privileged.|");
});
