import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadControls } from "../load";
import { type FixTarget, fixFor } from "./fix";

const controls = new Map(loadControls().map((control) => [control.name, control]));
const base: FixTarget = {
  ...{ distribution: "aks", cluster: "prod", region: "west", aliases: [], account: "s" },
  ...{ apiGroup: "apps", kind: "Deployment", namespace: "shop", name: "web", paths: [], object: {} },
};
const block = (name: string, target: FixTarget, id: string) => {
  const control = controls.get(name);
  if (control === undefined) throw new Error(`no control ${name}`);
  return fixFor(control, target).blocks.find((each) => each.id === id);
};

const binding = (subjects: unknown[], paths: string[], over: Partial<FixTarget> = {}): FixTarget => ({
  ...base,
  namespace: "",
  apiGroup: "rbac.authorization.k8s.io",
  kind: "ClusterRoleBinding",
  name: "ops",
  paths,
  object: { roleRef: { kind: "ClusterRole", name: "ops" }, subjects },
  ...over,
});
const ann = { kind: "User", name: "ann" };
const karpenter = { kind: "ServiceAccount", name: "karpenter", namespace: "kube-system" };

describe("a fix for a binding", () => {
  it("keeps a copy, looks at each subject, gives a narrower role and deletes by name, asking", () => {
    const dev = { kind: "Group", name: "dev" };
    const target = binding([ann, karpenter, dev], ["subjects[0]", "subjects[1]", "subjects[2]"]);
    const cli = block("cluster-wide-secrets-read", target, "cli");
    const whole = "clusterrolebinding.rbac.authorization.k8s.io/ops";
    expect(cli?.text.split("\n")).toEqual([
      `kubectl get ${whole} --output=yaml > clusterrolebinding-ops.yaml`,
      "kubectl get clusterrole.rbac.authorization.k8s.io/ops --output=yaml",
      "kubectl auth can-i --list --as=ann",
      "kubectl auth can-i --list --as=system:serviceaccount:kube-system:karpenter",
      "kubectl auth can-i --list --as=anybody --as-group=dev",
      "kubectl create role <role> --namespace=<namespace> --verb=get --resource=secrets --resource-name=<secret>",
      "kubectl create rolebinding <role> --namespace=<namespace> --role=<role> --user=ann --serviceaccount=kube-system:karpenter --group=dev",
      `kubectl delete ${whole} --interactive`,
    ]);
    expect(cli?.open).toBe("Fill in <role>, <namespace>, <secret> yourself.");
  });

  it("names the namespace of a RoleBinding and of its Role, and none for a ClusterRole", () => {
    const over = { kind: "RoleBinding", namespace: "kube-system" };
    const of = (kind: string) =>
      block(
        "cluster-wide-exec",
        binding([ann], ["subjects[0]"], { ...over, object: { roleRef: { kind, name: "r" }, subjects: [ann] } }),
        "cli",
      )?.text;
    expect(of("Role")).toContain(
      "kubectl get --namespace=kube-system role.rbac.authorization.k8s.io/r --output=yaml\n",
    );
    expect(of("ClusterRole")).toContain("kubectl get clusterrole.rbac.authorization.k8s.io/r --output=yaml\n");
    expect(of("Role")).toContain("kubectl auth can-i --list --namespace=kube-system --as=ann\n");
    expect(of("Role")).toMatch(
      /kubectl delete --namespace=kube-system rolebinding\.rbac\.authorization\.k8s\.io\/ops --interactive$/,
    );
  });

  it("is never deleted while somebody holds it whom the finding does not name", () => {
    const cli = block("node-writers", binding([ann, karpenter], ["subjects[0]"]), "cli");
    expect(cli?.text).not.toContain("kubectl delete");
    const patch = /--patch='(.*)' --dry-run=server/.exec(cli?.text ?? "")?.[1];
    expect(JSON.parse(patch ?? "")).toEqual([
      { op: "test", path: "/subjects/0/name", value: "ann" },
      { op: "remove", path: "/subjects/0" },
    ]);
    expect(cli?.open).toContain("Others hold this binding too");
  });
});

describe("a patch that names what was found", () => {
  const spec = {
    volumes: [{ name: "tmp" }, { name: "sock", hostPath: { path: "/run/docker.sock" } }],
    containers: [
      { name: "a", volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] },
      {
        name: "b",
        volumeMounts: [
          { name: "sock", mountPath: "/x" },
          { name: "sock", mountPath: "/y" },
        ],
      },
    ],
  };
  const pod: FixTarget = {
    ...base,
    paths: ["spec.template.spec.volumes[1]"],
    object: { spec: { template: { spec } } },
  };
  const patchOf = (name: string, target: FixTarget): unknown => parse(block(name, target, "patch")?.text ?? "");
  const inPod = (value: unknown) => ({ spec: { template: { spec: value } } });

  it("takes a volume out with every mount of it", () => {
    expect(patchOf("container-runtime-socket", pod)).toEqual(
      inPod({
        volumes: [{ name: "sock", $patch: "delete" }],
        containers: [
          {
            name: "b",
            volumeMounts: [
              { mountPath: "/x", $patch: "delete" },
              { mountPath: "/y", $patch: "delete" },
            ],
          },
        ],
      }),
    );
  });

  it("speaks of the mounts that the evidence names, and of no others", () => {
    const target = { ...pod, paths: ["spec.template.spec.containers[1].volumeMounts[1]"] };
    expect(patchOf("host-path-writable", target)).toEqual(
      inPod({ containers: [{ name: "b", volumeMounts: [{ mountPath: "/y", readOnly: true }] }] }),
    );
  });

  it("removes only what is there, and is left out when nothing is", () => {
    const annotations = { "container.apparmor.security.beta.kubernetes.io/b": "unconfined", other: "x" };
    const target = { ...pod, object: { spec: { template: { metadata: { annotations }, spec } } } };
    expect(patchOf("apparmor-annotation-weakened", target)).toEqual({
      spec: { template: { metadata: { annotations: { "container.apparmor.security.beta.kubernetes.io/b": null } } } },
    });
    expect(block("apparmor-annotation-weakened", pod, "patch")).toBeUndefined();
    expect(patchOf("updates-only-on-delete", { ...pod, object: { spec: { paused: true } } })).toEqual({
      spec: { paused: null },
    });
  });

  it("takes labels and names of the webhook from the object", () => {
    const matchLabels = { "app.kubernetes.io/name": "web" };
    const target = { ...base, object: { spec: { selector: { matchLabels } } } };
    expect(patchOf("no-disruption-budget", target)).toMatchObject({
      kind: "PodDisruptionBudget",
      metadata: { name: "poddisruptionbudget-for-web", namespace: "shop" },
      spec: { selector: { matchLabels } },
    });
    const webhooks = [{ name: "a.example" }, { name: "b.example" }];
    const hook = {
      ...base,
      kind: "ValidatingWebhookConfiguration",
      namespace: "",
      paths: ["webhooks[1]"],
      object: { webhooks },
    };
    expect(patchOf("guard-fails-open", hook)).toEqual({ webhooks: [{ name: "b.example", failurePolicy: "Fail" }] });
  });

  it("says that a Pod that runs is not changed in place", () => {
    const bare = { ...pod, apiGroup: "", kind: "Pod", paths: ["spec.volumes[1]"], object: { spec } };
    const found = block("container-runtime-socket", bare, "patch");
    expect(found?.text).not.toContain("kubectl");
    expect(found?.open).toContain("create it anew");
    const inContainer = { ...bare, paths: ["spec.containers[0]"] };
    expect(block("environment-from-whole-secret", inContainer, "cli")?.open).toContain("create it anew");
    expect(block("image-without-registry", inContainer, "cli")?.open).toBe(
      "Fill in IMAGE: Seawall does not know it. Fill in <registry> yourself.",
    );
  });
});
