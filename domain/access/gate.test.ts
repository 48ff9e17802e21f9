import { beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { newApiToken } from "./api-token/format";
import { createApiToken, revokeApiToken } from "./api-token/mutations";
import { listTokens } from "./api-token/queries";
import { newTokenSchema } from "./api-token/schema";
import { requestScope, UnauthenticatedError } from "./gate";
import { grantsOf, stillAdmitted } from "./queries";
import { ForbiddenError, hasRole, mintScope } from "./scope";
import { makePerson, sessionHeaders } from "./testing/personas";

const accountA = uuidv7();
const accountB = uuidv7();

async function person(name: string, role: string, accountId: string | null = null) {
  const id = uuidv7();
  await pool().query(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, $2, $3, now())`, [
    id,
    name,
    `${name.toLowerCase()}@example.com`,
  ]);
  await pool().query(`INSERT INTO "RoleGrant" (id, "userId", role, "accountId") VALUES ($1, $2, $3, $4)`, [
    uuidv7(),
    id,
    role,
    accountId,
  ]);
  return mintScope(id, name, await grantsOf(id), { sessionId: uuidv7() });
}

const asking = (token: string, init: RequestInit = {}) =>
  new Request("http://seawall.test/api/v1/findings", {
    ...init,
    headers: { authorization: `Bearer ${token}`, "x-seawall-address": "192.0.2.7" },
  });
const wish = (over: object = {}) =>
  newTokenSchema.parse({ name: "ci", scopes: ["read"], accountIds: null, days: 30, ...over });

useTestDatabase();
beforeAll(async () => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
  for (const [id, name] of [
    [accountA, "prod"],
    [accountB, "stage"],
  ])
    await pool().query(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', $2, $2, '{}', now())`,
      [id, name],
    );
});

describe("the gate of route handlers", () => {
  it("mints a scope as wide as the token and its maker at this moment", async () => {
    const owner = await person("Olga", "Owner");
    const token = await createApiToken(owner, wish({ scopes: ["read", "write"], accountIds: [accountA] }));
    const scope = await requestScope(asking(token));
    expect(scope.accountIds).toEqual([accountA]);
    expect(scope.actor).toBe("Olga (token ci)");
    expect(hasRole(scope, "Security Admin", accountA)).toBe(true);
    expect(hasRole(scope, "Owner", accountA)).toBe(false);
    await pool().query(`UPDATE "RoleGrant" SET role = 'Security Reader' WHERE "userId" = $1`, [owner.userId]);
    expect(hasRole(await requestScope(asking(token)), "Security Admin", accountA)).toBe(false);
    await pool().query(`DELETE FROM "RoleGrant" WHERE "userId" = $1`, [owner.userId]);
    expect((await requestScope(asking(token))).accountIds).toEqual([]);
  });

  it("asks for the scope that the method or the handler needs", async () => {
    const token = await createApiToken(await person("Rita", "Security Reader"), wish());
    await expect(requestScope(asking(token, { method: "POST" }))).rejects.toThrow(ForbiddenError);
    await expect(requestScope(asking(token), "export")).rejects.toThrow("the scope export");
    await expect(requestScope(asking(token))).resolves.toMatchObject({ accountIds: null });
  });

  it("is told of in the audit log by the accounts it is for, or as for every one", async () => {
    const owner = await person("Audrey", "Owner");
    await createApiToken(owner, wish({ name: "all" }));
    await createApiToken(owner, wish({ name: "one", accountIds: [accountA] }));
    const { rows } = await pool().query<{ of: unknown }>(
      `SELECT detail -> 'accountIds' AS of FROM "AuditEntry" WHERE action = 'access.token-created' AND actor = 'Audrey' ORDER BY seq`,
    );
    expect(rows.map((row) => row.of)).toEqual(["every account", [accountA]]);
  });

  it("refuses unknown, mistyped, expired and revoked tokens in the same words, at once", async () => {
    const reader = await person("Rob", "Security Reader");
    const refused = (token: string) =>
      expect(requestScope(asking(token))).rejects.toThrow(
        new UnauthenticatedError("This API token is unknown, expired or revoked."),
      );
    const expired = await createApiToken(reader, wish({ name: "old" }));
    await pool().query(`UPDATE "ApiToken" SET "expiresAt" = now() WHERE name = 'old'`);
    const revoked = await createApiToken(reader, wish({ name: "lost" }));
    const id = (await listTokens(reader)).find((each) => each.name === "lost")?.id ?? "";
    await requestScope(asking(revoked));
    expect(await revokeApiToken(reader, id)).toBe(true);
    expect(await revokeApiToken(reader, id)).toBe(false);
    for (const token of [expired, revoked, newApiToken(), "sw_no", "", "x".repeat(5000)]) await refused(token);
    // An Authorization header that fails must not fall back to a session.
    const basic = new Request("http://seawall.test/", { headers: { authorization: "Basic c3c6eA==" } });
    await expect(requestScope(basic)).rejects.toThrow(UnauthenticatedError);
    await expect(requestScope(new Request("http://seawall.test/"))).rejects.toThrow("Sign in first.");
  });

  it("writes the last use at most once a minute, and stores no token", async () => {
    const reader = await person("Ruth", "Security Reader");
    const token = await createApiToken(reader, wish());
    const used = async () => (await listTokens(reader))[0];
    expect((await used())?.lastUsedAt).toBeNull();
    await requestScope(asking(token));
    const first = await used();
    expect(first).toMatchObject({ lastUsedAddress: "192.0.2.7", hint: token.slice(-4), state: "active" });
    await requestScope(asking(token));
    expect((await used())?.lastUsedAt).toEqual(first?.lastUsedAt);
    await pool().query(`UPDATE "ApiToken" SET "lastUsedAt" = now() - interval '61 seconds' WHERE "userId" = $1`, [
      reader.userId,
    ]);
    await requestScope(asking(token));
    expect((await used())?.lastUsedAt?.getTime()).toBeGreaterThanOrEqual(first?.lastUsedAt?.getTime() ?? 0);
    const { rows } = await pool().query(
      `SELECT 1 FROM "ApiToken" t, "AuditEntry" a WHERE to_jsonb(t)::text || to_jsonb(a)::text LIKE '%' || $1 || '%'`,
      [token],
    );
    expect(rows).toEqual([]);
  });
});

describe("whom the gate still admits", () => {
  const admitted = async (...scopes: Parameters<typeof stillAdmitted>[0]) => {
    const still = await stillAdmitted(scopes);
    return scopes.map((scope) => still.has(scope));
  };

  it("is a token that lives and reads, as long as its maker holds a role within its reach", async () => {
    const owner = await person("Orla", "Security Admin");
    const scopeFor = async (over: object) => requestScope(asking(await createApiToken(owner, wish(over))), "write");
    const [wide, narrow] = [
      await scopeFor({ scopes: ["read", "write"] }),
      await scopeFor({ scopes: ["read", "write"], accountIds: [accountA] }),
    ];
    const mute = await scopeFor({ scopes: ["write"] });
    expect(await admitted(wide, narrow, mute)).toEqual([true, true, false]);
    await pool().query(`UPDATE "RoleGrant" SET "accountId" = $2 WHERE "userId" = $1`, [owner.userId, accountB]);
    expect(await admitted(wide, narrow)).toEqual([true, false]);
    await pool().query(`UPDATE "ApiToken" SET "expiresAt" = now() WHERE id = $1`, [wide.tokenId]);
    expect(await admitted(wide)).toEqual([false]);
  });

  it("is a session that lives, of somebody who need not set up a second factor first", async () => {
    const [id, other] = [await makePerson("Sia", [["Security Reader", accountA]]), await makePerson("Siv", [])];
    const asked = (headers: Headers) => requestScope(new Request("http://seawall.test/", { headers }));
    const [scope, roleless] = [await asked(await sessionHeaders(id)), await asked(await sessionHeaders(other))];
    expect(await admitted(scope, roleless)).toEqual([true, false]);
    await pool().query(
      `INSERT INTO "SignInMethod" (id, "userId", "accountId", "providerId", "updatedAt") VALUES ($1, $2, $2, 'credential', now())`,
      [uuidv7(), id],
    );
    await pool().query(`UPDATE "SignInPolicy" SET "requireSecondFactor" = true WHERE id = 1`);
    expect(await admitted(scope)).toEqual([false]);
    await pool().query(`UPDATE "SignInPolicy" SET "requireSecondFactor" = false WHERE id = 1`);
    expect(await admitted(scope)).toEqual([true]);
    await pool().query(`DELETE FROM "Session" WHERE id = $1`, [scope.sessionId]);
    expect(await admitted(scope)).toEqual([false]);
  });
});

describe("making and revoking tokens", () => {
  it("gives nobody more than he holds, and no token to a token", async () => {
    const reader = await person("Rafi", "Security Reader", accountA);
    await expect(createApiToken(reader, wish({ scopes: ["write"] }))).rejects.toThrow(ForbiddenError);
    await expect(createApiToken(reader, wish({ accountIds: [accountB] }))).rejects.toThrow("do not see");
    const scope = await requestScope(asking(await createApiToken(reader, wish())));
    await expect(createApiToken(scope, wish())).rejects.toThrow("Sign in");
  });

  it("shows and revokes other people's tokens to an Owner of everything only", async () => {
    const owner = await person("Oda", "Owner");
    const partly = await person("Pia", "Owner", accountA);
    await createApiToken(partly, wish({ name: "of Pia" }));
    const other = await person("Rolf", "Security Reader");
    const id = (await listTokens(owner)).find((each) => each.name === "of Pia")?.id ?? "";
    expect(await listTokens(other)).toEqual([]);
    expect(await revokeApiToken(other, id)).toBe(false);
    expect(await revokeApiToken(owner, id)).toBe(true);
    const { rows } = await pool().query(`SELECT action, actor FROM "AuditEntry" WHERE target = 'of Pia' ORDER BY id`);
    expect(rows).toEqual([
      { action: "access.token-created", actor: "Pia" },
      { action: "access.token-revoked", actor: "Oda" },
    ]);
  });
});
