import { expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { listNodes } from "@/domain/inventory/node/queries";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { uuidv7 } from "@/lib/id";
import { useScanDatabase } from "../testing/scan-database";
import { input, meta, scan } from "../testing/scan-fixture";

useScanDatabase("once");

const node = (name: string, labels: Record<string, string>, more: object): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { ...meta(name), labels },
  ...more,
});

test("nodes tell of themselves after a scan, to who sees their account, and nothing that they do not say", async () => {
  const said = {
    spec: { unschedulable: true },
    status: {
      capacity: { cpu: "7910m" },
      conditions: [
        { type: "DiskPressure", status: "True" },
        { type: "Ready", status: "False" },
      ],
      nodeInfo: { kubeletVersion: "v1.33.1", osImage: "Ubuntu 22.04.5 LTS" },
    },
  };
  await scan([
    node("told", { agentpool: "system", "node.kubernetes.io/instance-type": "Standard_D8s_v5" }, said),
    node("silent", {}, { status: { capacity: { cpu: "many" }, conditions: [{ type: "Ready", status: "Unknown" }] } }),
  ]);
  const everything = mintScope("u", "Ada", [{ role: "Security Reader", accountId: null }]);
  expect(await listNodes(everything, input.cluster.id, 10)).toEqual([
    {
      ...{ name: "silent", open: 0, pool: null, machineType: null, vcpu: null },
      ...{ kubelet: null, osImage: null, ready: null, cordoned: false },
    },
    {
      ...{ name: "told", open: 0, pool: "system", machineType: "Standard_D8s_v5", vcpu: 7.91 },
      ...{ kubelet: "v1.33.1", osImage: "Ubuntu 22.04.5 LTS", ready: false, cordoned: true },
    },
  ]);
  expect(await listNodes(everything, input.cluster.id, 1)).toHaveLength(1);
  const other = mintScope("u", "Bo", [{ role: "Owner", accountId: uuidv7() }]);
  expect(await listNodes(other, input.cluster.id, 10)).toEqual([]);
});
