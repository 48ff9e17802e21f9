import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { makeFleet } from "@/lib/testing/fleet";
import { listScans } from "../queries";
import { scanCounts, scanPage } from "./queries";
import { SCAN_FACETS, scanQuery } from "./schema";

const everything = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
let database: Awaited<ReturnType<typeof testDatabase>>;
let cluster: { id: string; name: string; accountId: string; accountName: string };

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  await makeFleet(pool(), { accounts: 2, clusters: 4, workloads: 2, failing: 0.5, scans: 3 }, []);
  const { rows } = await pool().query<typeof cluster>(
    `SELECT c.id, c.name, a.id AS "accountId", a.name AS "accountName" FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId" ORDER BY c.name LIMIT 1`,
  );
  if (rows[0] === undefined) throw new Error("The fleet has no cluster.");
  cluster = rows[0];
  const add = (status: string, stats: object) =>
    pool().query(
      `INSERT INTO "Scan" (id, "accountId", "clusterId", kind, trigger, status, stats, "queuedAt", "startedAt") VALUES ($1, $2, $3, 'cluster', 'manual', $4, $5, now(), now())`,
      [uuidv7(), cluster.accountId, cluster.id, status, JSON.stringify(stats)],
    );
  await add("complete", {
    evaluated: 7,
    opened: 0,
    resolved: 2,
    changed: 3,
    controls: { "SW-0001": 4 },
    ms: { list: 9 },
  });
  await add("running", { progress: { kinds: 3, of: 40, objects: 120 } });
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

describe("the list of scans", () => {
  it("tells the figures of a scan and the progress of a running one, and nothing of the rest that scans note", async () => {
    const { items } = await scanPage(everything, scanQuery.parse({ cluster: cluster.id, trigger: "manual" }));
    expect(
      items.map(({ status, evaluated, opened, resolved, progress }) => ({
        status,
        evaluated,
        opened,
        resolved,
        progress,
      })),
    ).toEqual([
      {
        status: "running",
        evaluated: null,
        opened: null,
        resolved: null,
        progress: { kinds: 3, of: 40, objects: 120 },
      },
      { status: "complete", evaluated: 7, opened: 0, resolved: 2, progress: null },
    ]);
    const [running, complete] = await listScans(everything, 2, cluster.id);
    expect(running?.stats).toEqual({});
    expect(complete?.stats).toEqual({ evaluated: 7, opened: 0, resolved: 2, changed: 3 });
  });

  it("counts by facet, and names clusters and accounts", async () => {
    const counts = await scanCounts(everything, { ...scanQuery.parse({}), facets: SCAN_FACETS });
    expect(counts).toMatchObject({ total: 14, exact: true, capped: [] });
    expect(counts.facets.cluster?.[0]).toEqual({ value: cluster.id, label: cluster.name, count: 5 });
    expect(counts.facets.account?.find(({ value }) => value === cluster.accountId)).toEqual({
      value: cluster.accountId,
      label: cluster.accountName,
      count: 8,
    });
  });
});
