import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { parseCompliance } from "./compliance";

const root = path.resolve(import.meta.dirname, "..");
const cluster = uuidv7();
let folder: string;
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-compliance-"));
  database = await testDatabase();
  const account = uuidv7();
  await database.pool.query(
    `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', '=account', 'ext', '{}', now())`,
    [account],
  );
  await database.pool.query(
    `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $2, 'eks', 'prod', '{}', '{}')`,
    [cluster, account],
  );
}, 300_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

const seawall = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(root, "cli", "seawall.mjs"), "compliance", ...args], {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, DATABASE_URL: database.url },
    maxBuffer: 64 * 1024 * 1024,
  });

describe("seawall compliance export", () => {
  it("says what is wrong with the command", () => {
    expect(() => parseCompliance(["export"])).toThrow(/--benchmark is missing/);
    expect(() => parseCompliance(["export", "--benchmark", "pss-baselin"])).toThrow(/Did you mean pss-baseline/);
    expect(() => parseCompliance(["export", "--benchmark", "mcsb", "--format", "pdf"])).toThrow(/--out/);
    expect(() => parseCompliance(["export", "--benchmark", "mcsb", "--account", "a", "--cluster", "b"])).toThrow(
      /not both/,
    );
    expect(() => parseCompliance(["exprot"])).toThrow(/compliance export/);
  });

  it("writes the auditor's file of a cluster that is named", () => {
    const out = path.join(folder, "audit.csv");
    const done = seawall("export", "--benchmark", "pss-baseline", "--cluster", "prod", "--out", out);
    expect(done.stderr).toMatch(
      /^seawall: wrote the auditor's file \(\d+ lines\) of pss-baseline for cluster prod to .*audit\.csv\.\n$/,
    );
    expect(done.status).toBe(0);
    const rows: Record<string, string>[] = parse(readFileSync(out, "utf8"), { columns: true });
    expect(rows.length).toBeGreaterThan(5);
    expect(rows[0]).toMatchObject({
      cluster: "prod",
      account: "'=account",
      state: "not_evaluated",
      clusterId: cluster,
    });
  }, 120_000);

  it("is content with a reader that closes early", () => {
    const command = `"${process.execPath}" "${path.join(root, "cli", "seawall.mjs")}" compliance export --benchmark pss-baseline`;
    const done = spawnSync("bash", ["-c", `${command} | true; echo "code \${PIPESTATUS[0]}"`], {
      encoding: "utf8",
      cwd: folder,
      env: { ...process.env, DATABASE_URL: database.url },
    });
    expect([done.stdout, done.stderr]).toEqual(["code 0\n", ""]);
  }, 120_000);

  it("says that there is no such place, and leaves no file", () => {
    const done = seawall("export", "--benchmark", "pss-baseline", "--account", "nobody");
    expect([done.status, done.stderr]).toEqual([2, 'seawall: There is no account "nobody".\n']);
    const near = seawall("export", "--benchmark", "pss-baseline", "--cluster", "prd");
    expect([near.status, near.stderr]).toEqual([2, 'seawall: There is no cluster "prd". Did you mean prod?\n']);
  }, 120_000);

  it.each([
    [["--cluster", "prod"], "cluster prod is eks"],
    [[], "the fleet has only eks"],
  ])(
    "says that a benchmark is meant for other clusters, and leaves no file (%j)",
    (where, said) => {
      const out = path.join(folder, "none.csv");
      const done = seawall("export", "--benchmark", "cis-aks-1.8", ...where, "--out", out);
      expect(done.stderr).toBe(`seawall: cis-aks-1.8 is meant for aks, and ${said}. Nothing was written.\n`);
      expect([done.status, done.stdout, existsSync(out)]).toEqual([2, "", false]);
    },
    120_000,
  );
});
