import { generateSync } from "otplib";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { auth } from "../auth";
import { insertPerson } from "../mutations";
import { makePerson, sessionHeaders } from "../testing/personas";
import { giveWayBack, setNewPassword } from "./actions";
import { openRecovery, tokensBehind } from "./queries";

const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: () => undefined,
    set: () => undefined,
    toString: () => request.headers.get("cookie") ?? "",
  }),
}));

const OLD = "an old long password";
const NEW = "a new long password";
let owner: string;
let lost: { id: string; email: string };

const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
/** As the Owner whose session this is; the link's token, or what was said instead. */
async function made(person: string, more: Record<string, string> = {}): Promise<string> {
  request.headers = await sessionHeaders(owner);
  const state = await giveWayBack({}, form({ person, ...more }));
  return state.link === undefined ? (state.problem ?? "") : (new URL(state.link).searchParams.get("recovery") ?? "");
}
async function set(token: string, password = NEW, more: Record<string, string> = {}): Promise<string> {
  request.headers = new Headers();
  try {
    const state = await setNewPassword({}, form({ token, password, ...more }));
    return state.fields?.password ?? state.problem ?? "";
  } catch (thrown) {
    if (thrown instanceof Error && "digest" in thrown) return String(thrown.digest);
    throw thrown;
  }
}
const DONE = /^NEXT_REDIRECT;\w+;\/sign-in\?recovered=yes;/;
/** What signing in with a password answers: a session, the second step, or nothing. */
async function enter(password: string): Promise<"in" | "second factor" | "refused"> {
  try {
    const entered = await auth().api.signInEmail({ body: { email: lost.email, password }, headers: new Headers() });
    return "twoFactorRedirect" in entered ? "second factor" : "in";
  } catch {
    return "refused"; // the library tells a wrong password by throwing
  }
}
async function enrol(): Promise<void> {
  const headers = await sessionHeaders(lost.id);
  const begun = await auth().api.enableTwoFactor({ body: { password: OLD }, headers });
  if (begun.method !== "totp") throw new Error("no authenticator app");
  const secret = new URL(begun.totpURI).searchParams.get("secret") ?? "";
  await auth().api.verifyTOTP({ body: { code: generateSync({ secret }) }, headers });
}
const told = async (action: string) =>
  (
    await pool().query<{ actor: string; target: string; detail: Record<string, unknown> }>(
      `SELECT actor, target, detail FROM "AuditEntry" WHERE action = $1 AND target = $2 ORDER BY seq`,
      [action, lost.email],
    )
  ).rows;

useTestDatabase();
beforeAll(async () => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
  owner = await makePerson("Olga", [["Owner", null]]);
});
beforeEach(async () => {
  const email = `lost-${uuidv7()}@example.com`;
  const context = await auth().$context;
  const hash = await context.password.hash(OLD);
  lost = { id: await inTransaction(pool(), (tx) => insertPerson(tx, { name: "Lotte", email }, hash)), email };
});

it("lets somebody set a new password once, and ends all sessions; both ends are in the audit log", async () => {
  await sessionHeaders(lost.id);
  const token = await made(lost.id);
  expect(await enter(OLD), "making the link changes nothing").toBe("in");
  expect(await openRecovery(token)).toEqual({ email: lost.email, factor: "keep" });
  expect(await set(token, "eleven char")).toBe("Use at least 12 characters.");
  expect(await set(token)).toMatch(DONE);
  const { rows } = await pool().query(`SELECT 1 FROM "Session" WHERE "userId" = $1`, [lost.id]);
  expect(rows).toEqual([]);
  expect([await enter(OLD), await enter(NEW)]).toEqual(["refused", "in"]);
  expect(await openRecovery(token)).toBeNull();
  expect(await set(token)).toMatch(/used already or has expired/);
  expect(await told("access.recovery-made")).toMatchObject([{ actor: "Olga", detail: { secondFactor: "keep" } }]);
  expect(await told("access.recovered")).toMatchObject([
    { actor: "Lotte", detail: { secondFactorTakenOff: false, sessionsEnded: 2 } },
  ]);
}, 120_000);

it("keeps the second factor, unless the Owner says that it is taken off", async () => {
  await enrol();
  expect(await set(await made(lost.id))).toMatch(DONE);
  expect(await enter(NEW)).toBe("second factor");
  expect(await set(await made(lost.id, { secondFactor: "off" }))).toMatch(DONE);
  expect(await enter(NEW)).toBe("in");
  expect((await told("access.recovered")).map(({ detail }) => detail.secondFactorTakenOff)).toEqual([false, true]);
}, 120_000);

it("shows the API tokens that still work, and revokes them only for who says so; the audit log tells how many", async () => {
  const issue = (name: string, userId: string, ends = "1 day") =>
    pool().query(
      `INSERT INTO "ApiToken" (id, "userId", name, hash, hint, scopes, everything, "accountIds", "expiresAt")
       VALUES ($1::uuid, $2, $3, ($1::uuid)::text, 'abcd', '{read}', true, '{}', now() + $4::interval)`,
      [uuidv7(), userId, name, ends],
    );
  for (const name of ["ci", "backup"]) await issue(name, lost.id);
  await issue("ended", lost.id, "-1 day");
  await issue("another person's", owner);
  const live = async () =>
    (
      await pool().query<{ name: string }>(`SELECT name FROM "ApiToken" WHERE "revokedAt" IS NULL ORDER BY id`)
    ).rows.map(({ name }) => name);
  const kept = await made(lost.id);
  expect(await tokensBehind(kept)).toEqual(["backup", "ci"]);
  expect(await set(kept)).toMatch(DONE);
  expect(await tokensBehind(kept)).toEqual([]);
  expect(await live()).toEqual(["ci", "backup", "ended", "another person's"]);
  expect(await set(await made(lost.id), NEW, { apiTokens: "revoke" })).toMatch(DONE);
  expect(await live()).toEqual(["ended", "another person's"]);
  expect((await told("access.recovered")).map(({ detail }) => [detail.apiTokensRevoked, detail.apiTokensLeft])).toEqual(
    [
      ...[
        [0, 2],
        [2, 0],
      ],
    ],
  );
  const { rows } = await pool().query(
    `SELECT actor, target FROM "AuditEntry" WHERE action = 'access.token-revoked' AND detail->>'maker' = $1 ORDER BY target`,
    [lost.email],
  );
  expect(rows).toEqual([
    { actor: "Lotte", target: "backup" },
    { actor: "Lotte", target: "ci" },
  ]);
}, 120_000);

it("is stored as a hash, works for a day, and the newest only; its link leaves the outbox with its use", async () => {
  const links = async () =>
    (
      await pool().query<{ link: string | null }>(
        `SELECT payload->>'link' AS link FROM "OutboxEvent" WHERE kind = 'person.recovery' AND payload->>'email' = $1 ORDER BY at, id`,
        [lost.email],
      )
    ).rows.map(({ link }) => link);
  const older = await made(lost.id);
  const token = await made(lost.id);
  const { rows } = await pool().query(
    `SELECT 1 FROM "OneTimeToken" t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%' OR "expiresAt" > now() + interval '24 hours'`,
    [token],
  );
  expect(rows).toEqual([]);
  expect(await set(older)).toMatch(/used already or has expired/);
  expect(await links()).toEqual([null, `/welcome?recovery=${token}`]);
  expect(await set(token)).toMatch(DONE);
  expect(await links()).toEqual([null, null]);
  const late = await made(lost.id);
  await pool().query(`UPDATE "OneTimeToken" SET "expiresAt" = now() WHERE "userId" = $1`, [lost.id]);
  expect(await set(late)).toMatch(/used already or has expired/);
  expect(JSON.stringify(await told("access.recovery-made"))).not.toContain(token);
}, 120_000);

it("is refused for oneself, for nobody, and for who signs in without a password; other links are none", async () => {
  expect(await made(owner)).toMatch(/change your own password/);
  expect(await made("nobody")).toMatch(/gone/);
  const single = await makePerson("Sina", [["Security Reader", null]]);
  await pool().query(
    `INSERT INTO "SignInMethod" (id, "userId", "accountId", "providerId", "updatedAt") VALUES ($1, $2, 's', 'https://issuer.example', now())`,
    [uuidv7(), single],
  );
  expect(await made(single)).toMatch(/does not sign in with a password/);
  const { rows } = await pool().query(
    `SELECT 1 FROM "OneTimeToken" WHERE purpose LIKE 'recovery%' AND "userId" = ANY($1)`,
    [[owner, single]],
  );
  expect(rows).toEqual([]);
  const token = await made(lost.id);
  await pool().query(`UPDATE "OneTimeToken" SET purpose = 'sign-in' WHERE "userId" = $1`, [lost.id]);
  expect(await set(token)).toMatch(/used already or has expired/);
}, 120_000);
