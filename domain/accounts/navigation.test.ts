import { afterAll, beforeAll, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { navigationCounts } from "./queries";

const [mine, other] = [uuidv7(), uuidv7()];
let drop: (() => Promise<void>) | undefined;

/** A cluster with, by control, how many findings are open and how many of these no exemption holds for. */
async function addCluster(account: string, name: string, open: Record<string, readonly [number, number]>) {
  const cluster = uuidv7();
  await pool().query(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $2, 'eks', $3, '{}', '{}')`,
    [cluster, account, name],
  );
  for (const [control, [all, unhealthy]] of Object.entries(open)) {
    await pool().query(
      `INSERT INTO "FindingByControl" ("clusterId", "controlId", kind, severity, "scoreGroup", again, open, unchecked, resolved) VALUES ($1, $2, 'Deployment', 2, 'network-access', false, $3, 0, 0)`,
      [cluster, control, all],
    );
    await pool().query(
      `INSERT INTO "ControlRollup" ("clusterId", "controlId", healthy, unhealthy, "notApplicable", "notEvaluated", "liftHealthy") VALUES ($1, $2, $3, $4, 0, 0, $3)`,
      [cluster, control, all - unhealthy, unhealthy],
    );
  }
}

beforeAll(async () => {
  const database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  drop = database.drop;
  for (const id of [mine, other])
    await pool().query(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', $2, $2, '{}', now())`,
      [id, id],
    );
  await addCluster(mine, "web", { "SW-0001": [3, 2], "SW-0002": [2, 0], "SW-0003": [1, 0] });
  await addCluster(other, "far", { "SW-0002": [1, 1], "SW-0003": [1, 0] });
}, 300_000);
afterAll(async () => {
  await closeDatabase();
  await drop?.();
});

it("counts as recommendations what the page of recommendations shows: not what is exempted everywhere", async () => {
  const everything = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
  expect(await navigationCounts(everything)).toMatchObject({ accounts: 2, clusters: 2, recommendations: 2 });
  const own = mintScope("v", "Bo", [{ role: "Security Reader", accountId: mine }]);
  expect(await navigationCounts(own)).toMatchObject({ accounts: 1, clusters: 1, recommendations: 1 });
});
