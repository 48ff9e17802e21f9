import { describe, expect, it } from "vitest";
import { seawall } from "./testing";

const VERSIONS = "api-version-removed,api-version-removed-next,api-version-deprecated";
const named = (apiVersion: string, kind: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\nspec: {}\n`;
/** Control and message of each result, and the exit code. */
async function judged(manifest: string, ...more: string[]) {
  const { code, out, err } = await seawall(
    ["check", "-", "--controls", VERSIONS, "--format", "json", ...more],
    manifest,
  );
  if (out === "") return { code, err, results: [], summary: {} };
  const { results, summary } = JSON.parse(out);
  const said = results.map(
    ({ name, outcome, evidence }: { name: string; outcome: string; evidence: { message: string }[] }) =>
      [name, outcome, evidence[0]?.message].join(": "),
  );
  return { code, err, results: said, summary };
}

describe("--kubernetes-version", () => {
  it("is not needed for what no supported release serves", async () => {
    const { code, results } = await judged(named("autoscaling/v2beta2", "HorizontalPodAutoscaler"));
    expect(results).toEqual([
      "api-version-removed: unhealthy: Written through autoscaling/v2beta2 (gone since 1.26: use autoscaling/v2).",
    ]);
    expect(code).toBe(1);
  });
  it("is not needed for versions that nothing happened to", async () => {
    const stream = [named("autoscaling/v2", "HorizontalPodAutoscaler"), named("policy/v1", "PodDisruptionBudget")].join(
      "---\n",
    );
    const { code, results, summary } = await judged(stream);
    expect([code, results, summary.resources, summary.healthy]).toEqual([0, [], 2, 6]);
  });
  it("tells what depends on it", async () => {
    const flow = named("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema");
    const removed = "flowcontrol.apiserver.k8s.io/v1beta3 (gone since 1.32: use flowcontrol.apiserver.k8s.io/v1)";
    const { results, summary } = await judged(flow);
    expect(results).toHaveLength(3);
    expect(results[0]).toMatch(/not_evaluated: .*give --kubernetes-version/);
    expect(summary.notEvaluated).toBe(3);
    expect((await judged(flow, "--kubernetes-version", "1.32")).results).toEqual([
      `api-version-removed: unhealthy: Written through ${removed}.`,
    ]);
    expect((await judged(flow, "--kubernetes-version", "v1.31.4-eks-1")).results).toEqual([
      expect.stringContaining(
        "api-version-removed-next: unhealthy: Written through flowcontrol.apiserver.k8s.io/v1beta3 (gone in 1.32",
      ),
    ]);
    const early = await judged(flow, "--kubernetes-version", "1.29");
    expect(early.results).toEqual([expect.stringContaining("api-version-deprecated: unhealthy")]);
    expect(early.code).toBe(0);
  });
  it.each(["34", "1", "latest", "2.0", "1.34foo", "1.34 rm", "1.34.x.y.z", "1.034", "1.34.1.2", "1.34\n"])(
    "is a release, not %s",
    async (release) => {
      const { code, err } = await judged(named("batch/v1", "CronJob"), "--kubernetes-version", release);
      expect([code, err]).toEqual([2, expect.stringContaining(`--kubernetes-version is a release`)]);
    },
  );
  it("belongs to check", async () => {
    const { code, err } = await seawall([
      "check-cluster",
      "--distribution",
      "aks",
      "x.json",
      "--kubernetes-version",
      "1.34",
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining("--kubernetes-version belongs to seawall check.")]);
  });
});

it("leaves kinds alone that are nobody's business, whatever they are called", async () => {
  const { summary } = await judged(named("example.com/v1beta1", "FlowSchema"));
  expect(summary).toMatchObject({ resources: 0, notEvaluated: 0 });
});

it("judges what a dump says of earlier writers", async () => {
  const dump = JSON.stringify({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: {
      name: "a",
      managedFields: [
        { manager: "helm", apiVersion: "policy/v1beta1" },
        { manager: "kube-controller-manager", subresource: "status", apiVersion: "policy/v9" },
      ],
    },
  });
  const { results } = await judged(dump);
  expect(results).toEqual([
    "api-version-removed: unhealthy: Written through policy/v1beta1 (gone since 1.25: use policy/v1).",
  ]);
});
