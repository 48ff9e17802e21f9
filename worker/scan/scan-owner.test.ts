import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { uuidv7 } from "@/lib/id";
import {
  deployment,
  estate,
  findings,
  input,
  meta,
  readerOf,
  reset,
  rows,
  scan,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";
import { scanCluster } from "./scan-cluster";

type OwnerWords = [apiVersion: string, kind: string, name: string, uid?: string | undefined];
const PRIVILEGED = { containers: [{ name: "main", image: "acr.io/app:1", securityContext: { privileged: true } }] };
const pod = (name: string, owner?: OwnerWords, spec: object = PRIVILEGED): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: meta(name, "shop", owner),
  spec,
  status: { phase: "Running" },
});
const open = async () =>
  (await findings())
    .filter(({ state, controlId }) => state === "open" && controlId === "SW-9001")
    .map(({ name }) => name);

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(reset);

describe("a pod cannot hide behind an owner", () => {
  const objects = estate();
  const web = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "web");
  const set = objects.find(({ kind, metadata }) => kind === "ReplicaSet" && metadata.name.startsWith("web"));

  test.each<[string, OwnerWords | undefined, string]>([
    ["none", undefined, "miner"],
    ["a Deployment's name in another group", ["evil.io/v1", "Deployment", "web", web?.metadata.uid], "web"],
    ["a Deployment's name under another UID", ["apps/v1", "Deployment", "web", "made-up"], "miner"],
    ["a ReplicaSet that does not exist", ["apps/v1", "ReplicaSet", "ghost"], "miner"],
    ["itself", ["v1", "Pod", "miner"], "miner"],
    ["a kind that owns no pods", ["v1", "Service", "web"], "miner"],
    ["a Deployment whose template is another", ["apps/v1", "Deployment", "web", web?.metadata.uid], "web"],
    ["its ReplicaSet", ["apps/v1", "ReplicaSet", set?.metadata.name ?? "", set?.metadata.uid], "web"],
    ["a Job of another project", ["batch.volcano.sh/v1", "Job", "train"], "train"],
  ])("%s", async (_what, owner, subject) => {
    await scan(objects);
    expect(await open()).toEqual(["batch"]);
    await scan([...objects, pod("miner", owner)]);
    expect((await open()).sort()).toEqual(["batch", subject].sort());
    await scan(objects);
    expect(await open()).toEqual(["batch"]);
  });

  test("an owner written into a running pod closes nothing that nobody else answers for", async () => {
    await scan([...objects, pod("miner")]);
    expect(await open()).toEqual(["batch", "miner"]);
    await scan([...objects, pod("miner", ["apps/v1", "ReplicaSet", "ghost"])]);
    expect(await open()).toEqual(["batch", "miner"]);
    await scan([...objects, pod("miner", ["apps/v1", "ReplicaSet", "ghost"])], { denied: ["ReplicaSet"] });
    expect(await open()).toEqual(["batch", "miner"]);
  });

  test("the evidence names the pod that differs, and an unchanged one stays judged", async () => {
    const odd = pod("web-odd", ["apps/v1", "Deployment", "web", web?.metadata.uid]);
    await scan([...objects, odd]);
    const text = () =>
      rows<{ message: string }>(
        `SELECT "message" FROM "Finding" WHERE "clusterId" = $1 AND "name" = 'web'`,
        input.cluster.id,
      );
    expect((await text())[0]?.message).toContain("running pod web-odd");
    expect(await scan([...objects, odd])).toMatchObject({ opened: 0, resolved: 0, evaluated: 0 });
    expect(await open()).toEqual(["batch", "web"]);
  });

  test("each step of a workflow is judged, not only the newest", async () => {
    const owner: OwnerWords = ["argoproj.io/v1alpha1", "Workflow", "nightly"];
    const plain = { containers: [{ name: "main", image: "acr.io/step:2" }] };
    await scan([...objects, pod("a-step", owner), pod("b-step", owner, plain)]);
    expect(await open()).toEqual(["batch", "nightly"]);
  });

  test("a finished pod is no running one", async () => {
    const done = {
      ...pod("web-old", ["apps/v1", "Deployment", "web", web?.metadata.uid]),
      status: { phase: "Failed" },
    };
    await scan([...objects, done]);
    expect(await open()).toEqual(["batch"]);
  });

  test("more shapes than are judged leave nothing healthy", async () => {
    const owner: OwnerWords = ["apps/v1", "Deployment", "web", web?.metadata.uid];
    const many = Array.from({ length: 40 }, (_, at) =>
      pod(`web-${at}`, owner, { containers: [{ name: "main", image: `acr.io/app:${at + 10}` }] }),
    );
    await scan([...objects, ...many]);
    const [row] = await rows<{ outcomes: Record<string, string> }>(
      `SELECT "outcomes" FROM "Resource" WHERE "clusterId" = $1 AND "kind" = 'Deployment' AND "name" = 'web'`,
      input.cluster.id,
    );
    expect(row?.outcomes["SW-9001"]).toBe("e:error");
  });
});

test("a ReplicaSet that came between the lists is found on a second look", async () => {
  const [top, set, one] = deployment("late", true);
  if (!top || !set || !one) throw new Error("no objects");
  const others = estate();
  let looked = 0;
  const reader = readerOf([...others, top, one]);
  const later = readerOf([...others, top, set, one]);
  const list: typeof reader.list = (kind, spare) =>
    kind.kind === "ReplicaSet" && ++looked > 1 ? later.list(kind, spare) : reader.list(kind, spare);
  await scanCluster({ ...input, reader: { ...reader, list }, scanId: uuidv7(), now: new Date(Date.UTC(2026, 1, 1)) });
  expect(looked).toBe(2);
  expect(await open()).toEqual(["batch", "late"]);
});
