import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { ClusterRow } from "../queries";
import { ClustersByDistribution } from "./clusters";

const now = new Date("2026-11-22T10:00:00Z");
const cluster = (name: string, score: number | null): ClusterRow => ({
  ...{ id: name, accountId: "a", accountName: "lab", provider: "azure", distribution: "aks", name, score },
  ...{ region: null, version: null, status: null, workloads: 1, nodes: 1, expected: 10, evaluated: 10 },
  ...{ lastScanId: null, lastScanStatus: "complete", lastScanAt: now, lastCompleteAt: now, waitUntil: null },
  ...{ reasons: [], missing: {}, open: 0, urgent: 0 },
});
const drawn = (clusters: ClusterRow[]): string =>
  renderToStaticMarkup(<ClustersByDistribution clusters={clusters} place={{ account: "a" }} now={now} />);
const order = (html: string): string[] => [...html.matchAll(/href="\/clusters\/(\w+)"/g)].map(([, id]) => id ?? "");

it("shows the worst first, and before them those of which nobody knows how bad they are", () => {
  expect(order(drawn([cluster("good", 90), cluster("bad", 20), cluster("blind", null)]))).toEqual([
    "blind",
    "bad",
    "good",
  ]);
});

it("says how many more there are, and leads to them: one amount for each width", () => {
  const html = drawn(["c1", "c2", "c3", "c4", "c5"].map((name, at) => cluster(name, at)));
  expect(html).toMatch(/<p class="sm narrow"><a [^>]*href="\/clusters\?account=a&amp;distribution=aks"[^>]*>3 more</);
  expect(html).not.toContain("sm wide");
  expect(drawn(Array.from({ length: 10 }, (_, at) => cluster(`c${at}`, at)))).toMatch(
    /<p class="sm wide"><a [^>]*>2 more</,
  );
  expect(drawn([cluster("one", 1), cluster("two", 2)])).not.toContain("more");
});
