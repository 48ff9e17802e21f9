import type pg from "pg";
import { expect } from "vitest";
import { ConnectorError, type KubernetesReader } from "@/connectors/connector";
import { type Gap, type KubernetesObject, managedClusterSchema } from "@/domain/inventory/schema";
import { type Control, controlSchema } from "@/domain/posture/schema";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { type ScanInput, scanCluster } from "../scan/scan-cluster";

export let db: Awaited<ReturnType<typeof testDatabase>>;

/** Starts this file's database. Each test file has its own copy of this module's state. */
export async function startDatabase(): Promise<void> {
  db = await testDatabase();
  // Dropping the database ends connections that are still closing; nobody else listens to those.
  db.pool.on("error", () => undefined);
}
export const stopDatabase = async (): Promise<void> => db?.drop();

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
export const PRIVILEGED = control("SW-9001", {
  scoreGroup: "access-and-permissions",
  appliesTo: { resources: ["Workload"] },
  forEach: "container",
  violates: "container.?securityContext.?privileged.orValue(false)",
});
export const NO_POLICY = control("SW-9002", {
  scoreGroup: "network-access",
  appliesTo: { resources: ["Workload"] },
  violates: "!facts.selectedByIngressPolicy",
});
export const PUBLIC = control("SW-9003", {
  scoreGroup: "network-access",
  appliesTo: { resources: ["ManagedCluster"] },
  violates: "cluster.api.publicEndpoint",
});
const CONTROLS = [PRIVILEGED, NO_POLICY, PUBLIC];

let serial = 0;
export const meta = (
  name: string,
  namespace?: string,
  owner?: [apiVersion: string, kind: string, name: string, uid?: string | undefined],
): KubernetesObject["metadata"] => {
  const version = ++serial;
  return {
    name,
    ...(namespace ? { namespace } : {}),
    uid: `uid-${version}`,
    resourceVersion: String(version),
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...(owner && {
      ownerReferences: [
        { apiVersion: owner[0], kind: owner[1], name: owner[2], uid: owner[3] ?? "u", controller: true },
      ],
    }),
  };
};
export function deployment(name: string, privileged: boolean): KubernetesObject[] {
  const spec = {
    containers: [{ name: "main", image: "acr.io/app:1", ...(privileged ? { securityContext: { privileged } } : {}) }],
  };
  const template = { metadata: { labels: { app: name } }, spec };
  const replicaSet = `${name}-${++serial}`;
  const top = meta(name, "shop");
  const set = meta(replicaSet, "shop", ["apps/v1", "Deployment", name, top.uid]);
  return [
    { apiVersion: "apps/v1", kind: "Deployment", metadata: top, spec: { template } },
    { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: set, spec: { template } },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: meta(`${replicaSet}-x`, "shop", ["apps/v1", "ReplicaSet", replicaSet, set.uid]),
      spec,
      status: {
        phase: "Running",
        containerStatuses: [{ name: "main", image: "acr.io/app:1", imageID: `acr.io/app@sha256:${"b".repeat(64)}` }],
      },
    },
  ];
}
export const policy = (): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: meta("web", "shop"),
  spec: { podSelector: { matchLabels: { app: "web" } } },
});
export const namespace = (): KubernetesObject => ({ apiVersion: "v1", kind: "Namespace", metadata: meta("shop") });

export interface Faults {
  denied?: string[];
  cut?: string[];
  unreachable?: boolean;
  /** What kube-system says of itself. */
  uid?: string;
}
/** The namespace by which a cluster is known; every cluster has it. */
export const kubeSystem = (uid = "uid-of-kube-system"): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "kube-system", uid, resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
});
export function readerOf(
  objects: KubernetesObject[],
  { denied = [], cut = [], unreachable = false, uid = "uid-of-kube-system" }: Faults = {},
): KubernetesReader {
  const gap = (code: Gap["code"], what: string) => new ConnectorError({ code, what, message: `${what}: ${code}` });
  return {
    version: async () => "v1.33.1",
    clusterUid: async () => {
      if (unreachable) throw gap("unreachable", "kube-system");
      return uid;
    },
    async *list(kind) {
      if (denied.includes(kind.kind)) throw gap("denied", kind.resource);
      const items = [kubeSystem(uid), ...objects].filter((object) => object.kind === kind.kind);
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
export let input: Omit<ScanInput, "reader" | "scanId" | "now">;
export let clock = Date.UTC(2026, 0, 1);
export const rows = async <T extends pg.QueryResultRow>(sql: string, ...values: unknown[]) =>
  (await db.pool.query<T>(sql, values)).rows;

export async function newCluster(): Promise<void> {
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
export const scan = (objects: KubernetesObject[] | null, more: Faults & Partial<ScanInput> = {}) => {
  clock += 3_600_000;
  const { denied, cut, unreachable, ...rest } = more;
  const faults = { ...(denied && { denied }), ...(cut && { cut }), ...(unreachable && { unreachable }) };
  const reader = objects && readerOf(objects, faults);
  return scanCluster({ ...input, reader, scanId: uuidv7(), now: new Date(clock), ...rest });
};
export const findings = () =>
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
export const points = (scope = "account", id: string | null = input.cluster.accountId) =>
  rows<{
    score: number | null;
    coverage: number;
    ledger: { step: string; delta: number }[];
    scoreWithoutExemptions: number | null;
    changeWithoutExemptions: number | null;
    lift: object | null;
  }>(
    `SELECT "score", "coverage", "ledger", "scoreWithoutExemptions", "changeWithoutExemptions", "lift" FROM "ScorePoint" WHERE "scope" = $1 AND "scopeId" IS NOT DISTINCT FROM $2 ORDER BY "at", "id"`,
    scope,
    id,
  );
/** Everything that the cluster's scans wrote but the scan rows and the cluster's freshness. */
export async function snapshot(): Promise<string> {
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
export async function ledgersAddUp(): Promise<void> {
  for (const [scope, id] of [
    ["cluster", input.cluster.id],
    ["account", input.cluster.accountId],
    ["fleet", null],
  ] as const) {
    let score = 0;
    let bare = 0;
    for (const point of await points(scope, id)) {
      bare += point.changeWithoutExemptions ?? Number.NaN;
      expect(bare).toBe(point.scoreWithoutExemptions ?? 0);
      expect(point.ledger.reduce((sum, { delta }) => sum + delta, score)).toBe(point.score ?? 0);
      score = point.score ?? 0;
    }
  }
}

export const estate = () => [namespace(), policy(), ...deployment("web", false), ...deployment("batch", true)];
/** An empty database with one cluster that no scan has seen. */
export async function reset(): Promise<void> {
  await rows(`TRUNCATE "Account", "ScorePoint", "OutboxEvent", "FindingTransition", "Exemption" CASCADE`);
  await newCluster();
}
/** Goes back to a cluster that `newCluster` replaced. */
export function use(given: typeof input): void {
  input = given;
}
