import { afterAll, beforeAll, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { closeDatabase, pool } from "@/lib/db";
import { testDatabase } from "@/lib/testing/database";
import { makeFleet } from "@/lib/testing/fleet";
import { controlHistory } from "./queries";

const CONTROLS = [
  { id: "SW-0001", scoreGroup: "network-access", severity: 2 },
  { id: "SW-0002", scoreGroup: "network-access", severity: 1 },
];
const since = new Date(Date.now() - 120 * 86_400_000);
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  await makeFleet(pool(), { accounts: 2, clusters: 4, workloads: 20, failing: 0.5, scans: 1 }, CONTROLS);
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

it("tells what was opened and resolved of one control by day, within the accounts that one sees", async () => {
  const { rows: accounts } = await pool().query<{ id: string }>(`SELECT id FROM "Account" ORDER BY id`);
  for (const accountId of [null, ...accounts.map(({ id }) => id)]) {
    const scope = mintScope("u", "Ada", [{ role: "Security Reader", accountId }]);
    const days = await controlHistory(scope, "SW-0001", since, "UTC");
    const { rows } = await pool().query<{ opened: number; resolved: number }>(
      `SELECT count(*)::int AS opened, count(*) FILTER (WHERE state = 'resolved')::int AS resolved FROM "Finding" WHERE "controlId" = 'SW-0001' AND ($1::uuid IS NULL OR "accountId" = $1)`,
      [accountId],
    );
    const sum = (pick: (day: (typeof days)[number]) => number) => days.reduce((all, day) => all + pick(day), 0);
    expect({ opened: sum((day) => day.opened), resolved: sum((day) => day.resolved) }).toEqual(rows[0]);
    expect(rows[0]?.opened).toBeGreaterThan(0);
    expect(days.map(({ day }) => day)).toEqual([...new Set(days.map(({ day }) => day))].sort().reverse());
  }
});
