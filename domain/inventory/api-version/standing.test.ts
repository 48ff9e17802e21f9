import { expect, test } from "vitest";
import { LISTED_KINDS } from "../schema";
import { minorOf, standingOf } from "./standing";
import { apiTable, neverServed } from "./table";

const fine = { removedVersions: [], nextRemovedVersions: [], deprecatedVersions: [] };
const CRON = "batch/v1beta1 (gone since 1.25: use batch/v1)";

test.each([
  ["v1.33.1-gke.100", 33],
  ["1.34", 34],
  ["v1.29.15+k3s1", 29],
  ["2.0", undefined],
  ["1.x", undefined],
  ["", undefined],
  [undefined, undefined],
])("the release of %s", (version, minor) => {
  expect(minorOf(version)).toBe(minor);
});

test.each([
  [20, fine],
  [21, { ...fine, deprecatedVersions: ["batch/v1beta1 (deprecated since 1.21: use batch/v1)"] }],
  [24, { ...fine, nextRemovedVersions: ["batch/v1beta1 (gone in 1.25: use batch/v1)"] }],
  [25, { ...fine, removedVersions: [CRON] }],
  [undefined, { ...fine, removedVersions: [CRON] }],
])("a CronJob of an old version in 1.%s", (minor, expected) => {
  expect(standingOf("CronJob", ["batch/v1", "batch/v1beta1"], minor)).toEqual(expected);
});

test("without a release only what is the same in every supported one is told", () => {
  expect(standingOf("CronJob", ["batch/v1"], undefined)).toEqual(fine);
  expect(standingOf("Widget", ["example.com/v1alpha1"], undefined)).toEqual(fine);
  // Served in 1.31 and gone since 1.32.
  expect(standingOf("FlowSchema", ["flowcontrol.apiserver.k8s.io/v1beta3"], undefined)).toEqual({});
  // Fine before 1.33 and deprecated since: never removed.
  expect(standingOf("Endpoints", ["v1"], undefined)).toEqual({ removedVersions: [], nextRemovedVersions: [] });
  expect(standingOf("ComponentStatus", ["v1"], undefined)).toEqual({
    ...fine,
    deprecatedVersions: ["v1 (deprecated since 1.19)"],
  });
});

test("one version that is certainly gone is enough, whatever the others are", () => {
  const written = ["flowcontrol.apiserver.k8s.io/v1beta1", "flowcontrol.apiserver.k8s.io/v1beta3"];
  expect(standingOf("FlowSchema", written, undefined)).toEqual({
    removedVersions: ["flowcontrol.apiserver.k8s.io/v1beta1 (gone since 1.26: use flowcontrol.apiserver.k8s.io/v1)"],
  });
});

test("of a release newer than the table nothing is said of what it may have taken away", () => {
  const after = apiTable().newest + 1;
  expect(standingOf("Deployment", ["apps/v1"], after)).toEqual(fine);
  expect(standingOf("CronJob", ["batch/v1beta1"], after)).toEqual({ ...fine, removedVersions: [CRON] });
  expect(standingOf("DeviceTaintRule", ["resource.k8s.io/v1alpha3"], after)).toEqual({});
  expect(standingOf("Deployment", ["apps/v2alpha1"], after)).toEqual({});
});

test.each([
  ["HorizontalPodAutoscaler", "autoscaling/v9"],
  ["Deployment", "apps/v2"],
  ["Ingress", "extensions/v1"],
  ["Pod", "v2"],
  ["DaemonSet", "apps/v1beta1"],
  ["ReplicaSet", "apps/v1beta1"],
  ["Job", "batch/v1beta1"],
  ["PodSecurityPolicy", "policy/v1"],
])("of a %s in %s, which never was, nothing is told", (kind, version) => {
  expect(standingOf(kind, [version], undefined)).toEqual({});
  expect(standingOf(kind, [version], 34)).toEqual({});
});

test("a version that never was does not hide one that is gone", () => {
  expect(standingOf("CronJob", ["batch/v1beta1", "batch/v7"], 34)).toEqual({ removedVersions: [CRON] });
});

test("what is served, was served and belongs to others is no version that never was", () => {
  const had = ["autoscaling/v1", "autoscaling/v2", "extensions/v1beta1", "example.com/v9", "metrics.k8s.io/v9"];
  for (const { kind, apiVersion } of LISTED_KINDS) expect([kind, neverServed(kind, apiVersion)]).toEqual([kind, null]);
  for (const version of had) expect([version, neverServed("Widget", version)]).toEqual([version, null]);
});

test.each([
  ["DaemonSet", ["apps/v1beta2", "extensions/v1beta1", "example.com/v1"], ["apps/v1beta1"]],
  ["ReplicaSet", ["apps/v1beta2", "extensions/v1beta1"], ["apps/v1beta1"]],
  ["StatefulSet", ["apps/v1beta1", "apps/v1beta2"], ["extensions/v1beta1"]],
  ["Deployment", ["apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"], ["batch/v1"]],
  ["Job", ["batch/v1"], ["batch/v1beta1", "batch/v2alpha1", "extensions/v1beta1"]],
  ["CronJob", ["batch/v1", "batch/v1beta1", "batch/v2alpha1"], []],
  ["NetworkPolicy", ["extensions/v1beta1"], ["networking.k8s.io/v1beta1", "networking.k8s.io/v1alpha1"]],
  ["Ingress", ["extensions/v1beta1", "networking.k8s.io/v1beta1"], ["networking.k8s.io/v1alpha1"]],
  ["ServiceCIDR", ["networking.k8s.io/v1alpha1", "networking.k8s.io/v1beta1"], []],
  ["PodSecurityPolicy", ["policy/v1beta1", "extensions/v1beta1"], ["policy/v1"]],
  ["HorizontalPodAutoscaler", ["autoscaling/v1", "autoscaling/v2", "autoscaling/v2beta1"], ["extensions/v1beta1"]],
  ["StorageClass", ["storage.k8s.io/v1", "storage.k8s.io/v1beta1"], ["storage.k8s.io/v1alpha1"]],
  ["Lease", ["coordination.k8s.io/v1", "coordination.k8s.io/v1beta1"], ["coordination.k8s.io/v1alpha2"]],
  ["PriorityClass", ["scheduling.k8s.io/v1", "scheduling.k8s.io/v1alpha1"], ["scheduling.k8s.io/v1alpha3"]],
])("a version of a group has not each of its kinds: %s", (kind, was, never) => {
  expect([...was, ...never].map((version) => [version, neverServed(kind, version)])).toEqual([
    ...was.map((version) => [version, null]),
    ...never.map((version) => [version, "kind"]),
  ]);
});

test("the table holds the guide's kinds, and both names of one that moved", () => {
  const { byKind, groupKinds } = apiTable();
  expect(byKind.get("HorizontalPodAutoscaler")?.get("autoscaling/v2beta2")).toMatchObject({
    deprecated: 23,
    removed: 26,
  });
  expect([...(byKind.get("Ingress")?.keys() ?? [])]).toEqual(["extensions/v1beta1", "networking.k8s.io/v1beta1"]);
  for (const kind of [
    "policy/PodSecurityPolicy",
    "/Endpoints",
    "discovery.k8s.io/EndpointSlice",
    "autoscaling/HorizontalPodAutoscaler",
  ])
    expect(groupKinds).toContain(kind);
  expect(groupKinds).not.toContain("discovery.k8s.io/Endpoints");
});

test("a kind that changed its name is told with the new one", () => {
  expect(standingOf("ResourceClass", ["resource.k8s.io/v1alpha2"], 34).removedVersions).toEqual([
    "resource.k8s.io/v1alpha2 (gone since 1.31: use resource.k8s.io/v1 DeviceClass)",
  ]);
});
