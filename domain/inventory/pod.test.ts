import { expect, it } from "vitest";
import { phaseFrom, phaseOf, podImages } from "./pod";

const pod = (status: unknown) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, status });

it("tells a pod's phase, and none that Kubernetes does not know", () => {
  expect(phaseOf(pod({ phase: "Pending" }))).toBe("Pending");
  expect(phaseOf(pod({ phase: "<img onerror>" }))).toBe("");
  expect(phaseOf(pod("rubbish"))).toBe("");
  expect([phaseFrom(""), phaseFrom(null), phaseFrom("Failed")]).toEqual([null, null, "Failed"]);
});

it("names a pod's images once, as they run before as they are written", () => {
  const running = JSON.stringify([
    ["web", "registry/web:1", ""],
    ["proxy", "registry/proxy:2", "sha256:0"],
    ["warm-up", "registry/web:1", ""],
  ]);
  expect(podImages(running, ["web:1"])).toEqual(["registry/web:1", "registry/proxy:2"]);
  expect(podImages("[]", ["web:1", null, "web:1"])).toEqual(["web:1"]);
  expect(podImages(null, [])).toEqual([]);
});
