import { expect, it, vi } from "vitest";
import { pool } from "@/lib/db";
import { addResource, useOneCluster } from "../testing/estate";

const { account, web } = useOneCluster();

const fails = `UPDATE "ControlRollup" SET unhealthy = 1, healthy = 0 WHERE "clusterId" = $1 AND "controlId" = $2`;
const appears = `INSERT INTO "ControlRollup" ("clusterId", "controlId", healthy, unhealthy, "notApplicable", "notEvaluated") VALUES ($1, $2, 0, 1, 0, 0)`;
const WAITING = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
const states = async () =>
  (await pool().query<{ states: string }>(`SELECT states FROM "ControlStates" WHERE "clusterId" = $1`, [web])).rows[0]
    ?.states;

it.each([
  ["a cluster that has roll-ups", fails, "SW-0001u,SW-0008u"],
  ["a cluster without a line yet", appears, "SW-0001u,SW-0008u"],
])("two transactions that write the roll-ups of %s at once are both seen", async (_where, write, expected) => {
  await pool().query(`DELETE FROM "ControlRollup" WHERE "clusterId" = $1`, [web]);
  await pool().query(`DELETE FROM "ControlStates" WHERE "clusterId" = $1`, [web]);
  if (write === fails) await addResource(web, account, "checkout", { "SW-0001": "h", "SW-0008": "h" });
  const [first, second] = [await pool().connect(), await pool().connect()];
  try {
    await first.query("BEGIN");
    await second.query("BEGIN");
    await first.query(write, [web, "SW-0001"]);
    const waiting = second.query(write, [web, "SW-0008"]);
    await vi.waitFor(async () => expect((await pool().query(WAITING)).rows).toHaveLength(1), 60_000);
    await first.query("COMMIT");
    await waiting;
    await second.query("COMMIT");
  } finally {
    first.release();
    second.release();
  }
  expect(await states()).toBe(expected);
});
