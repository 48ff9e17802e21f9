import { beforeAll, expect, test, vi } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { makeFleet } from "@/lib/testing/fleet";
import { useTestDatabase } from "@/lib/testing/use-database";
import { controlRollups } from "../queries";
import { sumsByControl } from "./queries";

const NONE = { account: [], distribution: [], cluster: [] };
const everything = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
let clusters: { id: string; accountId: string }[] = [];

useTestDatabase();
beforeAll(async () => {
  const control = { id: "SW-0001", scoreGroup: "network-access", severity: 2 };
  await makeFleet(pool(), { accounts: 2, clusters: 6, workloads: 10, failing: 0.5, scans: 1 }, [control]);
  clusters = (await pool().query(`SELECT id, "accountId" FROM "Cluster" ORDER BY "accountId", id`)).rows;
  await pool().query(`UPDATE "Cluster" SET "goneAt" = now() WHERE id = $1`, [clusters[0]?.id]);
}, 300_000);

/** Assessments of some clusters, added up here. */
async function ofClusters(ids: readonly string[]) {
  const { rows } = await pool().query(
    `SELECT sum(healthy)::int AS healthy, sum(unhealthy)::int AS unhealthy, sum("notEvaluated")::int AS "notEvaluated" FROM "ControlRollup" WHERE "clusterId" = ANY($1)`,
    [ids],
  );
  return [{ controlId: "SW-0001", ...rows[0] }];
}

test("sums by control leave out clusters that are gone, others' accounts and what the filter leaves out", async () => {
  const [gone, beside, ...rest] = clusters.map(({ id }) => id);
  const mine = clusters[0]?.accountId ?? "";
  const own = clusters.filter((each) => each.accountId === mine && each.id !== gone).map(({ id }) => id);
  const reader = mintScope("v", "Bo", [{ role: "Security Reader", accountId: mine }]);
  const there = [beside ?? "", ...rest];
  expect(await ofClusters(there)).not.toEqual(await ofClusters(clusters.map(({ id }) => id)));
  expect(await controlRollups(everything)).toEqual(await ofClusters(there));
  expect(await controlRollups(reader)).toEqual(await ofClusters(own));
  expect(await controlRollups(everything, gone ?? null)).toEqual([]);
  expect(await controlRollups(reader, rest.at(-1) ?? null)).toEqual([]);
  const [sum] = await sumsByControl(everything, NONE);
  expect(sum).toMatchObject((await ofClusters(there))[0] ?? {});
  expect(await sumsByControl(everything, { ...NONE, account: [mine] })).toMatchObject(await ofClusters(own));
  expect(await sumsByControl(everything, { ...NONE, cluster: [beside ?? ""] })).toMatchObject(
    await ofClusters([beside ?? ""]),
  );
});

test("what an exemption holds for is told apart from healthy, from not evaluated and from not applicable", async () => {
  const { rows: most } = await pool().query<{ id: string }>(
    `SELECT "clusterId" AS id FROM "ControlRollup" WHERE "clusterId" <> $1 ORDER BY unhealthy DESC, 1 LIMIT 1`,
    [clusters[0]?.id],
  );
  const cluster = most[0]?.id ?? "";
  const filter = { ...NONE, cluster: [cluster] };
  const [before] = await sumsByControl(everything, filter);
  expect(before?.unhealthy).toBeGreaterThan(3);
  const kinds = [
    ["mitigated", null, "healthy", "liftHealthy"],
    ["mitigated", "denied", "notEvaluated", "liftNotEvaluated"],
    ["waiver", null, "notApplicable", "liftNotApplicable"],
  ] as const;
  const { rows } = await pool().query<{ id: string }>(
    `SELECT id FROM "Finding" WHERE "clusterId" = $1 AND state = 'open' ORDER BY id LIMIT 3`,
    [cluster],
  );
  for (const [index, [type, notRechecked, into, lift]] of kinds.entries()) {
    await pool().query(
      `UPDATE "Finding" SET exemption = $2, "exemptionId" = gen_random_uuid(), "notRechecked" = $3 WHERE id = $1`,
      [rows[index]?.id, type, notRechecked],
    );
    // As a scan and an exemption count it.
    await pool().query(
      `UPDATE "ControlRollup" SET unhealthy = unhealthy - 1, "${into}" = "${into}" + 1, "${lift}" = "${lift}" + 1 WHERE "clusterId" = $1`,
      [cluster],
    );
  }
  const [after] = await sumsByControl(everything, filter);
  expect(after).toEqual({ ...before, unhealthy: (before?.unhealthy ?? 0) - 3, exempted: 3 });
});

test("a scan that commits while they are read changes all amounts or none", async () => {
  const all = ({ healthy = 0, unhealthy = 0, exempted = 0, notEvaluated = 0, notApplicable = 0 } = {}) =>
    healthy + unhealthy + exempted + notEvaluated + notApplicable;
  const [before] = await sumsByControl(everything, NONE);
  const { rows } = await pool().query<{ id: string; clusterId: string }>(
    // Not the last that is unhealthy there: the cluster stays among those that are.
    `SELECT f.id, f."clusterId" FROM "Finding" f JOIN "Cluster" c ON c.id = f."clusterId" JOIN "ControlRollup" r ON r."clusterId" = c.id
     WHERE f.state = 'open' AND f."exemptionId" IS NULL AND c."goneAt" IS NULL AND r.unhealthy > 1 ORDER BY 1 LIMIT 1`,
  );
  const query = pool().query.bind(pool());
  const spy = vi.spyOn(pool(), "query");
  let commits = 0;
  // Whatever statement answers first: then a waiver begins to hold.
  spy.mockImplementation((async (...asked: Parameters<typeof query>) => {
    const answer: unknown = await query(...asked);
    if (commits++ > 0) return answer;
    await query(
      `UPDATE "Finding" SET exemption = 'waiver', "exemptionId" = gen_random_uuid() WHERE id = '${rows[0]?.id}'`,
    );
    await query(
      `UPDATE "ControlRollup" SET unhealthy = unhealthy - 1, "notApplicable" = "notApplicable" + 1, "liftNotApplicable" = "liftNotApplicable" + 1 WHERE "clusterId" = '${rows[0]?.clusterId}'`,
    );
    return answer;
  }) as never);
  const [during] = await sumsByControl(everything, NONE);
  spy.mockRestore();
  const [after] = await sumsByControl(everything, NONE);
  expect(commits).toBe(1);
  expect(during).toEqual(before);
  expect(after).toEqual({ ...before, unhealthy: (before?.unhealthy ?? 0) - 1, exempted: (before?.exempted ?? 0) + 1 });
  expect(all(after)).toBe(all(before));
});
