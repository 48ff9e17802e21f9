import { afterAll, beforeAll, expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { readScorePoint } from "./queries";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  process.env.DATABASE_URL = database.url;
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

test("a point says which scan moved it as long as that scan is kept", async () => {
  const scope = mintScope(null, "test", [{ role: "Owner", accountId: null }]);
  const [account, scan, point] = [uuidv7(), uuidv7(), uuidv7()];
  await pool().query(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', 'a', 'x', '{}', now())`,
    [account],
  );
  await pool().query(
    `INSERT INTO "Scan" (id, "accountId", kind, trigger, status) VALUES ($1, $2, 'account', 'manual', 'complete')`,
    [scan, account],
  );
  await pool().query(
    `INSERT INTO "ScorePoint" (id, scope, at, "scanId", score, expected, evaluated, groups, ledger) VALUES ($1, 'fleet', now(), $2, 50, 1, 1, '{}', '[]')`,
    [point, scan],
  );
  expect(await readScorePoint(scope, point)).toMatchObject({ score: 50, movedBy: { scanId: scan, cluster: null } });
  await pool().query(`DELETE FROM "Scan" WHERE id = $1`, [scan]);
  expect(await readScorePoint(scope, point)).toMatchObject({ score: 50, movedBy: null });
});
