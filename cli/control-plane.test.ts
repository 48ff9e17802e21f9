import { expect, it } from "vitest";
import { z } from "zod";
import { seawall } from "./testing";

const reportSchema = z.object({
  results: z.array(
    z.object({
      control: z.string(),
      outcome: z.string(),
      resource: z.object({ apiVersion: z.string(), kind: z.string(), namespace: z.string(), name: z.string() }),
      evidence: z.array(z.object({ path: z.string(), message: z.string() })),
    }),
  ),
});
const KUBEADM = "labels: { component: kube-apiserver, tier: control-plane }";
const MIRRORED = `annotations: { kubernetes.io/config.mirror: abc }, ownerReferences: [{ apiVersion: v1, kind: Node, name: n1, uid: u, controller: true }]`;
const pod = (metadata: string, namespace = "kube-system", container = "kube-apiserver"): string => `apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver, namespace: ${namespace}, ${metadata} }
spec:
  containers:
  - name: ${container}
    image: registry.k8s.io/kube-apiserver:v1.33.1
    command:
    - kube-apiserver
    - --authorization-mode=AlwaysAllow
    - --profiling=false
    - --anonymous_auth=true
`;
const ARC = ["--distribution", "arc"];
const onArc = (runs: string, metadata = "labels: {}"): string =>
  pod(metadata).replace(/ {4}command:[\s\S]*$/, `    ${runs}\n`);
const parts = async (text: string, ...args: string[]) => {
  const { out } = await seawall(["check", "-", "--all", "--format", "json", ...args], text);
  return reportSchema.parse(JSON.parse(out)).results.filter(({ resource }) => resource.kind === "KubeApiServer");
};

it("judges the flags of a control plane's static pod by the controls of scans", async () => {
  const found = await parts(pod(KUBEADM));
  const of = (control: string) => found.find((result) => result.control === control);
  expect(of("SW-0384")).toMatchObject({
    outcome: "unhealthy",
    resource: { apiVersion: "v1", kind: "KubeApiServer", namespace: "kube-system", name: "kube-apiserver" },
    evidence: [{ path: "flags.anonymous-auth" }],
  });
  expect([of("SW-0386")?.outcome, of("SW-0393")?.outcome]).toEqual(["unhealthy", "healthy"]);
  // The pod itself is judged as before.
  const { out } = await seawall(["check", "-", "--controls", "SW-0001", "--all", "--format", "json"], pod(KUBEADM));
  expect(reportSchema.parse(JSON.parse(out)).results.map(({ resource }) => resource.kind)).toContain("Pod");
});

it("names the line of the flag, or of the command that lacks it, in a list too", async () => {
  const asked = ["--controls", "SW-0384,SW-0390"];
  const { out } = await seawall(["check", "-", ...asked], `# static\n${pod(KUBEADM)}`);
  expect(out).toMatch(/flags\.anonymous-auth {2}-:13\n/);
  expect(out).toMatch(/flags {2}-:9\n/);
  const item = pod(KUBEADM).trimEnd().replaceAll("\n", "\n  ");
  const listed = await seawall(["check", "-", ...asked], `apiVersion: v1\nkind: List\nitems:\n- ${item}\n`);
  expect(listed.out).toMatch(/flags\.anonymous-auth {2}-:15\n/);
});

it.each([
  ["labelled as kubeadm does", pod(KUBEADM), [], true],
  ["for a cluster that people run themselves", pod(KUBEADM), ["--distribution", "arc"], true],
  ["for such a cluster, without labels", pod("labels: {}"), ["--distribution", "arc"], true],
  ["of a dump", pod(MIRRORED), [], true],
  ["of a dump of a cloud", pod(MIRRORED), ["--distribution", "eks"], true],
  ["for a cluster whose control plane a cloud runs", pod(KUBEADM), ["--distribution", "aks"], false],
  ["without labels", pod("labels: {}"), [], false],
  ["for such a cluster, by a path", onArc("command: [/usr/local/bin/kube-apiserver, --profiling]"), ARC, true],
  ["of another program", onArc("command: [kube-apiserver-backup, --profiling]"), ARC, false],
  ["that a shell starts", onArc("command: [sh, -c, kube-apiserver --profiling]"), ARC, false],
  ["without a command", onArc("args: [--profiling]"), ARC, false],
  [
    "that a shell of another program starts",
    onArc("command: [busybox, sh, -c, kube-apiserver --profiling]"),
    ARC,
    false,
  ],
  ["that a shell starts, labelled", onArc("command: [sh, -c, kube-apiserver --profiling]", KUBEADM), ARC, true],
  ["of another namespace", pod(KUBEADM, "tenant-1"), ["--distribution", "arc"], false],
  ["with another container", pod(KUBEADM, "kube-system", "proxy"), [], false],
  [
    "that another workload owns",
    pod(`${KUBEADM}, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u, controller: true }]`),
    ["--distribution", "arc"],
    false,
  ],
])("takes no other pod for one: %s", async (_what, text, args, judged) => {
  expect((await parts(text, ...args)).length > 0).toBe(judged);
});

it("judges no backup of etcd as etcd, and says nothing for a shell in its place", async () => {
  const backup = `{ apiVersion: v1, kind: Pod, metadata: { name: etcd-backup, namespace: kube-system }, spec: { containers: [{ name: etcd, image: "etcd:3", command: [etcdctl, snapshot, save] }] } }`;
  const { out } = await seawall(["check", "-", "--all", "--format", "json", ...ARC], backup);
  expect(reportSchema.parse(JSON.parse(out)).results.map(({ resource }) => resource.kind)).not.toContain("Etcd");
  const shell = await parts(onArc("command: [sh, -c, kube-apiserver]", MIRRORED), ...ARC);
  expect(new Set(shell.map(({ outcome }) => outcome))).toEqual(new Set(["not_evaluated"]));
});

it("puts in the variables of a container, and says which flag hangs on one that is not known", async () => {
  const runs = (env: string): string =>
    onArc(
      `env: [{ name: FILE, ${env} }]\n    command: [kube-apiserver, --token-auth-file=$(FILE), --profiling=false]`,
      KUBEADM,
    );
  const of = async (text: string, control: string) =>
    (await parts(text)).find((result) => result.control === control) ?? null;
  expect(await of(runs("value: /etc/tokens.csv"), "SW-0385")).toMatchObject({ outcome: "unhealthy" });
  expect(await of(runs('value: ""'), "SW-0385")).toMatchObject({ outcome: "healthy" });
  const unknown = runs("valueFrom: { configMapKeyRef: { name: a, key: b } }");
  const message = expect.stringMatching(/^object\.flags\.token-auth-file hangs on a variable /);
  expect(await of(unknown, "SW-0385")).toMatchObject({ outcome: "not_evaluated", evidence: [{ message }] });
  expect(await of(unknown, "SW-0393")).toMatchObject({ outcome: "healthy" });
});

it("says of an audit log that goes to a server that its flags do not tell how long it is kept", async () => {
  const command = "command: [kube-apiserver, --audit-policy-file=/p.yaml, --audit-webhook-config-file=/hook.yaml]";
  const found = await parts(onArc(command, KUBEADM));
  const message = expect.stringContaining("what decides stands in a file");
  for (const control of ["SW-0391", "SW-0502", "SW-0503"])
    expect(found.find((result) => result.control === control)).toMatchObject({
      outcome: "not_evaluated",
      evidence: [{ message }],
    });
});

it.each([
  ["030", "unhealthy"],
  ["0x1e", "healthy"],
  ["08", "not_evaluated"],
])("reads the number %s of a flag as the component does", async (days, outcome) => {
  const command = `command: [kube-apiserver, --audit-log-path=/a.log, --audit-log-maxage=${days}]`;
  const found = await parts(onArc(command, KUBEADM));
  expect(found.find(({ control }) => control === "SW-0391")).toMatchObject({ outcome });
});
