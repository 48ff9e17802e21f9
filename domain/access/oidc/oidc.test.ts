import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import Provider from "oidc-provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { testDatabase } from "@/lib/testing/database";
import { auth } from "../auth";
import { withDestination } from "../destination";
import { requestScope } from "../gate";
import { mappedRole, parseRoleMap } from "./setting";

const BASE = "http://127.0.0.1:39999";
let drop: () => Promise<void>;
let server: Server;
/** What the provider says of its people, by subject; tests change it between sign-ins. */
const claims: Record<string, Record<string, unknown>> = {};

class Jar {
  readonly #cookies = new Map<string, string>();
  keep(answer: Headers): void {
    for (const line of answer.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "" || /expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
const location = (response: Response): string => response.headers.get("location") ?? "";
async function ours(url: string, jar: Jar): Promise<Response> {
  const response = await auth().handler(new Request(new URL(url, BASE), { headers: { cookie: jar.header } }));
  jar.keep(response.headers);
  return response;
}

/** Walks a browser from our link to the provider, through its forms, to the address it is sent back to. */
async function toCallback(subject: string, jar: Jar, to = "/"): Promise<string> {
  let at = location(await ours(withDestination("/api/auth/oidc/begin", to), jar));
  const theirs = new Jar();
  for (let step = 0; step < 12 && !at.startsWith(BASE); step += 1) {
    const page = await fetch(at, { redirect: "manual", headers: { cookie: theirs.header } });
    theirs.keep(page.headers);
    if (page.status >= 300 && page.status < 400) {
      at = new URL(location(page), at).href;
      continue;
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(await page.text())?.[1] ?? "";
    const answer = await fetch(at, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: theirs.header, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ prompt, login: subject, password: "x" }),
    });
    theirs.keep(answer.headers);
    at = new URL(location(answer), at).href;
  }
  return at;
}
async function signIn(
  subject: string,
): Promise<{ to: string; scope: Awaited<ReturnType<typeof requestScope>> | null }> {
  const jar = new Jar();
  const to = location(await ours(await toCallback(subject, jar), jar));
  const scope = await requestScope(new Request(BASE, { headers: { cookie: jar.header } })).catch(() => null);
  return { to, scope };
}

const folder = mkdtempSync(path.join(tmpdir(), "seawall-oidc-"));

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a server that listens on TCP has one
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "seawall",
        client_secret: "the client's secret",
        redirect_uris: [`${BASE}/api/auth/oidc/callback`],
      },
    ],
    claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...claims[sub] }) }),
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["a key of this test"] },
  });
  server.on("request", provider.callback());
  writeFileSync(path.join(folder, "secret"), "the client's secret\n");
  const database = await testDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    SEAWALL_SESSION_SECRET: "a secret of this test, long enough to sign",
    SEAWALL_URL: BASE,
    SEAWALL_ALLOW_PRIVATE_NETWORKS: "true",
    SEAWALL_OIDC_ISSUER: issuer,
    SEAWALL_OIDC_CLIENT_ID: "seawall",
    SEAWALL_OIDC_CLIENT_SECRET_FILE: path.join(folder, "secret"),
    SEAWALL_OIDC_ROLE_CLAIM: "groups",
    SEAWALL_OIDC_ROLES: "admins=Security Admin,staff=Security Reader,owners=Owner",
  });
  drop = database.drop;
}, 300_000);
afterAll(async () => {
  await closeDatabase();
  await drop();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("single sign-on", () => {
  it("makes a person of issuer and subject, with the strongest role of the claim, anew at each sign-in", async () => {
    claims.ida = { name: "Ida", email: "ida@example.com", email_verified: true, groups: ["staff", "admins"] };
    const first = await signIn("ida");
    expect(first.to).toBe("/");
    expect(first.scope?.grants).toEqual([{ role: "Security Admin", accountId: null }]);
    // Another name and address, the same subject: the same person; another group: another role, and the older session ends.
    claims.ida = { name: "Ida B", email: "ida.b@example.com", email_verified: true, groups: "staff" };
    const second = await signIn("ida");
    expect(second.scope?.userId).toBe(first.scope?.userId);
    expect(second.scope?.grants).toEqual([{ role: "Security Reader", accountId: null }]);
    const { rows } = await pool().query(`SELECT count(*)::int AS sessions FROM "Session" WHERE "userId" = $1`, [
      first.scope?.userId,
    ]);
    expect(rows).toEqual([{ sessions: 1 }]);
    // The same role again is confirmed, so that it does not lapse.
    await pool().query(`UPDATE "RoleGrant" SET "confirmedAt" = now() - interval '29 days'`);
    await signIn("ida");
    const old = await pool().query(`SELECT 1 FROM "RoleGrant" WHERE "confirmedAt" < now() - interval '1 hour'`);
    expect(old.rowCount).toBe(0);
    claims.ida = { name: "Ida", groups: [] };
    expect((await signIn("ida")).scope?.grants).toEqual([]);
  }, 240_000);

  it("never joins a person by e-mail address", async () => {
    await pool().query(
      `INSERT INTO "User" (id, name, email, "emailVerified", "updatedAt") VALUES ($1, 'Olga', 'olga@example.com', true, now())`,
      [uuidv7()],
    );
    claims.mallory = { name: "Olga", email: "olga@example.com", email_verified: true, groups: ["owners"] };
    const { to, scope } = await signIn("mallory");
    expect(to, "the provider vouches for the address").toBe("/sign-in?sso=taken");
    expect(scope).toBeNull();
    claims.trudy = { name: "Olga", email: "olga@example.com", groups: ["owners"] };
    expect((await signIn("trudy")).to, "whose address nobody vouches for is told nothing").toBe("/sign-in?sso=failed");
    claims.noaddress = { groups: ["staff"] };
    expect((await signIn("noaddress")).scope?.actor).toBe("Somebody");
  }, 240_000);

  it("takes an answer once, and only in the browser that asked", async () => {
    claims.eve = { name: "Eve", groups: ["staff"] };
    const jar = new Jar();
    const callback = await toCallback("eve", jar);
    expect(location(await ours(callback, new Jar())), "another browser").toBe("/sign-in?sso=failed");
    const forged = new URL(callback);
    forged.searchParams.set("state", "x".repeat(43));
    const copy = new Jar();
    const other = await toCallback("eve", copy);
    expect(location(await ours(forged.href, copy)), "another state").toBe("/sign-in?sso=failed");
    expect(location(await ours(other, copy)), "after a failure").toBe("/sign-in?sso=failed");
    expect(location(await ours(callback, jar))).toBe("/");
    expect(location(await ours(callback, jar)), "twice").toBe("/sign-in?sso=failed");
  }, 240_000);
});

describe("where it leads", () => {
  it("is what was asked for at first, and never another site", async () => {
    claims.wanda = { name: "Wanda", groups: ["staff"] };
    const land = async (to: string): Promise<string> => {
      const jar = new Jar();
      return location(await ours(await toCallback("wanda", jar, to), jar));
    };
    expect(await land("/findings?severity=critical")).toBe("/findings?severity=critical");
    expect(await land("//evil.example")).toBe("/");
    expect(await land("https://evil.example/")).toBe("/");
  }, 240_000);

  it("is kept when it was cancelled at the provider, and that is said", async () => {
    const jar = new Jar();
    const callback = new URL(await toCallback("wanda", jar, "/scans"));
    callback.searchParams.delete("code");
    callback.searchParams.set("error", "access_denied");
    expect(location(await ours(callback.href, jar))).toBe("/sign-in?sso=cancelled&to=%2Fscans");
  }, 240_000);
});

describe("role mapping", () => {
  it("takes the strongest known value and refuses a wrong setting", () => {
    const of = parseRoleMap("a b=Security Reader, x=y=Owner");
    expect(mappedRole(of, ["a b", "x=y", "other"])).toBe("Owner");
    expect(mappedRole(of, "a b")).toBe("Security Reader");
    for (const claim of [undefined, null, 3, {}, [[]], "A B", "constructor"]) expect(mappedRole(of, claim)).toBeNull();
    for (const wrong of ["x", "=Owner", "x=Admin", "x=Owner,"])
      expect(() => parseRoleMap(wrong)).toThrow("SEAWALL_OIDC_ROLES");
  });
});
