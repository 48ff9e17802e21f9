import { expect, test } from "vitest";
import type { StoredResource } from "../store";
import { changesOf, MOST_CHANGES } from "./history";

const row = (over: Partial<StoredResource> = {}): StoredResource => ({
  ...{ apiGroup: "apps", kind: "Deployment", namespace: "shop", name: "web", uid: "u1", resourceVersion: "1" },
  ...{ hash: "h1", ownerKind: "Deployment", ownerName: "web", outcomes: null, assessedHash: null },
  ...{ shape: null, running: null, phase: null },
  ...over,
});
const pod = (over: Partial<StoredResource> = {}) =>
  row({ apiGroup: "", kind: "Pod", name: "web-1", ownerKind: "Deployment", ownerName: "web", ...over });

test("what came, changed and went is told; what only got another resourceVersion or verdict is not", () => {
  const same = row({ name: "same" });
  const changes = changesOf(
    [
      { before: null, after: row({ name: "new" }) },
      { before: row({ name: "old" }), after: null },
      { before: row(), after: row({ hash: "h2" }) },
      { before: row({ name: "again" }), after: row({ name: "again", uid: "u2" }) },
      { before: row({ name: "status" }), after: row({ name: "status", resourceVersion: "2", assessedHash: "x" }) },
      { before: same, after: same },
    ],
    false,
  );
  expect(changes.map(({ change, name }) => `${change} ${name}`)).toEqual([
    "appeared new",
    "gone old",
    "changed web",
    "changed again",
  ]);
});

test("pods of a workload are left out, a pod of its own is not", () => {
  const own = pod({ ownerKind: "Pod", ownerName: "web-1" });
  expect(
    changesOf(
      [
        { before: null, after: pod() },
        { before: pod(), after: null },
      ],
      false,
    ),
  ).toEqual([]);
  expect(changesOf([{ before: null, after: own }], false)).toMatchObject([{ change: "appeared", kind: "Pod" }]);
});

test("a first scan tells no history, and no scan more than its share", () => {
  const many = Array.from({ length: MOST_CHANGES + 10 }, (_, at) => ({ before: null, after: row({ name: `w${at}` }) }));
  expect(changesOf(many, true)).toEqual([]);
  expect(changesOf(many, false)).toHaveLength(MOST_CHANGES);
});
