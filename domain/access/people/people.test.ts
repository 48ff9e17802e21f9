import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { createApiToken } from "../api-token/mutations";
import { verifyAudit } from "../audit-log/store";
import { acceptInvitation, invite, withdrawInvitation } from "../invitation/mutations";
import { TokenError } from "../mutations";
import { grantsOf, visibleAccounts } from "../queries";
import { type AccountScope, ForbiddenError, hasRole, mintScope, type Role } from "../scope";
import { revokeOtherSessions, revokeSession, setPassword } from "../sessions/mutations";
import { listSessions } from "../sessions/queries";
import { grantRole, PeopleError, removePerson, withdrawRole } from "./mutations";
import { grantableAccounts, listInvitations, listPeople, openInvitation } from "./queries";

const NOWHERE = { address: null, userAgent: null };
const A = uuidv7();
const B = uuidv7();
let owner: AccountScope;

async function sessionOf(userId: string): Promise<string> {
  const id = uuidv7();
  await pool().query(
    `INSERT INTO "Session" (id, "userId", token, "expiresAt", "updatedAt") VALUES ($1, $2, $1, now() + interval '1 hour', now())`,
    [id, userId],
  );
  return id;
}
async function person(name: string, grants: [Role, string | null][]): Promise<AccountScope> {
  const id = uuidv7();
  await pool().query(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, $2, $3, now())`, [
    id,
    name,
    `${name.toLowerCase()}@example.com`,
  ]);
  for (const [role, accountId] of grants)
    await pool().query(`INSERT INTO "RoleGrant" (id, "userId", role, "accountId") VALUES ($1, $2, $3, $4)`, [
      uuidv7(),
      id,
      role,
      accountId,
    ]);
  return mintScope(id, name, await grantsOf(id), { sessionId: await sessionOf(id) });
}
const idOf = (scope: AccountScope): string => scope.userId ?? "";
const tokenOf = (path: string): string => new URL(path, "http://x").searchParams.get("invitation") ?? "";

useTestDatabase();
beforeAll(async () => {
  for (const [id, name] of [
    [A, "prod"],
    [B, "stage"],
  ])
    await pool().query(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', $2, $2, '{}', now())`,
      [id, name],
    );
  owner = await person("Olga", [["Owner", null]]);
});
afterAll(async () => {
  expect(await verifyAudit(pool())).toMatchObject({ whole: true });
});

describe("roles", () => {
  it("are granted, changed and withdrawn, each with before and after, and end the person's sessions", async () => {
    const rita = await person("Rita", []);
    expect(await grantRole(owner, idOf(rita), "Security Reader", [A, B])).toBe(2);
    expect(await grantRole(owner, idOf(rita), "Security Reader", [A, B])).toBe(0);
    expect(await listSessions(rita)).toEqual([]);
    expect(await grantRole(owner, idOf(rita), "Security Admin", [A])).toBe(1);
    expect(await withdrawRole(owner, idOf(rita), B)).toBe(true);
    expect(await withdrawRole(owner, idOf(rita), B)).toBe(false);
    expect(await grantsOf(idOf(rita))).toEqual([{ role: "Security Admin", accountId: A }]);
    const { rows } = await pool().query(
      `SELECT action, "accountId", before, after FROM "AuditEntry" WHERE target = 'rita@example.com' ORDER BY seq`,
    );
    const [none, reader, admin] = [{ role: null }, { role: "Security Reader" }, { role: "Security Admin" }];
    expect(rows).toEqual([
      { action: "access.role-granted", accountId: A, before: none, after: reader },
      { action: "access.role-granted", accountId: B, before: none, after: reader },
      { action: "access.role-changed", accountId: A, before: reader, after: admin },
      { action: "access.role-withdrawn", accountId: B, before: reader, after: none },
    ]);
  });

  it("leave the sessions of a person alone whose rights stay what they were", async () => {
    const partly = await person("Petula", [["Owner", A]]);
    const boss = await person("Berta", [["Owner", null]]);
    expect(await grantRole(partly, idOf(boss), "Security Reader", [A])).toBe(1);
    expect(await grantRole(partly, idOf(boss), "Owner", [A])).toBe(1);
    expect(await withdrawRole(partly, idOf(boss), A)).toBe(true);
    expect((await listSessions(boss)).filter(({ userId }) => userId === boss.userId)).toHaveLength(1);
    expect(await withdrawRole(owner, idOf(boss), null)).toBe(true);
    const admin = await person("Alma", [["Security Admin", null]]);
    expect(await grantRole(partly, idOf(admin), "Owner", [A])).toBe(1);
    expect(await listSessions(admin)).toEqual([]);
  });

  it("are given only where the giver is Owner, by people, and never by Admins or tokens", async () => {
    const partly = await person("Pia", [["Owner", A]]);
    const admin = await person("Adam", [["Security Admin", null]]);
    const rolf = idOf(await person("Rolf", []));
    expect(await grantRole(partly, rolf, "Owner", [A])).toBe(1);
    for (const [scope, places] of [
      [partly, [B]],
      [partly, [A, B]],
      [partly, null],
      [admin, [A]],
      [mintScope(owner.userId, "t", owner.grants, { tokenId: uuidv7() }), null],
    ] as const) {
      await expect(grantRole(scope, rolf, "Security Reader", places)).rejects.toThrow(ForbiddenError);
      await expect(withdrawRole(scope, rolf, places?.at(-1) ?? null)).rejects.toThrow(ForbiddenError);
    }
    await expect(removePerson(partly, rolf)).rejects.toThrow(ForbiddenError);
    expect(await grantsOf(rolf)).toEqual([{ role: "Owner", accountId: A }]);
  });

  it("show an Owner of one account nothing of the others", async () => {
    const partly = await person("Petra", [["Owner", A]]);
    await person("Ruben", [
      ["Security Reader", A],
      ["Owner", B],
    ]);
    await person("Rut", [["Security Reader", B]]);
    const seen = await listPeople(partly);
    expect(seen.find((each) => each.name === "Ruben")?.grants.map((each) => each.account)).toEqual(["prod"]);
    expect(seen.map((each) => each.name)).not.toContain("Rut");
    expect((await listPeople(owner)).find((each) => each.name === "Ruben")?.grants).toHaveLength(2);
    await expect(listPeople(await person("Rasmus", [["Security Admin", null]]))).rejects.toThrow(ForbiddenError);
  });

  it("never leave the installation without an Owner, not even when two go at once", async () => {
    const second = await person("Ove", [["Owner", null]]);
    const answers = await Promise.allSettled([
      grantRole(owner, idOf(second), "Security Reader", null),
      grantRole(second, idOf(owner), "Security Reader", null),
    ]);
    expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1);
    const left = answers[0]?.status === "fulfilled" ? owner : second;
    await expect(withdrawRole(left, idOf(left), null)).rejects.toThrow("last Owner");
    await expect(removePerson(left, idOf(left))).rejects.toThrow(PeopleError);
    // The other one again, for the tests that follow.
    if (left !== owner) expect(await grantRole(second, idOf(owner), "Owner", null)).toBe(1);
    if (left !== owner) expect(await grantRole(owner, idOf(second), "Security Reader", null)).toBe(1);
    owner = mintScope(owner.userId, owner.actor, owner.grants, { sessionId: await sessionOf(idOf(owner)) });
  });

  it("keep the session that acts on its own person", async () => {
    const self = await person("Selma", [
      ["Security Reader", null],
      ["Owner", A],
    ]);
    await sessionOf(idOf(self));
    expect(await withdrawRole(self, idOf(self), A)).toBe(true);
    const { rows } = await pool().query(`SELECT id FROM "Session" WHERE "userId" = $1`, [self.userId]);
    expect(rows).toEqual([{ id: self.sessionId }]);
    await removePerson(owner, idOf(self));
  });

  it("all go when a person is removed, with sessions and tokens", async () => {
    const rosa = await person("Rosa", [["Security Reader", A]]);
    await createApiToken(rosa, { name: "ci", scopes: ["read"], accountIds: null, days: 7 });
    await removePerson(owner, idOf(rosa));
    await removePerson(owner, idOf(rosa));
    const { rows } = await pool().query(
      `SELECT (SELECT count(*)::int FROM "Session" WHERE "userId" = $1) + (SELECT count(*)::int FROM "RoleGrant" WHERE "userId" = $1)
            + (SELECT count(*)::int FROM "ApiToken" WHERE "userId" = $1 AND "revokedAt" IS NULL) AS left,
              (SELECT count(*)::int FROM "AuditEntry" WHERE action = 'access.person-removed' AND target = 'rosa@example.com') AS told`,
      [rosa.userId],
    );
    expect(rows).toEqual([{ left: 0, told: 1 }]);
    // She stays in the list, and can be given roles again from there.
    expect((await listPeople(owner)).find((each) => each.id === rosa.userId)?.grants).toEqual([]);
    expect(await grantRole(owner, idOf(rosa), "Security Admin", [A])).toBe(1);
    expect(await grantsOf(idOf(rosa))).toEqual([{ role: "Security Admin", accountId: A }]);
  });
});

describe("accounts to give roles on", () => {
  it("stand in the order in which people read names", async () => {
    for (const name of ["Zoo", "ärzte", "apotheke"])
      await pool().query(
        `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', $2, $2, '{}', now())`,
        [uuidv7(), name],
      );
    const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);
    expect(names(await grantableAccounts(owner))).toEqual(["apotheke", "ärzte", "prod", "stage", "Zoo"]);
    expect(names(await visibleAccounts(owner))).toEqual(["apotheke", "ärzte", "prod", "stage", "Zoo"]);
  });
});

describe("invitations", () => {
  it("make a person with the offered roles, once; the link leaves the outbox", async () => {
    const path = await invite(owner, { email: "new@example.com", role: "Security Admin", accountIds: [A] });
    const outbox = () =>
      pool().query(
        `SELECT payload->>'link' AS link, payload->>'role' AS role FROM "OutboxEvent" WHERE payload->>'email' = 'new@example.com'`,
      );
    expect((await outbox()).rows).toEqual([{ link: path, role: "Security Admin" }]);
    expect(await openInvitation(tokenOf(path))).toMatchObject({ email: "new@example.com", inviter: "Olga" });
    expect((await listInvitations(owner))[0]).toMatchObject({
      email: "new@example.com",
      accounts: ["prod"],
      expired: false,
    });
    const twice = await Promise.allSettled([1, 2].map(() => acceptInvitation(tokenOf(path), "Nora", "hash", NOWHERE)));
    expect(twice.map((each) => each.status).sort()).toEqual(["fulfilled", "rejected"]);
    const nora = (await listPeople(owner)).find((each) => each.name === "Nora");
    expect(nora).toMatchObject({
      password: true,
      grants: [{ role: "Security Admin", account: "prod", source: "given" }],
    });
    expect((await outbox()).rows).toEqual([{ link: null, role: "Security Admin" }]);
    await expect(invite(owner, { email: "new@example.com", role: "Owner", accountIds: null })).rejects.toThrow(
      "here already",
    );
  });

  it("offer no more than the inviter holds, then and when they are accepted", async () => {
    const partly = await person("Paul", [["Owner", A]]);
    await expect(invite(partly, { email: "x@example.com", role: "Security Reader", accountIds: null })).rejects.toThrow(
      ForbiddenError,
    );
    await expect(
      invite(partly, { email: "x@example.com", role: "Security Reader", accountIds: [A, B] }),
    ).rejects.toThrow(ForbiddenError);
    const path = await invite(partly, { email: "late@example.com", role: "Owner", accountIds: [A] });
    await grantRole(owner, idOf(partly), "Security Reader", [A]);
    await expect(acceptInvitation(tokenOf(path), "Lars", "hash", NOWHERE)).rejects.toThrow("no longer give");
    expect(await openInvitation(tokenOf(path))).not.toBeNull(); // the refusal rolled back: nothing was spent
  });

  it("end when withdrawn or after seven days", async () => {
    const withdrawn = await invite(owner, { email: "w@example.com", role: "Security Reader", accountIds: null });
    const id = (await listInvitations(owner)).find((each) => each.email === "w@example.com")?.id ?? "";
    expect(await withdrawInvitation(owner, id)).toBe(true);
    expect(await withdrawInvitation(owner, id)).toBe(false);
    const late = await invite(owner, { email: "l@example.com", role: "Security Reader", accountIds: null });
    await pool().query(`UPDATE "Invitation" SET "expiresAt" = now() WHERE email = 'l@example.com'`);
    for (const path of [withdrawn, late]) {
      expect(await openInvitation(tokenOf(path))).toBeNull();
      await expect(acceptInvitation(tokenOf(path), "X", "hash", NOWHERE)).rejects.toThrow(TokenError);
    }
    const { rows } = await pool().query(
      `SELECT 1 FROM "OutboxEvent" WHERE payload ? 'link' AND payload->>'email' = 'w@example.com'`,
    );
    expect(rows).toEqual([]);
  });
});

describe("sessions", () => {
  it("are one's own to see and end; all people's for an Owner of everything", async () => {
    const rune = await person("Rune", [["Security Reader", null]]);
    const other = await sessionOf(idOf(rune));
    expect((await listSessions(rune)).map((each) => [each.id, each.current])).toEqual([
      [rune.sessionId, true],
      [other, false],
    ]);
    expect(await revokeSession(rune, owner.sessionId ?? "")).toBe(false);
    expect(await revokeSession(rune, other)).toBe(true);
    await sessionOf(idOf(rune));
    expect(await revokeOtherSessions(rune)).toBe(1);
    expect(await revokeOtherSessions(rune)).toBe(0);
    expect(await revokeSession(owner, rune.sessionId ?? "")).toBe(true);
    expect(hasRole(owner, "Owner")).toBe(true);
    expect((await listSessions(owner)).every((each) => each.userId !== rune.userId)).toBe(true);
  });

  it("end with a change of the password, but not the one that changed it", async () => {
    const path = await invite(owner, { email: "pw@example.com", role: "Security Reader", accountIds: null });
    await acceptInvitation(tokenOf(path), "Pim", "old hash", NOWHERE);
    const { rows: user } = await pool().query<{ id: string }>(`SELECT id FROM "User" WHERE email = 'pw@example.com'`);
    const id = user[0]?.id ?? "";
    const [mine] = [await sessionOf(id), await sessionOf(id)];
    await setPassword(mintScope(id, "Pim", await grantsOf(id), { sessionId: mine }), "new hash");
    const { rows } = await pool().query(
      `SELECT m.password, array_agg(s.id) AS sessions FROM "SignInMethod" m JOIN "Session" s ON s."userId" = m."userId" WHERE m."userId" = $1 GROUP BY 1`,
      [id],
    );
    expect(rows).toEqual([{ password: "new hash", sessions: [mine] }]);
    const { rows: told } = await pool().query(
      `SELECT to_jsonb(a)::text AS all FROM "AuditEntry" a WHERE action = 'access.password-changed'`,
    );
    expect(JSON.stringify(told)).not.toContain("new hash");
  });
});
