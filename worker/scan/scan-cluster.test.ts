import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConnectorError, type KubernetesReader } from "@/connectors/connector";
import { type Gap, type KubernetesObject, LISTED_KINDS, managedClusterSchema } from "@/domain/inventory/schema";
import { rescoreAccount } from "@/domain/posture/point-store";
import { type Control, controlSchema } from "@/domain/posture/schema";
import { inTransaction } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { FencedError } from "./commit";
import { type ScanInput, scanCluster } from "./scan-cluster";

let db: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db?.drop();
});

const control = (id: string, fields: Record<string, unknown>): Control =>
  controlSchema.parse({
    id,
    name: `control-${id.slice(3)}`,
    title: `Control ${id}`,
    severity: "high",
    maturity: "stable",
    rationale: "A rationale that is long enough.",
    message: "It is so.",
    remediation: { effort: "low", impact: "None that is known of.", steps: "Change the field." },
    examples: { pass: [{ name: "passes", resource: {} }], fail: [{ name: "fails", resource: {} }] },
    ...fields,
  });
const PRIVILEGED = control("SW-9001", {
  scoreGroup: "access-and-permissions",
  appliesTo: { resources: ["Workload"] },
  forEach: "container",
  violates: "container.?securityContext.?privileged.orValue(false)",
});
const NO_POLICY = control("SW-9002", {
  scoreGroup: "network-access",
  appliesTo: { resources: ["Workload"] },
  violates: "!facts.selectedByIngressPolicy",
});
const PUBLIC = control("SW-9003", {
  scoreGroup: "network-access",
  appliesTo: { resources: ["ManagedCluster"] },
  violates: "cluster.api.publicEndpoint",
});
const CONTROLS = [PRIVILEGED, NO_POLICY, PUBLIC];

let serial = 0;
const meta = (name: string, namespace?: string, owner?: [string, string, string]): KubernetesObject["metadata"] => {
  const version = ++serial;
  return {
    name,
    ...(namespace ? { namespace } : {}),
    uid: `uid-${version}`,
    resourceVersion: String(version),
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...(owner && {
      ownerReferences: [{ apiVersion: owner[0], kind: owner[1], name: owner[2], uid: "u", controller: true }],
    }),
  };
};
function deployment(name: string, privileged: boolean): KubernetesObject[] {
  const spec = {
    containers: [{ name: "main", image: "acr.io/app:1", ...(privileged ? { securityContext: { privileged } } : {}) }],
  };
  const template = { metadata: { labels: { app: name } }, spec };
  const replicaSet = `${name}-${++serial}`;
  return [
    { apiVersion: "apps/v1", kind: "Deployment", metadata: meta(name, "shop"), spec: { template } },
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: meta(replicaSet, "shop", ["apps/v1", "Deployment", name]),
      spec: { template },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: meta(`${replicaSet}-x`, "shop", ["apps/v1", "ReplicaSet", replicaSet]),
      spec,
      status: {
        phase: "Running",
        containerStatuses: [{ name: "main", image: "acr.io/app:1", imageID: `acr.io/app@sha256:${"b".repeat(64)}` }],
      },
    },
  ];
}
const policy = (): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: meta("web", "shop"),
  spec: { podSelector: { matchLabels: { app: "web" } } },
});
const namespace = (): KubernetesObject => ({ apiVersion: "v1", kind: "Namespace", metadata: meta("shop") });

interface Faults {
  denied?: string[];
  cut?: string[];
  unreachable?: boolean;
}
function readerOf(
  objects: KubernetesObject[],
  { denied = [], cut = [], unreachable = false }: Faults = {},
): KubernetesReader {
  const gap = (code: Gap["code"], what: string) => new ConnectorError({ code, what, message: `${what}: ${code}` });
  return {
    version: async () => "v1.33.1",
    clusterUid: async () => {
      if (unreachable) throw gap("unreachable", "kube-system");
      return "uid-of-kube-system";
    },
    async *list(kind) {
      if (denied.includes(kind.kind)) throw gap("denied", kind.resource);
      const items = objects.filter((object) => object.kind === kind.kind);
      if (cut.includes(kind.kind)) {
        yield items.slice(0, 1);
        return { complete: false, gaps: [{ code: "truncated", what: kind.resource, message: "cut" }] };
      }
      yield items;
      return { complete: true, gaps: [] };
    },
    close: async () => undefined,
  };
}

const managed = managedClusterSchema.parse({ distribution: "aks", name: "one", api: { publicEndpoint: false } });
let input: Omit<ScanInput, "reader" | "scanId" | "now">;
let clock = Date.UTC(2026, 0, 1);
const rows = async <T extends pg.QueryResultRow>(sql: string, ...values: unknown[]) =>
  (await db.pool.query<T>(sql, values)).rows;

async function newCluster(): Promise<void> {
  const [accountId, id] = [uuidv7(), uuidv7()];
  await rows(
    `INSERT INTO "Account" ("id", "provider", "name", "externalId", "settings", "updatedAt") VALUES ($1, 'azure', 'a', $2, '{}', now())`,
    accountId,
    accountId,
  );
  await rows(
    `INSERT INTO "Cluster" ("id", "accountId", "distribution", "name", "aliases", "managed", "fence") VALUES ($1, $2, 'aks', 'one', '{}', $3, 7)`,
    id,
    accountId,
    JSON.stringify(managed),
  );
  const cluster = { id, accountId, distribution: "aks" as const, name: "one", managed };
  input = { pool: db.pool, cluster, controls: CONTROLS, fence: 7n, trigger: "manual", gaps: [] };
}
const scan = (objects: KubernetesObject[] | null, more: Faults & Partial<ScanInput> = {}) => {
  clock += 3_600_000;
  const { denied, cut, unreachable, ...rest } = more;
  const faults = { ...(denied && { denied }), ...(cut && { cut }), ...(unreachable && { unreachable }) };
  const reader = objects && readerOf(objects, faults);
  return scanCluster({ ...input, reader, scanId: uuidv7(), now: new Date(clock), ...rest });
};
const findings = () =>
  rows<{
    name: string;
    controlId: string;
    state: string;
    resolution: string | null;
    notRechecked: string | null;
    reopened: number;
    id: string;
  }>(
    `SELECT "id", "name", "controlId", "state", "resolution", "notRechecked", "reopened" FROM "Finding" WHERE "clusterId" = $1 ORDER BY "controlId", "name"`,
    input.cluster.id,
  );
const points = (scope = "account", id: string | null = input.cluster.accountId) =>
  rows<{ score: number | null; coverage: number; ledger: { step: string; delta: number }[] }>(
    `SELECT "score", "coverage", "ledger" FROM "ScorePoint" WHERE "scope" = $1 AND "scopeId" IS NOT DISTINCT FROM $2 ORDER BY "at", "id"`,
    scope,
    id,
  );
/** Everything that the cluster's scans wrote but the scan rows and the cluster's freshness. */
async function snapshot(): Promise<string> {
  const tables = [
    "Resource",
    "RunningImage",
    "Finding",
    "FindingTransition",
    "ControlRollup",
    "GroupRollup",
    "ScorePoint",
    "OutboxEvent",
  ];
  const all = await Promise.all(tables.map((table) => rows(`SELECT xmin, t.* FROM "${table}" t ORDER BY t::text`)));
  return JSON.stringify(all);
}
async function ledgersAddUp(): Promise<void> {
  for (const [scope, id] of [
    ["cluster", input.cluster.id],
    ["account", input.cluster.accountId],
    ["fleet", null],
  ] as const) {
    let score = 0;
    for (const point of await points(scope, id)) {
      expect(point.ledger.reduce((sum, { delta }) => sum + delta, score)).toBe(point.score ?? 0);
      score = point.score ?? 0;
    }
  }
}

const estate = () => [namespace(), policy(), ...deployment("web", false), ...deployment("batch", true)];
let objects: KubernetesObject[];
beforeEach(async () => {
  await rows(`TRUNCATE "Account", "ScorePoint", "OutboxEvent", "FindingTransition" CASCADE`);
  await newCluster();
  objects = estate();
});

describe("scanning a cluster", () => {
  test("first scan: resources, owners, images, findings, roll-ups, points, events", async () => {
    const outcome = await scan(objects);
    expect(outcome).toMatchObject({ status: "complete", reasons: [], listed: 8, opened: 2, resolved: 0 });
    expect((await findings()).map(({ name, controlId, state }) => [name, controlId, state])).toEqual([
      ["batch", "SW-9001", "open"],
      ["batch", "SW-9002", "open"],
    ]);
    // access: 1 of 2; network: web and the cluster itself healthy, batch not.
    const expected = ((4 / 2 + (4 * 2) / 3) / 8) * 100;
    const [point] = await points();
    expect(point?.score).toBeCloseTo(expected, 4);
    expect(point?.coverage).toBe(1);
    expect(point?.ledger.map(({ step }) => step)).toEqual(["appeared"]);
    expect(
      await rows(
        `SELECT "ownerKind", "ownerName", "pods" FROM "RunningImage" WHERE "clusterId" = $1 ORDER BY 2`,
        input.cluster.id,
      ),
    ).toEqual([
      { ownerKind: "Deployment", ownerName: "batch", pods: 1 },
      { ownerKind: "Deployment", ownerName: "web", pods: 1 },
    ]);
    expect(
      await rows(
        `SELECT "uid", "workloads", "lastScanStatus", "expected", "evaluated" FROM "Cluster" WHERE "id" = $1`,
        input.cluster.id,
      ),
    ).toEqual([{ uid: "uid-of-kube-system", workloads: 2, lastScanStatus: "complete", expected: 5, evaluated: 5 }]);
    const events = await rows<{ kind: string }>(
      `SELECT "kind" FROM "OutboxEvent" WHERE "clusterId" = $1 ORDER BY "id"`,
      input.cluster.id,
    );
    expect(events.map(({ kind }) => kind)).toEqual(["cluster.new", "finding.opened", "finding.opened"]);
    await ledgersAddUp();
  });

  test("an unchanged scan evaluates nothing and writes nothing but its own row", async () => {
    await scan(objects);
    const before = await snapshot();
    expect(await scan(objects)).toMatchObject({ status: "complete", changed: 0, evaluated: 0, opened: 0, resolved: 0 });
    expect(await snapshot()).toBe(before);
    expect(await rows(`SELECT "status" FROM "Scan" WHERE "clusterId" = $1`, input.cluster.id)).toHaveLength(2);
  });

  test("the daily sweep evaluates all and finds nothing new", async () => {
    await scan(objects);
    const before = await snapshot();
    const outcome = await scan(objects, { full: true });
    expect(outcome.evaluated).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ changed: 0, opened: 0, resolved: 0 });
    expect(await snapshot()).toBe(before);
  });

  test("the same scan committed twice is the same", async () => {
    const scanId = uuidv7();
    await scan(objects, { scanId });
    const before = await snapshot();
    expect(await scan([], { scanId })).toMatchObject({ status: "complete", changed: 0, gone: 0 });
    expect(await snapshot()).toBe(before);
  });

  test("a redeploy under new UIDs keeps finding and history", async () => {
    await scan(objects);
    const before = await findings();
    await scan([namespace(), policy(), ...deployment("web", false), ...deployment("batch", true)]);
    expect(await findings()).toEqual(before);
    expect(await points()).toHaveLength(1);
  });

  test("fixed, broken, fixed again: resolved, reopened, and the ledger says so", async () => {
    await scan(objects);
    const rest = objects.filter(({ metadata }) => !metadata.name.startsWith("batch"));
    await scan([...rest, ...deployment("batch", false)]);
    expect((await findings())[0]).toMatchObject({ state: "resolved", resolution: "fixed" });
    await scan([...rest, ...deployment("batch", true)]);
    expect((await findings())[0]).toMatchObject({ state: "open", resolution: null, reopened: 1 });
    expect((await points()).map(({ ledger }) => ledger[0]?.step)).toEqual(["appeared", "fixed", "broken"]);
    const changes = await rows<{ change: string }>(
      `SELECT t."change" FROM "FindingTransition" t JOIN "Finding" f ON f."id" = t."findingId" WHERE f."clusterId" = $1 AND f."controlId" = 'SW-9001' ORDER BY t."at"`,
      input.cluster.id,
    );
    expect(changes.map(({ change }) => change)).toEqual(["opened", "resolved", "reopened"]);
    await ledgersAddUp();
  });

  test("a deleted resource resolves as gone", async () => {
    await scan(objects);
    await scan(objects.filter(({ metadata }) => !metadata.name.startsWith("batch")));
    expect((await findings()).map(({ state, resolution }) => [state, resolution])).toEqual([
      ["resolved", "gone"],
      ["resolved", "gone"],
    ]);
    expect((await points()).at(-1)).toMatchObject({ score: 100 });
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["gone"]);
    expect(
      await rows(`SELECT FROM "Resource" WHERE "clusterId" = $1 AND "name" LIKE 'batch%'`, input.cluster.id),
    ).toEqual([]);
  });

  test("a policy that goes re-evaluates the workload it selected, though that did not change", async () => {
    await scan(objects);
    await scan(objects.filter(({ kind }) => kind !== "NetworkPolicy"));
    expect((await findings()).map(({ name, controlId }) => [name, controlId])).toContainEqual(["web", "SW-9002"]);
  });

  test("a workload of an unknown owner is judged under the owner's name, over redeploys", async () => {
    const rollout = (hash: string): KubernetesObject[] => {
      const [, replicaSet, pod] = deployment("canary", true);
      if (!replicaSet || !pod) throw new Error("no objects");
      const name = `canary-${hash}`;
      return [
        { ...replicaSet, metadata: meta(name, "shop", ["argoproj.io/v1alpha1", "Rollout", "canary"]) },
        { ...pod, metadata: meta(`${name}-x`, "shop", ["apps/v1", "ReplicaSet", name]) },
      ];
    };
    await scan([namespace(), ...rollout("aaa")]);
    const before = await findings();
    expect(before.map(({ name, controlId }) => [name, controlId])).toContainEqual(["canary", "SW-9001"]);
    await scan([namespace(), ...rollout("bbb")]);
    expect(await findings()).toEqual(before);
    await scan([namespace()], { denied: ["ReplicaSet"] });
    expect((await findings()).map(({ state }) => state)).toEqual(["open", "open"]);
    await scan([namespace()]);
    expect((await findings()).map(({ resolution }) => resolution)).toEqual(["gone", "gone"]);
    await ledgersAddUp();
  });

  test("a cluster that discovery calls gone leaves account and fleet, and the ledgers say gone", async () => {
    await scan(objects);
    await rows(`UPDATE "Cluster" SET "goneAt" = now() WHERE "id" = $1`, input.cluster.id);
    const stamp = { accountId: input.cluster.accountId, scanId: null, now: new Date(clock + 1000) };
    await inTransaction(db.pool, (tx) => rescoreAccount(tx, stamp));
    await inTransaction(db.pool, (tx) => rescoreAccount(tx, stamp));
    expect(await points()).toHaveLength(2);
    expect((await points()).at(-1)).toMatchObject({ score: null, coverage: null });
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["gone"]);
    await ledgersAddUp();
  });

  test("a changed control is the ledger's reason", async () => {
    await scan(objects);
    const stricter = { ...PRIVILEGED, violates: "true" };
    await scan(objects, { controls: [stricter, NO_POLICY, PUBLIC] });
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["controls"]);
    await scan(objects, { controls: [NO_POLICY, PUBLIC] });
    expect(
      (await findings()).filter(({ controlId }) => controlId === "SW-9001").every(({ state }) => state === "resolved"),
    ).toBe(true);
    expect((await points()).at(-1)?.ledger.map(({ step }) => step)).toEqual(["controls"]);
    await ledgersAddUp();
  });
});

describe("what could not be read", () => {
  test.each([
    ["a denied kind", { denied: ["Deployment"] }],
    ["a denied input of a fact", { denied: ["NetworkPolicy"] }],
    ["a list cut after its first page", { cut: ["Deployment"] }],
    ["pods and owners denied", { denied: ["Pod", "ReplicaSet", "Deployment"] }],
    ["every kind denied", { denied: LISTED_KINDS.map(({ kind }) => kind) }],
    ["an unreachable cluster", { unreachable: true }],
  ])("%s: nothing closes, nothing is deleted, the score does not rise, coverage falls", async (_, faults: Faults) => {
    await scan(objects);
    const [before, resources] = [
      await findings(),
      await rows(`SELECT "kind", "name" FROM "Resource" WHERE "clusterId" = $1 ORDER BY 1, 2`, input.cluster.id),
    ];
    const outcome = await scan(objects, faults);
    expect(outcome.status).toBe(faults.unreachable || faults.denied?.includes("Node") ? "failed" : "partial");
    expect(outcome.reasons.length).toBeGreaterThan(0);
    const after = await findings();
    expect(after.filter(({ state }) => state === "open").map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after.some(({ notRechecked }) => notRechecked !== null)).toBe(true);
    expect(
      await rows(`SELECT "kind", "name" FROM "Resource" WHERE "clusterId" = $1 ORDER BY 1, 2`, input.cluster.id),
    ).toEqual(resources);
    for (const scope of ["account", "fleet"] as const) {
      const [was, is] = (await points(scope, scope === "fleet" ? null : input.cluster.accountId)).slice(-2);
      expect(is?.score ?? 0).toBeLessThanOrEqual(was?.score ?? -1);
      expect(is?.coverage).toBeLessThan(was?.coverage ?? -1);
      expect(is?.ledger.every(({ step }) => ["coverage", "weights"].includes(step))).toBe(true);
    }
    await ledgersAddUp();

    const again = await snapshot();
    await scan(objects, faults);
    expect(await snapshot()).toBe(again);

    await scan(objects);
    expect((await findings()).map(({ notRechecked }) => notRechecked)).toEqual(before.map(() => null));
    expect((await points()).at(-1)?.coverage).toBe(1);
    const all = await points();
    expect(all.at(-1)?.score).toBe(all.at(-3)?.score);
  });

  test("a cluster that never answered: no score, and one unit per control that would have applied", async () => {
    const cluster = { ...input.cluster, managed: null };
    const gaps: Gap[] = [{ code: "unauthenticated", what: "kubernetes", message: "no token" }];
    expect(await scan(null, { cluster, gaps })).toMatchObject({ status: "failed", reasons: gaps });
    expect(await points()).toEqual([{ score: null, coverage: 0, ledger: [] }]);
    expect(
      await rows(`SELECT "expected", "evaluated", "score" FROM "Cluster" WHERE "id" = $1`, input.cluster.id),
    ).toEqual([{ expected: 3, evaluated: 0, score: null }]);
  });

  test("another cluster at the same address changes nothing", async () => {
    await scan(objects);
    const reader = { ...readerOf([]), clusterUid: async () => "somebody-else" };
    expect(await scan(objects, { reader })).toMatchObject({ status: "failed", gone: 0, resolved: 0 });
  });

  test("hostile names and texts are stored, and items without a name make the kind incomplete", async () => {
    const evil = deployment("evil", true).map((object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { x: "\u0000\ud800" } },
    }));
    expect(await scan([...objects, ...evil])).toMatchObject({ status: "complete" });
    const nameless = { apiVersion: "v1", kind: "Pod", metadata: {} } as unknown as KubernetesObject; // what a hostile API may answer
    expect(await scan([...objects, nameless])).toMatchObject({ status: "partial" });
  });
});

describe("the commit", () => {
  test("a fenced scan is refused and leaves nothing", async () => {
    await scan(objects);
    const before = await snapshot();
    await expect(scan([], { fence: 6n })).rejects.toBeInstanceOf(FencedError);
    expect(await snapshot()).toBe(before);
  });

  test("two scans from the same baseline: the second is refused", async () => {
    const late = readerOf(objects);
    const reader = {
      ...late,
      version: async () => {
        await scan(objects);
        return late.version();
      },
    };
    await expect(scan(objects, { reader })).rejects.toBeInstanceOf(FencedError);
    expect(await points()).toHaveLength(1);
  });

  test("a kill in the middle of the commit leaves nothing", async () => {
    const before = await snapshot();
    // The last statement of the transaction meets a dying server.
    await db.pool.query(
      `CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`,
    );
    await db.pool.query(`CREATE TRIGGER die BEFORE INSERT ON "OutboxEvent" EXECUTE FUNCTION die()`);
    try {
      await expect(scan(objects)).rejects.toThrow();
    } finally {
      await db.pool.query(`DROP TRIGGER die ON "OutboxEvent"; DROP FUNCTION die`);
    }
    expect(await snapshot()).toBe(before);
    expect(await rows(`SELECT FROM "Scan" WHERE "clusterId" = $1`, input.cluster.id)).toEqual([]);
    expect(await scan(objects)).toMatchObject({ status: "complete", opened: 2 });
  });

  test("an EKS and an AKS account of one fleet: concurrent commits keep the fleet's ledger whole", async () => {
    const first = scan(objects);
    const one = input;
    await newCluster();
    const second = scan([namespace(), ...deployment("other", true)], {
      reader: { ...readerOf([namespace(), ...deployment("other", true)]), clusterUid: async () => "uid-2" },
    });
    await Promise.all([first, second]);
    await ledgersAddUp();
    input = one;
    await ledgersAddUp();
  });
});
