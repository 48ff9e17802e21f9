import { expect, it } from "vitest";
import { seawall } from "./testing";

const object = (apiVersion: string, kind: string): string =>
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: a } }`;

it.each([
  ["v1", "configmap", 'kind is "configmap"; Kubernetes calls it ConfigMap'],
  ["v1", "Configmap", 'kind is "Configmap"; Kubernetes calls it ConfigMap'],
  ["autoscaling/v2", "horizontalpodautoscaler", "Kubernetes calls it HorizontalPodAutoscaler"],
  ["policy/v1beta1", "podsecuritypolicy", "Kubernetes calls it PodSecurityPolicy"],
  ["apps/v1", "Deploymnt", 'kind is "Deploymnt", which Kubernetes does not have. Did you mean Deployment?'],
  ["v1", "Pods", "Did you mean Pod?"],
  ["v1", "Secrets", "Did you mean Secret?"],
  ["v1", "secret", "Kubernetes calls it Secret"],
  ["apps/v1", "Foo", 'kind is "Foo"; no Kubernetes from 1.16 to 1.37 had that kind in its group apps, so no control'],
  ["v1", "Foo", "had that kind in its core group"],
  ["apps/v1", "DeploymentConfig", "had that kind in its group apps"],
  ["apps/v1", "PersistentVolumeClaim", "had that kind in its group apps"],
  ["batch/v1", "Secret", "had that kind in its group batch"],
  ["core/v1", "ConfigMap", 'apiVersion is "core/v1"; Kubernetes has no group core'],
  ["core/v1", "Pod", 'apiVersion is "core/v1"; Kubernetes has no group core'],
  [
    "autoscaling/v9",
    "HorizontalPodAutoscaler",
    'apiVersion is "autoscaling/v9"; Kubernetes up to 1.37 never had that version',
  ],
  ["apps/v2", "Deployment", "never had that version, so no control judges it"],
  ["v2", "ConfigMap", "never had that version"],
  ["extensions/v1", "Ingress", "never had that version"],
  [
    "apps/v1beta1",
    "DaemonSet",
    "no Kubernetes from 1.16 to 1.37 had DaemonSet in that version, so no control judges it",
  ],
  ["apps/v1beta1", "ReplicaSet", "had ReplicaSet in that version"],
  ["apps/v1", "ConfigMap", 'apiVersion is "apps/v1"; Kubernetes has ConfigMap in v1'],
])("refuses %s %s, alone and in a list", async (apiVersion, kind, said) => {
  const one = object(apiVersion, kind);
  for (const text of [`${one}\n`, `apiVersion: v1\nkind: List\nitems: [${one}]\n`]) {
    const { code, err } = await seawall(["check", "-"], text);
    expect(err).toContain(said);
    expect(code).toBe(2);
  }
});

it.each([
  ["v1", "ConfigMap"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["autoscaling/v1", "HorizontalPodAutoscaler"],
  ["extensions/v1beta1", "Ingress"],
  ["example.com/v9", "Deployment"],
  ["v1", "Event"],
  ["v1", "PodTemplate"],
  ["v1", "Route"],
  ["v1", "DeploymentConfig"],
  ["v1", "ClusterResourceQuota"],
  ["v1", "AppliedClusterResourceQuota"],
  ["v1", "SelfSubjectRulesReview"],
  ["v1", "PodSecurityPolicyReview"],
  ["v1", "PodSecurityPolicySubjectReview"],
  ["v1", "PodSecurityPolicySelfSubjectReview"],
  ["v1", "Status"],
  ["resource.k8s.io/v1", "Foo"],
  ["foo/v1", "Foo"],
  ["example.com/v1", "Deploymnt"],
  ["example.com/v1", "configmap"],
  ["skaffold/v4beta6", "Config"],
])("leaves %s %s alone", async (apiVersion, kind) => {
  expect((await seawall(["check", "-"], `${object(apiVersion, kind)}\n`)).err).not.toMatch(
    /Kubernetes (calls|has|does)|no Kubernetes from/,
  );
});

it("says a kind that never was without what would change a terminal", async () => {
  const { err } = await seawall(["check", "-"], object("apps/v1", '"Foo\\e[31m"'));
  expect(err).toContain('kind is "Foo');
  expect(err).not.toContain("\u001b");
});

it("passes over a kind that never was where the release is newer than what is known", async () => {
  const args = ["check", "-", "--kubernetes-version"];
  expect((await seawall([...args, "1.37"], `${object("apps/v1", "Foo")}\n`)).code).toBe(2);
  const { err, code } = await seawall([...args, "1.98"], `${object("apps/v1", "Foo")}\n`);
  expect([code, err]).toEqual([0, expect.stringContaining("1 apps/v1 Foo")]);
});

it("calls a version that never was not evaluated where the release is newer than what is known", async () => {
  const args = ["check", "-", "--format", "json", "--all", "--kubernetes-version"];
  const text = `${object("autoscaling/v9", "HorizontalPodAutoscaler")}\n`;
  expect((await seawall([...args, "1.37"], text)).code).toBe(2);
  const { out, code } = await seawall([...args, "1.98"], text);
  const { summary } = JSON.parse(out) as { summary: { healthy: number; notEvaluated: number } };
  expect([summary.healthy, summary.notEvaluated, code]).toEqual([0, 3, 0]);
});
