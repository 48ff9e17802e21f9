import { describe, expect, it } from "vitest";
import { type KubernetesObject, LISTED_KINDS } from "@/domain/inventory/schema";
import { ConnectorError, type KubernetesReader } from "../connector";
import { type Dump, readDumps } from "./dump";

const dump = (json: unknown, whole?: boolean): Dump => ({
  name: "dump.json",
  text: Buffer.from(typeof json === "string" ? json : JSON.stringify(json)),
  ...(whole === undefined ? {} : { whole }),
});
const pod = (name: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "n", managedFields: [] },
});
const service = { apiVersion: "v1", kind: "Service", metadata: { name: "s", namespace: "n" } };
const list = (items: unknown[]) => ({ apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items });

async function read(reader: KubernetesReader, name: string) {
  const kind = LISTED_KINDS.find((entry) => entry.kind === name);
  if (!kind) throw new Error(name);
  const pages = reader.list(kind);
  const objects: KubernetesObject[] = [];
  for (;;) {
    const step = await pages.next();
    if (step.done) return { names: objects.map((object) => object.metadata.name), objects, ...step.value };
    objects.push(...step.value);
  }
}

describe("dumps of kubectl", () => {
  it("replays Lists and single objects, and does not take them for all there is", async () => {
    const reader = readDumps([dump(list([pod("a"), service])), dump(pod("b"))]);
    const pods = await read(reader, "Pod");
    expect(pods).toMatchObject({ names: ["a", "b"], complete: false, gaps: [{ code: "truncated", what: "pods" }] });
    expect(pods.objects[0]?.metadata).not.toHaveProperty("managedFields");
    expect((await read(reader, "Service")).names).toEqual(["s"]);
  });
  it("believes a typed list, and a person who vouches", async () => {
    const raw = {
      apiVersion: "v1",
      kind: "PodList",
      metadata: {},
      items: [{ metadata: { name: "a", namespace: "n" } }],
    };
    expect(await read(readDumps([dump(raw)]), "Pod")).toMatchObject({ names: ["a"], complete: true });
    expect(await read(readDumps([dump({ ...raw, items: [] })]), "Pod")).toMatchObject({ names: [], complete: true });
    expect(await read(readDumps([dump(list([pod("a")]), true)]), "Pod")).toMatchObject({
      names: ["a"],
      complete: true,
    });
  });
  it("does not take one page of a typed list for all of it", async () => {
    const items = [{ metadata: { name: "a", namespace: "n" } }];
    for (const metadata of [{ continue: "t" }, { remainingItemCount: 4 }]) {
      const reader = readDumps([dump({ apiVersion: "v1", kind: "PodList", metadata, items })]);
      expect(await read(reader, "Pod")).toMatchObject({ names: ["a"], complete: false, gaps: [{ code: "truncated" }] });
    }
  });
  it("has a gap for a kind that nobody dumped", async () => {
    await expect(read(readDumps([dump(list([pod("a")]))]), "Node")).rejects.toMatchObject({
      gap: { code: "not_found", what: "nodes" },
    });
  });
  it("leaves out objects of wrong types and says so", async () => {
    const reader = readDumps([dump(list([pod("a"), { apiVersion: "v1", kind: "Pod", metadata: { name: 5 } }]), true)]);
    expect(await read(reader, "Pod")).toMatchObject({ names: ["a"], complete: false, gaps: [{ code: "malformed" }] });
  });
  it.each(["{", "[]", '{"kind":7}', "null", `${"[".repeat(500)}`])("refuses %s", (text) => {
    expect(() => readDumps([dump(text)])).toThrow(ConnectorError);
  });
  it("finds identity and version", async () => {
    const reader = readDumps([
      dump(
        list([
          { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid: "u" } },
          {
            apiVersion: "v1",
            kind: "Node",
            metadata: { name: "n" },
            status: { nodeInfo: { kubeletVersion: "v1.33.1" } },
          },
        ]),
      ),
    ]);
    expect([await reader.clusterUid(), await reader.version()]).toEqual(["u", "v1.33.1"]);
    await expect(readDumps([]).clusterUid()).rejects.toMatchObject({ gap: { code: "not_found" } });
  });
});
