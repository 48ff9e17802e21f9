import { describe, expect, test } from "vitest";
import type { KubernetesReader } from "@/connectors/connector";
import type { KubernetesObject } from "@/domain/inventory/schema";
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
const apiServer: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "kube-apiserver-n1",
    namespace: "kube-system",
    uid: "uid-pod",
    resourceVersion: "1",
    annotations: { "kubernetes.io/config.mirror": "x" },
    ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n1", uid: "uid-n1", controller: true }],
  },
  spec: {
    containers: [{ name: "kube-apiserver", image: "a:1", command: ["kube-apiserver", "--anonymous-auth=true"] }],
  },
};

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
const NOW = new Date("2026-11-01T00:00:00Z");
async function planOf(reader: KubernetesReader, stored: ReturnType<typeof storedOf> = new Map()) {
  const collected = await collect(reader, stored);
  const input = { stored, collected, controls: loadControls(), clusterName: "c", managed: null, full: false };
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
