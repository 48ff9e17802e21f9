import { parse } from "csv-parse/sync";
import { beforeAll, expect, describe as group, it } from "vitest";
import { createApiToken } from "@/domain/access/api-token/mutations";
import { newTokenSchema } from "@/domain/access/api-token/schema";
import { grantsOf } from "@/domain/access/queries";
import { type AccountScope, mintScope } from "@/domain/access/scope";
import { listAccounts } from "@/domain/accounts/queries";
import { clusterPage } from "@/domain/inventory/cluster/queries";
import { clusterQuery } from "@/domain/inventory/cluster/schema";
import { scorePage } from "@/domain/posture/score/queries";
import { scoreQuery } from "@/domain/posture/score/schema";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { makeFleet } from "@/lib/testing/fleet";
import { useTestDatabase } from "@/lib/testing/use-database";
import { dispatch } from "./dispatch";
import { ROUTES } from "./table";

let token = "";
let scope: AccountScope;

useTestDatabase();
beforeAll(async () => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
  await makeFleet(pool(), { accounts: 2, clusters: 7, workloads: 6, failing: 0.5, scans: 1 }, [
    { id: "SW-0017", scoreGroup: "access-and-permissions", severity: 2 },
  ]);
  await pool().query(`UPDATE "Cluster" SET score = NULL, "scoreWithoutExemptions" = 0 WHERE name = 'stage-1'`); // all of it is waived
  const id = uuidv7();
  await pool().query(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, 'Ada', 'a@example.com', now())`, [
    id,
  ]);
  await pool().query(`INSERT INTO "RoleGrant" (id, "userId", role) VALUES ($1, $2, 'Owner')`, [uuidv7(), id]);
  scope = mintScope(id, "Ada", await grantsOf(id), { sessionId: uuidv7() });
  token = await createApiToken(
    scope,
    newTokenSchema.parse({ name: "t", scopes: ["read", "export"], accountIds: null, days: 30 }),
  );
}, 600_000);

async function ask(path: string): Promise<Response> {
  const url = new URL(`http://seawall.test/api/v1${path}`);
  const parts = url.pathname.split("/").filter((part) => part !== "");
  const response = await dispatch(
    ROUTES,
    new Request(url, { headers: { authorization: `Bearer ${token}` } }),
    parts.slice(2),
  );
  expect([path, response.status]).toEqual([path, 200]);
  return response;
}
type Row = { id: string; score: number | null; scoreWithoutExemptions: number | null };
const items = async (path: string): Promise<Row[]> => ((await (await ask(path)).json()) as { items: Row[] }).items;
const scores = (rows: readonly Row[]) =>
  rows.map(({ id, score, scoreWithoutExemptions }) => [id, score, scoreWithoutExemptions]);

/** The rows of a file in its order, as the API writes them. */
async function inFile(list: string, idColumn: string, search: string): Promise<unknown[][]> {
  const number = (cell: unknown): number | null => (cell === "" || cell === null ? null : Number(cell));
  const rowOf = (row: Record<string, unknown>) => [
    row[idColumn],
    number(row.score),
    number(row.scoreWithoutExemptions),
  ];
  const csv = await (await ask(`/${list}/export?format=csv&${search}`)).text();
  const rows: Record<string, unknown>[] = parse(csv, { columns: true, bom: true });
  const lines = (await (await ask(`/${list}/export?format=jsonl&${search}`)).text()).trim().split("\n");
  const objects = lines.map((line): Record<string, unknown> => JSON.parse(line)).filter((line) => "id" in line);
  expect(objects.map(({ id, ...row }) => rowOf({ ...row, [idColumn]: id }))).toEqual(rows.map(rowOf));
  return rows.map(rowOf);
}

group("page, API and file say the same of a score without exemptions", () => {
  it.each(["sort=score", "sort=-score&exemptions=without", "sort=score&exemptions=without"])(
    "clusters, %s",
    async (search) => {
      const page = await clusterPage(scope, clusterQuery.parse(Object.fromEntries(new URLSearchParams(search))));
      const api = await items(`/clusters?${search}`);
      expect(page.items).toHaveLength(7);
      expect(scores(api)).toEqual(scores(page.items));
      expect(await inFile("clusters", "clusterId", search)).toEqual(scores(page.items));
      for (const { id, score, scoreWithoutExemptions } of page.items)
        expect(await (await ask(`/clusters/${id}`)).json()).toMatchObject({ score, scoreWithoutExemptions });
      // What is unknown comes lowest, in the score that is sorted by.
      const sorted = page.items.map(
        ({ score, scoreWithoutExemptions }) => (search.includes("without") ? scoreWithoutExemptions : score) ?? -1,
      );
      expect(sorted).toEqual(sorted.toSorted((a, b) => (search.includes("-score") ? b - a : a - b)));
      expect(new Set(sorted).size).toBeGreaterThan(4);
    },
  );

  it("the trend is of the score that is looked at, and has none where it was not kept", async () => {
    await pool().query(
      `UPDATE "ScorePoint" SET at = at - interval '10 days', lift = NULL, "scoreWithoutExemptions" = NULL WHERE lift IS NULL`,
    );
    const [one] = (await clusterPage(scope, clusterQuery.parse({}))).items;
    const [bare] = (await clusterPage(scope, clusterQuery.parse({ exemptions: "without" }))).items;
    expect(one?.trend.at(-1)).toBe(51);
    expect(bare?.trend.at(-1)).toBe(46);
    expect(one?.trend.at(-4)).not.toBeNull();
    expect(bare?.trend.at(-4)).toBeNull();
  });

  it("accounts", async () => {
    const api = await items("/accounts");
    const accounts = await listAccounts(scope);
    expect(scores(api)).toEqual(scores(accounts));
    expect(accounts.map(({ score, scoreWithoutExemptions }) => [score, scoreWithoutExemptions])).toEqual([
      [51, 46],
      [51, 46],
    ]);
    for (const { id, score, scoreWithoutExemptions } of accounts)
      expect(await (await ask(`/accounts/${id}`)).json()).toMatchObject({ score, scoreWithoutExemptions });
  });

  it.each(["scope=account", "scope=account&exemptions=without"])("score history, %s", async (search) => {
    const query = scoreQuery.parse({ ...Object.fromEntries(new URLSearchParams(search)), size: "500" });
    const page = await scorePage(scope, query);
    const api = await items(`/score-history?${search}&size=500`);
    expect(scores(api)).toEqual(scores(page.items));
    expect(await inFile("score-history", "pointId", search)).toEqual(scores(page.items));
    expect(page.items.some(({ keptWithoutExemptions }) => !keptWithoutExemptions)).toBe(true);
    expect(page.items.some(({ score, scoreWithoutExemptions }) => score !== scoreWithoutExemptions)).toBe(true);
    for (const item of page.items)
      if (!item.keptWithoutExemptions)
        expect([item.scoreWithoutExemptions, item.changeWithoutExemptions]).toEqual([null, null]);
    expect(page.notes.filter((note) => /not kept before \d{4}-\d\d-\d\d/.test(note))).toHaveLength(
      search.includes("without") ? 1 : 0,
    );
  });
});
