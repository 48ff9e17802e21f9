import { describe, expect, test } from "vitest";
import { ConnectorError, type KubernetesReader } from "@/connectors/connector";
import { type KubernetesObject, type ManagedCluster, managedClusterSchema } from "@/domain/inventory/schema";
import { loadControls } from "@/domain/posture/load";
import { kubeSystem } from "../testing/scan-fixture";
import { collect } from "./collect";
import { type Plan, planScan } from "./plan";

const node = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, uid: `uid-${name}`, resourceVersion: "1" },
  status: { nodeInfo: { kubeletVersion: "v1.33.1" } },
});
const staticPod = (component: string, ...args: string[]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: `${component}-n1`,
    namespace: "kube-system",
    uid: "uid-pod",
    resourceVersion: "1",
    annotations: { "kubernetes.io/config.mirror": "x" },
    ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n1", uid: "uid-n1", controller: true }],
  },
  spec: {
    containers: [{ name: component, image: "a:1", command: [component, ...args] }],
  },
});
const apiServer = staticPod("kube-apiserver", "--anonymous-auth=true");

function readerOf(objects: KubernetesObject[], kubelets?: KubernetesReader["kubelets"]): KubernetesReader {
  return {
    version: async () => "v1.33.1",
    clusterUid: async () => "uid-of-kube-system",
    async *list(kind) {
      yield [kubeSystem(), ...objects].filter((object) => object.kind === kind.kind);
      return { complete: true, gaps: [] };
    },
    ...(kubelets === undefined ? {} : { kubelets }),
    close: async () => undefined,
  };
}
/** ConfigMaps as the API tells them, where they may be judged; every page goes through the reduction that the scan gives. */
const holding =
  (...configMaps: KubernetesObject[]): NonNullable<KubernetesReader["configMaps"]> =>
  async (reduce) =>
    (async function* () {
      yield configMaps.map(reduce);
      return { complete: true, gaps: [] };
    })();
const refusing: NonNullable<KubernetesReader["configMaps"]> = async () =>
  // biome-ignore lint/correctness/useYield: it fails before its first page.
  (async function* () {
    throw new ConnectorError({ code: "timeout", what: "configmaps", message: "The cluster did not answer in time." });
  })();
const configMap = (name: string, data: Record<string, string>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: "1", annotations: { note: "hunter2" } },
  data,
});
const NOW = new Date("2026-11-01T00:00:00Z");
async function planOf(
  reader: KubernetesReader,
  stored: ReturnType<typeof storedOf> = new Map(),
  managed: ManagedCluster | null = null,
) {
  const collected = await collect(reader, stored);
  const input = { stored, collected, controls: loadControls(), clusterName: "c", managed, full: false };
  const steps = planScan({ ...input, distribution: "arc", now: NOW });
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}
const storedOf = (plan: Plan) =>
  new Map([...plan.decisions].flatMap(([id, { after }]) => (after === null ? [] : [[id, after] as const])));
const outcomeOf = (plan: Plan, id: string, control: string) => plan.decisions.get(id)?.after?.outcomes?.[control];

const KUBELET = "/Kubelet//n1";
const open = async () => new Map([["n1", { readOnlyPort: 10255 }]]);

describe("what is judged without being an object", () => {
  test("a static pod's flags", async () => {
    const plan = await planOf(readerOf([node("n1"), apiServer]));
    expect(outcomeOf(plan, "/KubeApiServer/kube-system/kube-apiserver-n1", "SW-0384")).toBe("u");
    expect(outcomeOf(plan, "/KubeApiServer/kube-system/kube-apiserver-n1", "SW-0385")).toBe("h");
  });
  test("a component that goes by a file, as etcd of RKE2 does, is neither healthy nor unhealthy", async () => {
    const file = "--config-file=/var/lib/rancher/rke2/server/db/etcd/config";
    const etcd = staticPod(
      "etcd",
      file,
      "--client-cert-auth=true",
      "--trusted-ca-file=/a",
      "--cert-file=/b",
      "--key-file=/c",
    );
    const scheduler = staticPod("kube-scheduler", "--config=/etc/scheduler.yaml", "--profiling=false");
    const plan = await planOf(readerOf([node("n1"), etcd, scheduler]));
    for (const control of ["SW-0399", "SW-0339"])
      expect(outcomeOf(plan, "/Etcd/kube-system/etcd-n1", control)).toBe("e:fact_absent");
    expect(outcomeOf(plan, "/KubeScheduler/kube-system/kube-scheduler-n1", "SW-0553")).toBe("e:fact_absent");
    expect(outcomeOf(plan, "/KubeScheduler/kube-system/kube-scheduler-n1", "SW-0554")).toBe("h");
  });
  test("flags that are lists, given in parts", async () => {
    const outcome = async (...modes: string[]) => {
      const args = modes.map((mode) => `--authorization-mode=${mode}`);
      const plan = await planOf(readerOf([node("n1"), staticPod("kube-apiserver", ...args)]));
      return outcomeOf(plan, "/KubeApiServer/kube-system/kube-apiserver-n1", "SW-0386");
    };
    expect(await outcome("Node", "RBAC")).toBe("h");
    expect(await outcome("AlwaysAllow", "Node,RBAC")).toBe("u");
  });
  test("kubelets, where they may be asked; one that did not answer is unknown", async () => {
    expect((await planOf(readerOf([node("n1")]))).decisions.has(KUBELET)).toBe(false);
    expect((await planOf(readerOf([node("n1")], async () => null))).decisions.has(KUBELET)).toBe(false);
    const plan = await planOf(readerOf([node("n1"), node("n2")], open));
    expect(outcomeOf(plan, KUBELET, "SW-0377")).toBe("u");
    expect(outcomeOf(plan, "/Kubelet//n2", "SW-0377")).toMatch(/^e:/);
  });
  test("the right is taken back: nothing is healthy or gone, until the node is", async () => {
    const stored = storedOf(await planOf(readerOf([node("n1")], open)));
    const without = await planOf(readerOf([node("n1")]), stored);
    expect(outcomeOf(without, KUBELET, "SW-0377")).toBe("e:denied");
    expect(outcomeOf(without, KUBELET, "SW-0381")).toMatch(/^e:/);
    expect((await planOf(readerOf([]), stored)).decisions.get(KUBELET)?.after).toBeNull();
    expect((await planOf(readerOf([node("n1")], open), stored)).writes).toEqual([]);
  });
});

test("a node that EKS does not list leaves its node pools unknown, as long as it is there", async () => {
  const nodePools = [{ name: "main", publicNodes: false }];
  const managed = managedClusterSchema.parse({ distribution: "eks", name: "c", nodePools });
  const grouped = {
    ...node("n1"),
    metadata: { ...node("n1").metadata, labels: { "eks.amazonaws.com/nodegroup": "main" } },
  };
  const judged = async (nodes: KubernetesObject[], before?: Plan) => {
    const plan = await planOf(readerOf(nodes), before && storedOf(before), managed);
    return { plan, outcome: outcomeOf(plan, "/ManagedCluster//c", "SW-0433") };
  };
  const own = await judged([grouped, node("own")]);
  expect(own.outcome).toBe("e:fact_absent");
  expect((await judged([grouped, node("own")], own.plan)).outcome).toBe("e:fact_absent");
  expect((await judged([grouped], own.plan)).outcome).toBe("h");
});

describe("ConfigMaps", () => {
  const SECRET = "SW-0481";
  const [BAD, GOOD] = ["/ConfigMap/shop/bad", "/ConfigMap/shop/good"];
  const withMaps = (configMaps: NonNullable<KubernetesReader["configMaps"]>) => ({ ...readerOf([]), configMaps });
  const both = holding(configMap("bad", { DB_PASSWORD: "hunter2" }), configMap("good", { MODE: "hunter2" }));

  test("are judged where they may be, and nothing of a value is kept", async () => {
    const plan = await planOf(withMaps(both));
    expect([BAD, GOOD].map((id) => outcomeOf(plan, id, SECRET))).toEqual(["u", "h"]);
    expect(plan.writes.map(({ doc }) => doc).join()).toContain("DB_PASSWORD");
    expect(JSON.stringify([plan.writes, [...plan.decisions]])).not.toContain("hunter2");
  });
  test("without the right there are none, and no gap", async () => {
    const collected = await collect(
      withMaps(async () => null),
      new Map(),
    );
    expect(collected.gaps).toEqual([]);
    expect([...collected.complete, ...collected.failures.keys()]).not.toContain("ConfigMap");
    expect((await planOf(readerOf([]))).decisions.has(BAD)).toBe(false);
  });
  test("the right is taken back, or the list fails: nothing is healthy or gone, until a list leaves one out", async () => {
    const stored = storedOf(await planOf(withMaps(both)));
    expect((await planOf(withMaps(both), stored)).writes).toEqual([]);
    const without = await planOf(readerOf([]), stored);
    expect([BAD, GOOD].map((id) => outcomeOf(without, id, SECRET))).toEqual(["e:denied", "e:denied"]);
    const failed = await planOf(withMaps(refusing), stored);
    expect(outcomeOf(failed, GOOD, SECRET)).toBe("e:unreachable");
    expect((await collect(withMaps(refusing), stored)).gaps).toMatchObject([{ code: "timeout", what: "configmaps" }]);
    const gone = await planOf(withMaps(holding(configMap("good", {}))), stored);
    expect(gone.decisions.get(BAD)?.after).toBeNull();
  });
});
