import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { seawall } from "./testing";

const folder = mkdtempSync(path.join(tmpdir(), "seawall-beside-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Checks a folder of one sound pod and this text. */
async function checkBeside(text: string) {
  writeFileSync(
    path.join(folder, "pod.yaml"),
    "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: web:1 }] }\n",
  );
  writeFileSync(path.join(folder, "other.yaml"), text);
  return await seawall(["check", folder, "--controls", "host-processes"]);
}

describe("what stands beside manifests", () => {
  it.each([
    ["values of a chart", "metadata: { team: shop }\nreplicas: 2\n"],
    ["a chart's description", "apiVersion: v2\nname: shop\nversion: 1.0.0\n"],
    ["a kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [pod.yaml]\n"],
    ["a kubeconfig", "apiVersion: v1\nkind: Config\nclusters: []\n"],
    ["settings of kind", "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: [{ role: worker }]\n"],
  ])("passes over %s, and refuses it by name", async (_what, text) => {
    const { code, err } = await checkBeside(text);
    expect(err).toContain("other.yaml: passed over, no Kubernetes object");
    expect(code).toBe(0);
    const named = await seawall(["check", "-"], text);
    expect(named).toMatchObject({ code: 2, err: expect.stringContaining("is no Kubernetes object") });
  });
  it.each([
    ["a workload without metadata", "apiVersion: apps/v1\nkind: Deployment\nspec: {}\n", "metadata is missing"],
    ["an object without a kind", "apiVersion: v1\nspec: { containers: [] }\n", "apiVersion or kind is missing"],
    ["a list without a kind", "apiVersion: v1\nitems: []\n", "apiVersion or kind is missing"],
    [
      "one of somebody else's without a name",
      "apiVersion: a.b/v1\nkind: C\nmetadata: {}\n",
      "metadata.name is missing",
    ],
  ])("does not pass over %s", async (_what, text, expected) => {
    const { code, err } = await checkBeside(text);
    expect(err).toContain(expected);
    expect(code).toBe(2);
  });
});
