import { afterAll, beforeAll, expect, describe as group, it, vi } from "vitest";
import { type AccountScope, hasRole, holdsAnywhere, mintScope } from "@/domain/access/scope";
import { furnish, MADE } from "@/domain/access/testing/made";
import { makePersonas, makePlace, type Persona, type Place } from "@/domain/access/testing/personas";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { createQueues, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import type { Route } from "./define";
import { dispatch } from "./dispatch";
import { ROUTES } from "./table";

// Drawing takes seconds, and packs its words: the report is told here as the pen gets it, so that another's name in it is seen.
vi.mock("@/domain/benchmark/pdf/render", () => ({
  renderReport: async (view: object) => Buffer.from(`%PDF-${JSON.stringify(view)}`),
}));

/** Bodies of the routes that take one; a route without a line sends `{}`. `$externalId` is new in each request. */
const BODIES: Readonly<Record<string, object>> = {
  "POST /attestations": {
    ...{ benchmark: "nsa-cisa-1.2", requirement: "5.3", place: { scope: "account", id: "$account" } },
    ...{ state: "met", evidence: "Looked at by the matrix.", link: null },
    until: new Date(Date.now() + 86_400_000).toISOString(),
  },
  "POST /exemptions": {
    ...{ type: "waiver", targets: [{ account: "$account" }], reason: "why-mine" },
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  },
  "PATCH /accounts/{id}": { intervalMinutes: 30 },
  "POST /accounts/{id}/edits/{edit}/save": { untested: true },
  "POST /accounts/{id}/schedule": { intervalMinutes: 60, enabled: true },
  "POST /accounts": {
    cloud: "aws",
    name: "matrix",
    intervalMinutes: 60,
    settings: {
      accountId: "$externalId",
      roleArn: "arn:aws:iam::$externalId:role/seawall",
      externalId: "matrix-external-id",
    },
    secrets: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00" },
  },
};
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
/** What answers alike whether it did something or there was nothing to do, so that a stranger's id tells nothing. */
const SILENT = new Set(["POST /dead-letters/{id}/retry"]);
/** What may only be done on everything. */
const EVERYWHERE = new Set(["POST /accounts"]);
/** What an address names besides things of the account: controls and benchmarks, which are everybody's. */
const EVERYBODYS = /^\/(recommendations|compliance)\//;

/** What is there for whoever holds the role somewhere, as long as what they see. */
const isShared = ({ method, path }: Route): boolean =>
  method === "GET" && (!path.includes("{") || EVERYBODYS.test(path));

function mayUse(route: Route, scope: AccountScope, account: string): boolean {
  if (isShared(route)) return holdsAnywhere(scope, route.role);
  return hasRole(scope, route.role, EVERYWHERE.has(nameOf(route)) ? undefined : account);
}
/** What a route must answer, asked for the account and what stands in it. Of what one may not see there is nothing. */
function statusFor(route: Route, scope: AccountScope, account: string): number {
  if (scope.grants.length === 0) return 403;
  if (mayUse(route, scope, account) || SILENT.has(nameOf(route))) return route.answers.status;
  const seen = isShared(route) || EVERYWHERE.has(nameOf(route)) || hasRole(scope, "Security Reader", account);
  return seen ? 403 : 404;
}

let own: Place;
let foreign: Place;
let personas: Persona[];
let drop: () => Promise<void>;
const ids: Record<string, Record<string, string>> = {};

const named = async (place: Place): Promise<Record<string, string>> => {
  const { finding, point } = await furnish(place);
  return {
    findings: finding,
    clusters: place.cluster,
    accounts: place.account,
    "score-history": point,
    recommendations: "SW-0005",
  };
};

beforeAll(async () => {
  const database = await testDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    SEAWALL_SESSION_SECRET: "a secret of this test, long enough to sign",
    SEAWALL_KEY: Buffer.alloc(32, 7).toString("base64"),
  });
  drop = database.drop;
  const boss = jobClient(database.url, "worker");
  await boss.start();
  await createQueues(boss);
  await boss.stop({ graceful: false });
  [own, foreign] = [await makePlace("mine"), await makePlace("theirs")];
  Object.assign(ids, { mine: await named(own), theirs: await named(foreign) });
  personas = await makePersonas(own, foreign);
}, 300_000);
afterAll(async () => {
  await closeDatabase();
  await drop();
});

const auditHead = async (): Promise<string> =>
  (await pool().query<{ seq: string }>(`SELECT seq FROM "AuditHead"`)).rows[0]?.seq ?? "";

/** An edit of the account by that persona: nobody may save another's. */
async function drafted({ account }: Place, persona: Persona | undefined): Promise<string> {
  const id = uuidv7();
  await pool().query(
    `INSERT INTO "AccountDraft" (id, "accountId", "madeBy", basis, name, "intervalMinutes", settings, sealed, forget)
     SELECT $1, a.id, coalesce((SELECT id FROM "User" WHERE name = $3), 'nobody'), a."updatedAt", a.name, 60, '{}', '[]', '{}' FROM "Account" a WHERE a.id = $2
     ON CONFLICT ("accountId", "madeBy") DO UPDATE SET id = excluded.id, basis = excluded.basis`,
    [id, account, persona?.name ?? ""],
  );
  return id;
}

/** The account that an earlier request removed is there again. */
async function restored({ account }: Place): Promise<void> {
  await pool().query(`UPDATE "Account" SET "removedAt" = NULL, enabled = true WHERE id = $1`, [account]);
  await pool().query(`UPDATE "Cluster" SET "goneAt" = NULL WHERE "accountId" = $1`, [account]);
}

const made = async (what: string): Promise<string> => (await MADE[what]?.(own)) ?? "";

async function ask(route: Route, headers: Headers, persona?: Persona): Promise<Response> {
  await restored(own);
  await pool().query(`DELETE FROM "RateLimit"`); // how often one may ask is tested elsewhere
  if (route.path.startsWith("/exemptions/{id}") && ids.mine) ids.mine.exemptions = await made("$request");
  if (route.path.startsWith("/attestations/{id}") && ids.mine) ids.mine.attestations = await made("$attestation");
  const path = route.path
    .replace("{benchmark}", "nsa-cisa-1.2")
    .replace("{requirement}", "5.3")
    .replace("{edit}", route.path.includes("{edit}") ? await drafted(own, persona) : "")
    .replace("{id}", ids.mine?.[route.path.split("/")[1] ?? ""] ?? uuidv7());
  const sent = new Headers(headers);
  const init: RequestInit = { method: route.method, headers: sent };
  if (route.method !== "GET") {
    sent.set("content-type", "application/json");
    init.body = JSON.stringify(BODIES[nameOf(route)] ?? {})
      .replaceAll("$externalId", await made("$externalId"))
      .replaceAll("$account", own.account);
  }
  const query = route.method === "DELETE" ? `?name=account-${own.mark}` : "";
  const request = new Request(`http://127.0.0.1:3000/api/v1${path}${query}`, init);
  return dispatch(
    ROUTES,
    request,
    path.split("/").filter((part) => part !== ""),
  );
}

group("who may use /api/v1", () => {
  it.each(ROUTES.map((route) => [nameOf(route), route] as const))(
    "%s",
    async (_name, route) => {
      const before = await auditHead();
      expect((await ask(route, new Headers({ host: "127.0.0.1:3000" }))).status, "signed out").toBe(401);
      for (const persona of personas.toReversed()) {
        const scope = mintScope("x", "x", persona.grants);
        const seesOwn = hasRole(scope, "Security Reader", own.account);
        const head = await auditHead();
        const response = await ask(route, persona.headers, persona);
        const text = await response.text();
        if (!seesOwn) expect(text, `${persona.name} sees another's account`).not.toContain("-mine");
        if (seesOwn && scope.accountIds !== null)
          expect(text, `${persona.name} sees another's account`).not.toContain("-theirs");
        if (!text.startsWith("%PDF-"))
          expect(text, "figures are told with four decimals at the most, as docs/api.md says").not.toMatch(/\d\.\d{5}/);
        const told = `${persona.name}: ${text.slice(0, 200)}`;
        expect(response.status, told).toBe(statusFor(route, scope, own.account));
        if (!mayUse(route, scope, own.account))
          expect(await auditHead(), `${persona.name} changed something`).toBe(head);
      }
      if (route.method === "GET") expect(await auditHead(), "reading changes nothing").toBe(before);
    },
    120_000,
  );

  it("refuses a change that another site made the browser send, whoever is signed in", async () => {
    const [owner] = personas;
    for (const route of ROUTES.filter(({ method }) => method !== "GET")) {
      const headers = new Headers(owner?.headers);
      headers.set("sec-fetch-site", "cross-site");
      const refused = await ask(route, headers);
      expect(refused.status, route.path).toBe(403);
      expect(await refused.json()).toMatchObject({
        type: "/api#problem-cross-site",
        next: expect.stringContaining("from a page of this console, or use an API token"),
      });
    }
  });
});
