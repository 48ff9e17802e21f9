import { expect, it } from "vitest";
import { type ExemptSubject, fits, fitsPattern } from "./match";

const labelled = (labels: Record<string, string>) => ({ kind: "Deployment", metadata: { labels } });
const subject: ExemptSubject = {
  ...{ controlId: "SW-0001", scoreGroup: "network-access", accountId: "a", clusterId: "c" },
  ...{ apiGroup: "apps", kind: "Deployment", namespace: "shop", name: "web" },
};

it("a namespace's own findings are of that namespace, and of no other", () => {
  const own = { ...subject, apiGroup: "", kind: "Namespace", namespace: "", name: "shop" };
  expect(fits({ namespace: "shop" }, own)).toBe(true);
  expect(fits({ namespace: "bank" }, own)).toBe(false);
  expect(fits({ namespace: "shop" }, subject)).toBe(true);
  expect(fits({ namespace: "web" }, subject)).toBe(false);
});

it("a label without a value is one that is there", () => {
  const target = { labels: { public: "" } };
  expect(fits(target, { ...subject, object: labelled({ public: "" }) })).toBe(true);
  expect(fits(target, { ...subject, object: labelled({ public: "yes" }) })).toBe(false);
  expect(fits(target, { ...subject, object: labelled({ other: "" }) })).toBe(false);
  expect(fits({ labels: { constructor: "" } }, { ...subject, object: labelled({}) })).toBe(false);
});

it("what stands before and behind a star does not overlap", () => {
  expect(fitsPattern("ab*ba", "aba")).toBe(false);
  expect(fitsPattern("ab*ba", "abba")).toBe(true);
  expect(fitsPattern("*bc*cd", "abcd")).toBe(false);
  expect(fitsPattern("*bc*cd", "abccd")).toBe(true);
});
