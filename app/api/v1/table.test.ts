import { readdirSync } from "node:fs";
import { beforeAll, expect, describe as group, it } from "vitest";
import { createApiToken } from "@/domain/access/api-token/mutations";
import { newTokenSchema } from "@/domain/access/api-token/schema";
import { grantsOf } from "@/domain/access/queries";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { makeFleet } from "@/lib/testing/fleet";
import { useTestDatabase } from "@/lib/testing/use-database";
import { dispatch } from "./dispatch";
import { describe, operationId } from "./document";
import { ROUTES } from "./table";
import { LIMITS } from "./turn";

let token = "";
let outsider = "";
const rows: Record<string, string> = { recommendations: "SW-0017" };

async function tokenOf(role: string, accountId: string | null): Promise<string> {
  const id = uuidv7();
  await pool().query(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, 'Ada', $2, now())`, [
    id,
    `${id}@example.com`,
  ]);
  await pool().query(`INSERT INTO "RoleGrant" (id, "userId", role, "accountId") VALUES ($1, $2, $3, $4)`, [
    uuidv7(),
    id,
    role,
    accountId,
  ]);
  const scope = mintScope(id, "Ada", await grantsOf(id), { sessionId: uuidv7() });
  const wish = newTokenSchema.parse({ name: "test", scopes: ["read", "export", "write"], accountIds: null, days: 30 });
  return createApiToken(scope, wish);
}
const ask = (path: string, bearer = token, init: RequestInit = {}): Promise<Response> =>
  dispatch(
    ROUTES,
    new Request(`http://seawall.test/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${bearer}`, ...init.headers },
    }),
    new URL(`http://x${path}`).pathname.split("/").filter((part) => part !== ""),
  );

useTestDatabase();
beforeAll(async () => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
  await makeFleet(pool(), { accounts: 2, clusters: 4, workloads: 10, failing: 0.5, scans: 2 }, [
    { id: "SW-0017", scoreGroup: "access-and-permissions", severity: 2 },
  ]);
  const one = await pool().query<Record<string, string>>(
    `SELECT f.id AS findings, f."clusterId" AS clusters, f."accountId" AS accounts, (SELECT id FROM "ScorePoint" WHERE scope = 'cluster' AND "scopeId" = f."clusterId" LIMIT 1) AS "score-history" FROM "Finding" f LIMIT 1`,
  );
  Object.assign(rows, one.rows[0]);
  token = await tokenOf("Security Admin", null);
  const other = await pool().query<{ id: string }>(`SELECT id FROM "Account" WHERE id <> $1`, [rows.accounts]);
  outsider = await tokenOf("Security Admin", other.rows[0]?.id ?? null);
}, 600_000);
const filled = (path: string): string =>
  path
    .replace("{benchmark}", "pss-baseline")
    .replace("{requirement}", "privileged")
    .replace("{edit}", uuidv7())
    .replace("{id}", rows[path.split("/")[1] ?? ""] ?? uuidv7());

group("the table of routes", () => {
  it("holds every handler: nothing else below /api/v1 answers but the event stream", () => {
    const files = readdirSync("app/api/v1", { recursive: true, encoding: "utf8" }).filter((file) =>
      /(^|\/)route\.tsx?$/.test(file),
    );
    expect(files.sort()).toEqual(["[[...path]]/route.ts", "events/route.ts"]);
  });

  it("looks for the second of two ids within the first: whoever adds such an address adds a test of that, and its name here", () => {
    const two = ROUTES.filter(({ path }) => path.split("{").length > 2).map(({ method, path }) => `${method} ${path}`);
    expect(two.sort()).toEqual([
      "GET /accounts/{id}/edits/{edit}",
      "GET /compliance/{benchmark}/requirements/{requirement}",
      "POST /accounts/{id}/edits/{edit}/save",
    ]);
  });

  it("is described whole, every address once", () => {
    const document = describe(ROUTES, "https://seawall.example.com");
    const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set(ROUTES.map(operationId)).size).toBe(ROUTES.length);
    const parameters = document.paths?.["/findings"]?.get?.parameters ?? [];
    expect(parameters).toContainEqual(expect.objectContaining({ name: "severity", in: "query", explode: false }));
    expect(JSON.stringify(document.paths?.["/findings"]?.get)).toContain('"critical"');
  });

  // The connection test reads the job tables, which only a started worker makes.
  it.each(
    ROUTES.filter(
      (route) => route.method === "GET" && !["/accounts/{id}/test", "/accounts/{id}/edits/{edit}"].includes(route.path),
    ).map((route) => [route.path, route] as const),
  )("GET %s answers what it says", async (path, route) => {
    const response = await ask(filled(path));
    expect(response.status).toBe(200);
    const text = await response.text();
    if ("schema" in route.answers) route.answers.schema.parse(JSON.parse(text));
    else if (route.answers.media.includes("application/pdf")) expect(text.slice(0, 5)).toBe("%PDF-");
    else expect(text.split("\r\n").length - 2).toBe(Number(response.headers.get("seawall-rows")));
  });

  it.each(
    // Dead letters need the job tables: matrix.test.ts.
    ROUTES.filter((route) => route.path.includes("{id}") && !route.path.startsWith("/dead-letters")).map(
      (route) => [`${route.method} ${route.path}`, route] as const,
    ),
  )("%s shows nothing of a foreign account, and does nothing to it", async (_name, route) => {
    const init =
      route.method === "GET"
        ? {}
        : {
            method: route.method,
            headers: { "content-type": "application/json" },
            body: route.path.endsWith("/schedule") ? '{"intervalMinutes":60,"enabled":true}' : "{}",
          };
    const response = await ask(`${filled(route.path)}${route.method === "DELETE" ? "?name=x" : ""}`, outsider, init);
    if (route.path.startsWith("/recommendations")) expect((await response.json()).clusters).toBeLessThan(4);
    else expect(response.status).toBe(404);
  });
});

group("problems", () => {
  it.each([
    ["/findings?severity=hgih", 400],
    ["/findings?sevrity=high", 400],
    ["/findings?cursor=abc", 400],
    ["/findings/x", 400],
    [`/findings/${uuidv7()}`, 404],
    ["/nothing", 404],
    ["/accounts?x=1", 400],
  ])("%s is a %d that says what to do", async (path, status) => {
    const response = await ask(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      status,
      title: expect.any(String),
      detail: expect.any(String),
      next: expect.any(String),
    });
  });

  it("refuses strangers, other methods, other bodies and large ones", async () => {
    expect((await ask("/findings", "sw_nothing")).status).toBe(401);
    const wrong = await ask("/findings", token, { method: "POST" });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET"]);
    expect((await ask("/accounts", token, { method: "POST", body: "a=b" })).status).toBe(415);
    const large = JSON.stringify({ name: "x".repeat(70_000) });
    const headers = { "content-type": "application/json" };
    expect((await ask("/accounts", token, { method: "POST", headers, body: large })).status).toBe(413);
    expect((await ask("/accounts", token, { method: "POST", headers, body: "{" })).status).toBe(400);
  });

  it.each([
    ["in a text", { targets: [{ control: "SW-0017" }], reason: "no\0way" }],
    ["within JSON", { targets: [{ control: "SW-0017", name: "a\0b" }], reason: "because" }],
  ])("names a NUL %s as the sender's fault, not ours", async (_where, more) => {
    const body = JSON.stringify({
      type: "waiver",
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      ...more,
    });
    const response = await ask("/exemptions", token, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining("NUL") }),
    ]);
  });

  it("counts requests per token and says how long to wait", async () => {
    await pool().query(`UPDATE "RateLimit" SET count = $1 WHERE key LIKE 'api:%'`, [LIMITS.read]);
    const response = await ask("/accounts");
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask("/accounts", await tokenOf("Security Admin", null))).status).toBe(200);
  });
});
