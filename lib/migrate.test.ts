import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate, requireVersion } from "./migrate";
import { testDatabase } from "./testing/database";

let database: Awaited<ReturnType<typeof testDatabase>>;
const folder = mkdtempSync(path.join(os.tmpdir(), "seawall-migrations-"));

beforeAll(async () => {
  database = await testDatabase();
  cpSync("prisma/migrations", folder, { recursive: true });
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

test("a server older than 15 is refused with the setting's name, the reason and what to do", () => {
  expect(() => requireVersion(149999)).toThrow(
    /^DATABASE_URL: .*PostgreSQL 14, which is too old: .*15 or newer\. Upgrade .*example: DATABASE_URL=postgresql:.*embedded/,
  );
  for (const version of [150000, 180001]) expect(() => requireVersion(version)).not.toThrow();
});

test("applied migrations are not applied again", async () => {
  expect(await migrate(database.url, folder)).toEqual([]);
});

test("the partial indexes that a generated diff would drop are there", async () => {
  const { rows } = await database.pool.query<{ indexname: string }>(
    `SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %' AND schemaname = 'public'`,
  );
  expect(rows.map((row) => row.indexname)).toEqual(
    expect.arrayContaining([
      "Finding_open_cluster",
      "Finding_open_control",
      "FindingByControl_open",
      "FindingByControl_again",
      "Resource_item_name",
      "Resource_item_namespace",
      "Resource_item_kind",
      "OutboxEvent_pending",
      "Finding_resolved",
      "Finding_reopened",
      "AccountFindingByControl_parts",
      "AccountFindingByNamespace_parts",
      "AccountControlRollup_parts",
      "ScorePoint_without_lift",
    ]),
  );
});

test("a migration that fails leaves nothing behind, and a modified one is refused", async () => {
  cpSync(path.join(folder, "20261121000000_first"), path.join(folder, "99999999999999_bad"), { recursive: true });
  writeFileSync(path.join(folder, "99999999999999_bad/migration.sql"), `CREATE TABLE half (a int); SELECT nonsense;`);
  await expect(migrate(database.url, folder)).rejects.toThrow(/nonsense/);
  expect((await database.pool.query(`SELECT to_regclass('half') AS found`)).rows).toEqual([{ found: null }]);
  rmSync(path.join(folder, "99999999999999_bad"), { recursive: true });
  writeFileSync(path.join(folder, "20261121000000_first/migration.sql"), "-- changed");
  await expect(migrate(database.url, folder)).rejects.toThrow(/modified/);
});
