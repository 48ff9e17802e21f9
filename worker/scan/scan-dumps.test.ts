import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Dump, readDumps } from "@/connectors/kubernetes/dump";
import { asOneList, clusterDumps, DUMPED } from "@/connectors/kubernetes/testing/dumps";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { loadControls } from "@/domain/posture/load";
import { findings, ledgersAddUp, reset, rows, scan, startDatabase, stopDatabase } from "../testing/scan-fixture";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

/** Scans a dumped cluster with the product's own controls; resolves with what is open. */
async function replay(dumps: readonly Dump[]): Promise<string[]> {
  const outcome = await scan(null, { reader: readDumps(dumps), controls: loadControls() });
  expect(outcome).toMatchObject({ status: "complete", reasons: [] });
  expect(outcome.evaluated).toBeGreaterThan(100);
  return (await findings())
    .filter(({ state }) => state === "open")
    .map(({ controlId, name }) => `${controlId} ${name}`);
}

/** Privileged containers that each cluster has, by the workload that a person would change. */
const PRIVILEGED: Record<(typeof DUMPED)[number], string[]> = {
  "kind-1.29": ["SW-0001 debug", "SW-0001 kube-proxy", "SW-0001 web"],
  "aks-1.33": ["SW-0001 batch"],
  "kind-1.34": ["SW-0001 debug", "SW-0001 kube-proxy", "SW-0001 web"],
};

it.each(DUMPED)("%s, replayed through the scan", async (of) => {
  const open = await replay(clusterDumps(of));
  expect(open.filter((name) => name.startsWith("SW-0001 ")).sort()).toEqual(PRIVILEGED[of]);
  // What a workload owns is judged as that workload; a mirror of a static pod is the node's, and stands for itself.
  const owners = await rows<{ kind: string; name: string; owner: string }>(
    `SELECT DISTINCT "kind", "name", "ownerKind" AS owner FROM "Resource" WHERE "kind" IN ('Pod', 'ReplicaSet', 'Job') ORDER BY "name"`,
  );
  for (const { kind, name, owner } of owners) {
    const own = name === "debug" || name.endsWith("-kind-control-plane");
    expect({ name, owner: owner === kind || owner === "Node" ? "itself" : "a workload" }).toEqual({
      name,
      owner: own ? "itself" : "a workload",
    });
  }
  const broken = `SELECT "kind", "name", o.key, o.value FROM "Resource", jsonb_each_text("outcomes") o WHERE o.value LIKE 'e:error%'`;
  expect(await rows(broken)).toEqual([]);
  // Nothing changed since: a second look writes nothing and opens nothing.
  const again = await scan(null, { reader: readDumps(clusterDumps(of)), controls: loadControls() });
  expect(again).toMatchObject({ status: "complete", changed: 0, gone: 0, opened: 0, resolved: 0 });
  await ledgersAddUp();
});

it("the same cluster as typed lists and as one List is the same posture", async () => {
  const typed = await replay(clusterDumps("kind-1.34"));
  await reset();
  const none = clusterDumps("kind-1.34").filter(({ text }) => /"items":\[\]/.test(text.toString("utf8")));
  expect(await replay([asOneList(clusterDumps("kind-1.34")), ...none])).toEqual(typed);
});

it("kinds that were not dumped are unknown, and close nothing", async () => {
  await replay(clusterDumps("kind-1.29"));
  const all = await findings();
  const [dump] = clusterDumps("kind-1.29");
  if (dump === undefined) throw new Error("no dump");
  const { items }: { items: { kind: string }[] } = JSON.parse(dump.text.toString("utf8"));
  for (const kind of ["Pod", "ClusterRoleBinding", "NetworkPolicy"]) {
    const text = Buffer.from(
      JSON.stringify({ apiVersion: "v1", kind: "List", items: items.filter((item) => item.kind !== kind) }),
    );
    const outcome = await scan(null, { reader: readDumps([{ ...dump, text }]), controls: loadControls() });
    const plural = LISTED_KINDS.find((listed) => listed.kind === kind)?.resource;
    expect(outcome).toMatchObject({ status: "partial", gone: 0, resolved: 0 });
    expect(outcome.reasons.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`kubectl get ${plural}`),
    );
  }
  expect((await findings()).map(({ id, state }) => ({ id, state }))).toEqual(
    all.map(({ id, state }) => ({ id, state })),
  );
});
