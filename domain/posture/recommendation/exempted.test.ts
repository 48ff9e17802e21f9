import { beforeAll, expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { makeFleet } from "@/lib/testing/fleet";
import { useTestDatabase } from "@/lib/testing/use-database";
import { sumsByControl } from "./queries";

const SIZE = { accounts: 2, clusters: 6, workloads: 10, failing: 0.8, exempted: 0.3, scans: 1 };
const everything = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);

useTestDatabase();
beforeAll(async () => {
  await makeFleet(pool(), SIZE, [{ id: "SW-0001", scoreGroup: "network-access", severity: 2 }]);
}, 300_000);

test("in a fleet with exemptions each resource is counted once, whatever holds for it, and of one account only its own", async () => {
  const { rows: accounts } = await pool().query<{ id: string; clusters: number; open: number; exempted: number }>(
    `SELECT f."accountId" AS id, count(DISTINCT f."clusterId")::int AS clusters, count(*)::int AS open, count(f."exemptionId")::int AS exempted
     FROM "Finding" f WHERE f.state = 'open' GROUP BY 1 ORDER BY 1`,
  );
  expect(accounts).toHaveLength(2);
  const expected = (some: typeof accounts) => {
    const sum = (name: "clusters" | "open" | "exempted"): number => some.reduce((all, each) => all + each[name], 0);
    const [clusters, open, exempted] = [sum("clusters"), sum("open"), sum("exempted")];
    return {
      ...{ healthy: clusters * SIZE.workloads - open, unhealthy: open - exempted, exempted },
      ...{ notApplicable: clusters * 2, notEvaluated: clusters },
    };
  };
  const none = { account: [], distribution: [], cluster: [] };
  const [all] = await sumsByControl(everything, none);
  expect(all).toMatchObject(expected(accounts));
  expect(all?.exempted).toBeGreaterThan(0);
  for (const account of accounts) {
    const reader = mintScope("v", "Bo", [{ role: "Security Reader", accountId: account.id }]);
    expect((await sumsByControl(reader, none))[0]).toMatchObject(expected([account]));
    expect((await sumsByControl(everything, { ...none, account: [account.id] }))[0]).toMatchObject(expected([account]));
  }
});
