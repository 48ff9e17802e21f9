import { expect, it } from "vitest";
import { resourceKeyText } from "@/domain/inventory/schema";
import type { StoredResource } from "@/domain/inventory/store";
import { storedOwner } from "./stored-owner";

const row = (apiGroup: string, kind: string, name: string, ownerKind = kind, ownerName = name): StoredResource => ({
  ...{ outcomes: null, apiGroup, kind, namespace: "shop", name, uid: null, resourceVersion: null, hash: "h" },
  ...{ ownerKind, ownerName, shape: null, running: null, phase: null, assessedHash: null },
});
const keyed = (rows: readonly StoredResource[]) => new Map(rows.map((one) => [resourceKeyText(one), one]));

it("an owner is of the group that it was stored with, or of the one that its kind is listed in", () => {
  const pods = ["Rollout", "Deployment", "Gone"].map((kind) => row("", "Pod", `of-${kind}`, kind, "web"));
  const stored = keyed([...pods, row("argoproj.io", "Rollout", "web")]);
  expect(pods.map((pod) => storedOwner(pod, stored))).toEqual([
    { apiGroup: "argoproj.io", kind: "Rollout", name: "web", uid: "" },
    { apiGroup: "apps", kind: "Deployment", name: "web", uid: "" },
    { apiGroup: "", kind: "Gone", name: "web", uid: "" },
  ]);
});

it("a hundred thousand pods that could not be listed have theirs found, each without a look at all the others", () => {
  const pods = Array.from({ length: 100_000 }, (_, at) => row("", "Pod", `web-${at}`, "Deployment", "web"));
  const stored = keyed([...pods, row("apps", "Deployment", "web")]);
  expect(new Set(pods.map((pod) => storedOwner(pod, stored).apiGroup))).toEqual(new Set(["apps"]));
});
