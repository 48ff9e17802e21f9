import { spawnSync } from "node:child_process";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { insertPerson } from "@/domain/access/mutations";
import { openRecovery } from "@/domain/access/recovery/queries";
import { closeDatabase, inTransaction } from "@/lib/db";
import { testDatabase } from "@/lib/testing/database";
import { seawall } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv("DATABASE_URL", database.url);
  await inTransaction(database.pool, (tx) => insertPerson(tx, { name: "Olga", email: "olga@example.com" }, "no hash"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await closeDatabase();
  await database.drop();
});
afterEach(() => database.pool.query(`DELETE FROM "OneTimeToken"`));
const recover = (...more: string[]) => seawall(["access", "recover", ...more]);

it("prints a link that lets an only Owner back in, and says so in the audit log", async () => {
  // In a process of its own: what only loads in the server must not be needed.
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(import.meta.dirname, "seawall.mjs"), "access", "recover", "Olga@Example.com", "--second-factor-off"],
    { encoding: "utf8", env: process.env },
  );
  expect([status, stderr]).toEqual([0, ""]);
  const link = new URL(stdout.split("\n")[0] ?? "");
  expect(link.pathname).toBe("/welcome");
  expect(await openRecovery(link.searchParams.get("recovery") ?? "")).toEqual({
    email: "olga@example.com",
    factor: "off",
  });
  const { rows } = await database.pool.query(`SELECT actor, action, target FROM "AuditEntry"`);
  expect(rows).toEqual([{ actor: "command line", action: "access.recovery-made", target: "olga@example.com" }]);
});

it("leaves the second factor alone unless it is told, and knows nobody else", async () => {
  const { out } = await recover("olga@example.com");
  expect(await openRecovery(/recovery=(\S+)/.exec(out)?.[1] ?? "")).toMatchObject({ factor: "keep" });
  expect(await recover("nobody@example.com")).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("Nobody here has the address nobody@example.com."),
  });
  expect(await recover()).toMatchObject({ code: 2, err: expect.stringContaining("needs one EMAIL") });
});
