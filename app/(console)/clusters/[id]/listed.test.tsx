import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { ClusterDetail } from "@/domain/inventory/queries";
import { Listed } from "./listed";

const gap = (what: string) => ({ code: "denied" as const, what, message: "no" });
const said = (lastScanStatus: string | null, whats: string[], amount: number): string => {
  const cluster = { lastScanStatus, reasons: whats.map(gap), gaps: [] } as unknown as ClusterDetail;
  return renderToStaticMarkup(
    <Listed
      cluster={cluster}
      resources={["roles", "rolebindings"]}
      words={{ one: "binding", many: "Bindings", none: "There is none." }}
      amount={amount}
    >
      the table
    </Listed>,
  ).replaceAll(/<[^>]+>/g, "");
};
const HIDDEN = "Bindings could not be listed in the last scan";

test.each([
  ["a complete scan that found none", "complete", [], 0, "There is none."],
  ["a complete scan", "complete", [], 3, "the table"],
  ["a first scan that failed", "failed", [], 0, `${HIDDEN}, and none was read before.`],
  ["a cluster never scanned", null, [], 0, "No binding was read yet."],
  ["a partial scan that lacked something else", "partial", ["apps/deployments"], 0, "No binding was read yet."],
  ["a partial scan that lacked something else, with rows", "partial", ["pods"], 3, "the table"],
  [
    "a partial scan that lacked them",
    "partial",
    ["rbac.authorization.k8s.io/rolebindings"],
    0,
    `${HIDDEN}, and none was read before.`,
  ],
])("%s", (_what, status, whats, amount, words) => {
  expect(said(status, whats, amount)).toBe(words);
});

test("rows of before a failed scan stand under what could not be listed", () => {
  expect(said("failed", [], 3)).toMatch(new RegExp(`^${HIDDEN}, so some may be missing.*the table$`));
});
