import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { KubernetesReader } from "@/connectors/connector";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { uuidv7 } from "@/lib/id";
import {
  estate,
  findings,
  input,
  kubeSystem,
  meta,
  namespace,
  policy,
  readerOf,
  reset,
  rows,
  scan,
  snapshot,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";
import { scanCluster } from "./scan-cluster";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

/** What came with no more than its metadata. */
let spared: string[] = [];

/** A reader that leaves out all but the metadata of whatever the scan says it knows. */
function sparingReader(objects: KubernetesObject[]): KubernetesReader {
  return {
    ...readerOf(objects),
    async *list(kind, known) {
      yield [kubeSystem(), ...objects]
        .filter((object) => object.kind === kind.kind)
        .map((object) => {
          if (known?.is(object.metadata) !== true) return object;
          spared.push(object.metadata.name);
          return { apiVersion: object.apiVersion, kind: object.kind, metadata: { ...object.metadata } };
        });
      return { complete: true, gaps: [] };
    },
  };
}
const scanSparing = (objects: KubernetesObject[], full = false) => {
  spared = [];
  return scanCluster({ ...input, reader: sparingReader(objects), scanId: uuidv7(), now: new Date(), full });
};
const images = () =>
  rows<{ ownerName: string; pods: number }>(
    `SELECT "ownerName", "image", "digest", "pods" FROM "RunningImage" WHERE "clusterId" = $1 ORDER BY 1, 2`,
    input.cluster.id,
  );
const podsOf = (objects: readonly KubernetesObject[]) => objects.filter(({ kind }) => kind === "Pod");

test("an unchanged cluster is known by its metadata: nothing is written, images still run, a sweep finds nothing new", async () => {
  const objects = estate();
  await scan(objects);
  const [before, running] = [await snapshot(), await images()];
  expect(running).toHaveLength(2);
  for (const full of [false, true]) {
    expect(await scanSparing(objects, full)).toMatchObject({ status: "complete", changed: 0, gone: 0, opened: 0 });
    expect(spared).toHaveLength(4); // two ReplicaSets and their pods
    expect(await images()).toEqual(running);
  }
  const resources = (text: string): unknown => (JSON.parse(text) as unknown[])[0];
  expect(resources(await snapshot())).toEqual(resources(before));
});

test("a pod whose status changed is read whole, and its new image counts", async () => {
  const objects = estate();
  await scan(objects);
  const digest = `sha256:${"c".repeat(64)}`;
  const changed = objects.map((object) => {
    if (object !== podsOf(objects)[0]) return object;
    const containerStatuses = [{ name: "main", image: "acr.io/app:1", imageID: `acr.io/app@${digest}` }];
    const metadata = { ...object.metadata, resourceVersion: "later" };
    return { ...object, metadata, status: { phase: "Running", containerStatuses } };
  });
  expect(await scanSparing(changed)).toMatchObject({ changed: 1 });
  expect(spared).not.toContain(podsOf(objects)[0]?.metadata.name);
  expect((await images()).map((image) => ({ ...image }))).toContainEqual(expect.objectContaining({ digest, pods: 1 }));
  // The next scan knows it by its metadata, with the new image.
  const now = await images();
  await scanSparing(changed);
  expect(spared).toHaveLength(4);
  expect(await images()).toEqual(now);
});

test("a pod that an older Seawall stored, without what it runs, is read once more", async () => {
  const objects = estate();
  await scan(objects);
  await rows(`UPDATE "Resource" SET "running" = NULL`);
  const running = await images();
  await scanSparing(objects);
  expect(spared).toHaveLength(2); // the ReplicaSets
  expect(await images()).toEqual(running);
  await scanSparing(objects);
  expect(spared).toHaveLength(4);
});

test("a pod that differs from its template is read whole, others of its shape are not, and its finding stays", async () => {
  const objects = estate();
  const [web] = podsOf(objects);
  if (web === undefined) throw new Error("The estate has no pod.");
  const spec = { containers: [{ name: "main", image: "acr.io/app:1", securityContext: { privileged: true } }] };
  const owners = web.metadata.ownerReferences;
  const twin = { ...web, spec, metadata: { ...meta("web-twin", "shop"), ...(owners && { ownerReferences: owners }) } };
  const other = { ...twin, metadata: { ...twin.metadata, ...meta("web-other", "shop") } };
  const all = [...objects, twin, other];
  await scan(all);
  const open = (await findings()).filter(({ state }) => state === "open");
  expect(open.map(({ name }) => name)).toContain("web");
  await scanSparing(all, true);
  expect(spared).not.toContain("web-twin");
  expect((await findings()).filter(({ state }) => state === "open")).toEqual(open);
});

test("a pod that is missing from a complete list is gone, with what it ran", async () => {
  const objects = estate();
  await scan(objects);
  const [first] = podsOf(objects);
  expect(await scanSparing(objects.filter((object) => object !== first))).toMatchObject({ gone: 1 });
  expect(await images()).toHaveLength(1);
});

test("a pod whose owner is gone is not taken for known", async () => {
  const objects = estate();
  await scan(objects);
  await scanSparing([namespace(), policy(), ...podsOf(objects)]);
  expect(spared).toEqual([]);
});

test("a sweep writes no finding anew that says what it said, and brings those up to date that do not", async () => {
  const objects = estate();
  await scan(objects);
  const written = () =>
    rows<{ id: string; xmin: string; evidence: unknown }>(
      `SELECT "id", xmin::text, "evidence", "message" FROM "Finding" WHERE "clusterId" = $1 ORDER BY 1`,
      input.cluster.id,
    );
  const before = await written();
  await scan(objects, { full: true });
  expect(await written()).toEqual(before);
  // As an older Seawall left them, with other words.
  await rows(`UPDATE "Finding" SET "digest" = NULL, "message" = 'old words', "evidence" = '[]'`);
  await scan(objects, { full: true });
  const strip = (all: Awaited<ReturnType<typeof written>>) => all.map(({ xmin: _xmin, ...row }) => row);
  expect(strip(await written())).toEqual(strip(before));
});
