import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import pg from "pg";
import { beforeEach, describe, expect, it } from "vitest";
import { closeDatabase, inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { migrate } from "@/lib/migrate";
import { ensureDatabase } from "@/lib/postgres";
import { testDatabase } from "@/lib/testing/database";
import { appendAudit } from "../audit";
import { mintScope } from "../scope";
import { canonicalJson } from "./canonical";
import { readAudit, walkAudit } from "./queries";
import { redacted } from "./redact";
import { parseAuditFilter } from "./schema";
import { verifyAudit } from "./store";

const owner = mintScope("u1", "Olga", [{ role: "Owner", accountId: null }], {
  origin: { address: "192.0.2.7", userAgent: "test/1" },
});
let drop: () => Promise<void>;

const append = (target: string, detail: Record<string, unknown> = {}) =>
  inTransaction(pool(), (tx) => appendAudit(tx, owner, { action: "test.done", target, detail }));
/** What somebody with the rights of the database's owner could do. */
async function tamper(sql: string, values: unknown[] = []): Promise<void> {
  await inTransaction(pool(), async (tx) => {
    await tx.query("SET LOCAL session_replication_role = replica");
    await tx.query(sql, values);
  });
}

beforeEach(async () => {
  const database = await testDatabase();
  process.env.DATABASE_URL = database.url;
  drop = async () => {
    await closeDatabase();
    await database.drop();
  };
  for (const target of ["one", "two", "three", "four", "five"])
    await append(target, { n: 1.5, nested: { b: [1, null], a: "é" } });
  return drop;
});

describe("the hash chain", () => {
  it("is whole after ordinary use, and its head can be noted", async () => {
    const verdict = await verifyAudit(pool());
    expect(verdict).toMatchObject({ whole: true, entries: 5n });
    if (!verdict.whole) return;
    await append("six");
    expect(await verifyAudit(pool(), verdict.head)).toMatchObject({ whole: true, entries: 6n });
    expect(await verifyAudit(pool(), { seq: 5n, hash: Buffer.alloc(32, 1) })).toMatchObject({ whole: false, seq: 5n });
    expect(await verifyAudit(pool(), { seq: 9n, hash: Buffer.alloc(32, 1) })).toMatchObject({ whole: false, seq: 7n });
  });

  it("gives places in the order of commits without holding the head while a transaction works", async () => {
    const slow = await pool().connect();
    await slow.query("BEGIN");
    await appendAudit(slow, owner, { action: "test.slow", target: "slow" });
    await append("quick"); // would wait for ever if the slow one held the head
    await slow.query("COMMIT");
    slow.release();
    const rows = await readAudit(owner, parseAuditFilter({}), "UTC", null, 2);
    expect(rows.map((row) => [row.target, row.seq])).toEqual([
      ["slow", 7n],
      ["quick", 6n],
    ]);
    await Promise.all(Array.from({ length: 40 }, (_, n) => append(`parallel ${n}`)));
    expect(await verifyAudit(pool())).toMatchObject({ whole: true, entries: 47n });
  });

  it("gives no place to what was rolled back", async () => {
    await expect(
      inTransaction(pool(), async (tx) => {
        await appendAudit(tx, owner, { action: "test.done", target: "never" });
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await verifyAudit(pool())).toMatchObject({ whole: true, entries: 5n });
  });

  it.each([
    ["changed", `UPDATE "AuditEntry" SET target = 'other' WHERE seq = 3`, 3n, "was changed"],
    [
      "changed in a detail",
      `UPDATE "AuditEntry" SET detail = jsonb_set(detail, '{nested,a}', '"e"') WHERE seq = 2`,
      2n,
      "was changed",
    ],
    [
      "moved in time by a microsecond",
      `UPDATE "AuditEntry" SET at = at + interval '1 microsecond' WHERE seq = 4`,
      4n,
      "was changed",
    ],
    ["deleted", `DELETE FROM "AuditEntry" WHERE seq = 2`, 2n, "is missing"],
    ["first deleted", `DELETE FROM "AuditEntry" WHERE seq = 1`, 1n, "is missing"],
    ["cut off at the end", `DELETE FROM "AuditEntry" WHERE seq > 3`, 4n, "is missing"],
    ["all gone", `DELETE FROM "AuditEntry"`, 1n, "is missing"],
    [
      "swapped",
      `UPDATE "AuditEntry" SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3); UPDATE "AuditEntry" SET seq = -seq WHERE seq < 0`,
      2n,
      "does not follow",
    ],
    ["digest made to fit", `UPDATE "AuditEntry" SET digest = sha256('x') WHERE seq = 5`, 5n, "was changed"],
    ["head gone", `DELETE FROM "AuditHead"`, 5n, "head of the chain is gone"],
    ["head turned back", `UPDATE "AuditHead" SET seq = 4`, 5n, "head of the chain names"],
    [
      "slipped in",
      `INSERT INTO "AuditEntry" (id, actor, action, target, digest) VALUES (gen_random_uuid(), 'x', 'x', 'x', 'x')`,
      null,
      "past the chain",
    ],
  ])("names the first broken entry: %s", async (_what, sql, seq, reason) => {
    await tamper(sql);
    expect(await verifyAudit(pool())).toMatchObject({ whole: false, seq, reason: expect.stringContaining(reason) });
  });

  it.each([
    `UPDATE "AuditEntry" SET target = 'x'`,
    `UPDATE "AuditEntry" SET seq = NULL, hash = NULL`,
    `DELETE FROM "AuditEntry"`,
    `TRUNCATE "AuditEntry"`,
    `UPDATE "AuditHead" SET seq = seq + 1`,
    `DELETE FROM "AuditHead"`,
    `TRUNCATE "AuditHead"`,
    `INSERT INTO "AuditHead" VALUES (2, 1, 'x')`,
  ])("cannot be rewritten: %s", async (sql) => {
    await expect(pool().query(sql)).rejects.toThrow("refused");
    expect(await verifyAudit(pool())).toMatchObject({ whole: true, entries: 5n });
  });

  it("survives anything that people may have typed", async () => {
    const typed = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { maxKeys: 5 });
    const given: [target: string, detail: Record<string, unknown>][] = [];
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), typed, async (target, detail) => {
        given.push([target, detail]);
        await append(target, detail);
      }),
      { numRuns: 60 },
    );
    await append("nul \0 and half \ud800 a pair", { "\0": "\udc00", __proto__: 1 });
    const verdict = await verifyAudit(pool());
    // Which entry is broken, why, and what was typed into it; five were there before.
    const broken = verdict.whole ? null : { ...verdict, typed: given[Number(verdict.seq) - 6] };
    expect(broken).toBeNull();
    expect(verdict).toMatchObject({ entries: 66n });
  });

  it("survives names that the runtime reads wrongly once it met a backslash", async () => {
    // Only where nothing else ever stood behind a name does it remember one.
    JSON.parse(JSON.stringify({ qz: 1, "last\\": 1 }));
    for (const name of ['last"', "last\n", "last\u0001", "last\\"]) await append("names", { qz: 1, [name]: 1 });
    expect(await verifyAudit(pool())).toMatchObject({ whole: true, entries: 9n });
  });

  it("survives an account's id in capitals", async () => {
    const accountId = uuidv7().toUpperCase();
    await inTransaction(pool(), (tx) => appendAudit(tx, owner, { action: "test.done", target: "x", accountId }));
    expect(await verifyAudit(pool())).toMatchObject({ whole: true, entries: 6n });
  });

  it("takes entries from before the chain into it", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "seawall-migrations-"));
    const before = "20261121000000_first";
    cpSync(path.join("prisma/migrations", before), path.join(folder, before), { recursive: true });
    const url = new URL(process.env.DATABASE_URL ?? "");
    const name = `${url.pathname.slice(1)}_old`;
    await ensureDatabase(url.href, name);
    url.pathname = `/${name}`;
    const old = new pg.Pool({ connectionString: url.href, max: 1 }).on("error", () => {
      // Its database is dropped while the server still closes the connection.
    });
    try {
      await migrate(url.href, folder);
      await old.query(
        `INSERT INTO "AuditEntry" (id, actor, action, target, detail, at) VALUES
         (gen_random_uuid(), 'Zoë "Z" 🌊', 'account.connected', E'a\\b\\t\\u0001c', '{"z": [1, 2.5, {}], "a": {"é": null, "b": "x"}, "n": -60}', '2026-01-01 00:00:00.123456Z'),
         (gen_random_uuid(), 'y', 'job.retried', 'y', '{}', now())`,
      );
      await migrate(url.href, "prisma/migrations");
      expect(await verifyAudit(old)).toMatchObject({ whole: true, entries: 2n });
    } finally {
      await old.end();
      await pool().query(`DROP DATABASE "${name}" WITH (FORCE)`);
      rmSync(folder, { recursive: true });
    }
  });

  it("exports every entry in batches, newest first", async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => append(`more ${n}`)));
    const seqs: bigint[] = [];
    for await (const rows of walkAudit(owner, parseAuditFilter({ action: "test" }), "UTC"))
      seqs.push(...rows.map((row) => row.seq));
    expect(seqs).toEqual(Array.from({ length: 17 }, (_, n) => BigInt(17 - n)));
  });
});

describe("canonical JSON", () => {
  it("is that of RFC 8785", () => {
    // The example of its section 3.2.2, as far as JSON.parse keeps it.
    const given = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(given)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
});

describe("redaction", () => {
  it("keeps names and drops secrets", () => {
    expect(
      redacted({
        clientSecret: "s",
        secrets: ["clientSecret"],
        tokenId: "t",
        nested: { password: "p", note: "Bearer sw_0123456789abcdefghijABCDEFGHIJ0123456789ab" },
      }),
    ).toEqual({
      clientSecret: "[not kept]",
      secrets: ["clientSecret"],
      tokenId: "t",
      nested: { password: "[not kept]", note: "[not kept]" },
    });
  });
});
