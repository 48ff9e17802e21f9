import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { appendAudit } from "@/domain/access/audit";
import { mintScope } from "@/domain/access/scope";
import { inTransaction } from "@/lib/db";
import { testDatabase } from "@/lib/testing/database";
import { seawall } from "./testing";

const olga = mintScope("u1", "Olga", [{ role: "Owner", accountId: null }]);
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeEach(async () => {
  database = await testDatabase();
  vi.stubEnv("DATABASE_URL", database.url);
  for (const target of ["one", "two", "three", "four", "five"])
    await inTransaction(database.pool, (tx) => appendAudit(tx, olga, { action: "test.done", target }));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

/** What somebody with the rights of the database's owner could do. */
const tamper = (sql: string): Promise<void> =>
  inTransaction(database.pool, async (tx) => {
    await tx.query("SET LOCAL session_replication_role = replica");
    await tx.query(sql);
  });
const verify = (...more: string[]) => seawall(["audit", "verify", ...more]);
const headOf = (text: string): string => /--expect: (\d+:[0-9a-f]{64})\n$/.exec(text)?.[1] ?? "";

describe("seawall audit verify", () => {
  it("says that a log is whole, and takes the head that it printed", async () => {
    const { code, out, err } = await verify();
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^The audit log is whole: 5 entries\./);
    const head = headOf(out);
    expect(await verify("--expect", head)).toMatchObject({ code: 0 });
    expect(JSON.parse((await verify("--format", "json")).out)).toEqual({
      schema: "seawall.audit-verify/1",
      whole: true,
      entries: 5,
      head,
    });
  });

  it.each([
    ["changed", `UPDATE "AuditEntry" SET actor = 'Rita' WHERE seq = 3`, 3, "was changed"],
    ["deleted in the middle", `DELETE FROM "AuditEntry" WHERE seq = 3`, 3, "is missing"],
    ["deleted at the end", `DELETE FROM "AuditEntry" WHERE seq > 4`, 5, "is missing"],
  ])("fails for an entry that was %s, and names it", async (_what, sql, seq, reason) => {
    await tamper(sql);
    const { code, out } = await verify();
    expect([code, out]).toEqual([1, expect.stringContaining(`The audit log is broken. Entry ${seq}`)]);
    expect(out).toContain(reason);
    const json = await verify("--format", "json");
    expect([json.code, JSON.parse(json.out)]).toEqual([1, expect.objectContaining({ whole: false, seq })]);
  });

  it("finds an end that was cut off together with the head only by a head that was noted elsewhere", async () => {
    const head = headOf((await verify()).out);
    await tamper(
      `DELETE FROM "AuditEntry" WHERE seq > 3; UPDATE "AuditHead" SET seq = 3, hash = (SELECT hash FROM "AuditEntry" WHERE seq = 3)`,
    );
    expect(await verify()).toMatchObject({ code: 0 });
    const { code, out } = await verify("--expect", head);
    expect([code, out]).toEqual([1, expect.stringContaining("Entry 4 is missing: the log is shorter")]);
  });

  it("reports no verdict where there is none to give", async () => {
    expect(await verify("--expect", "5:beef")).toMatchObject({ code: 2, out: "" });
    await database.pool.query(`ALTER TABLE "AuditHead" RENAME TO "Elsewhere"`);
    expect(await verify()).toMatchObject({ code: 2, out: "" });
    vi.stubEnv("DATABASE_URL", "postgresql://nobody:nothing@127.0.0.1:1/none");
    const away = await verify();
    expect([away.code, away.out, away.err]).toEqual([2, "", expect.stringContaining("cannot be reached")]);
    expect(away.err).not.toContain("nothing");
  });

  it("ends its process with the code, and reads no database that nobody named", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "seawall-audit-"));
    const run = (env: Record<string, string>) =>
      spawnSync(process.execPath, [path.join(import.meta.dirname, "seawall.mjs"), "audit", "verify"], {
        encoding: "utf8",
        cwd: folder,
        env: { ...process.env, ...env },
      });
    try {
      await tamper(`DELETE FROM "AuditEntry" WHERE seq = 1`);
      expect(run({})).toMatchObject({ status: 1, stdout: expect.stringContaining("Entry 1 is missing") });
      const without = run({ DATABASE_URL: "", SEAWALL_DATA_DIR: folder });
      expect(without).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("no Seawall runs in") });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
