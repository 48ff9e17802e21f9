import { beforeAll, expect, it, vi } from "vitest";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { setupLink } from "@/scripts/links";
import { setUp, signIn } from "./actions";
import { createOwner, TokenError } from "./mutations";
import { grantsOf, isTokenOpen } from "./queries";
import type { FormState } from "./schema";
import { hashToken, newToken } from "./token";

// Next gives these only inside a request of its own.
vi.mock("next/headers", () => ({
  headers: async () => new Headers(),
  cookies: async () => ({ get: () => undefined, set: () => undefined }),
}));

const URL_OF_CONSOLE = "http://127.0.0.1:39998";
const PASSWORD = "a long enough password";
const ORIGIN = { address: null, userAgent: null };

/** The token of a link that `npm start` prints now. */
async function printed(): Promise<string> {
  const link = (await setupLink(URL_OF_CONSOLE)) ?? "";
  expect(link.startsWith(`${URL_OF_CONSOLE}/setup?token=`)).toBe(true);
  return new URL(link).searchParams.get("token") ?? "";
}
/** A token by hand, as another start on the same database leaves one. */
async function leftOver(purpose: "setup" | "sign-in"): Promise<string> {
  const token = newToken();
  await pool().query(
    `INSERT INTO "OneTimeToken" (id, purpose, hash, "expiresAt") VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [uuidv7(), purpose, hashToken(token)],
  );
  return token;
}
const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
/** What a form's action answers; where it leads to when it redirects. */
async function answered(action: Promise<FormState>): Promise<FormState | string> {
  try {
    return await action;
  } catch (thrown) {
    if (thrown instanceof Error && "digest" in thrown) return String(thrown.digest);
    throw thrown;
  }
}
const send = (token: string, more: Record<string, string> = {}): Promise<FormState | string> =>
  answered(setUp({}, form({ token, name: "Olga", email: "Olga@Example.com", password: PASSWORD, ...more })));
const create = (token: string, name: string): Promise<string> =>
  createOwner({ token, name, email: `${name.toLowerCase()}@example.com` }, "no hash anyone signs in with", ORIGIN);
/** People, grants and audit rows: nothing of them may remain of a refusal. */
async function written(): Promise<unknown> {
  const { rows } = await pool().query(
    `SELECT (SELECT count(*)::int FROM "User") AS people, (SELECT count(*)::int FROM "SignInMethod") AS methods,
            (SELECT count(*)::int FROM "RoleGrant" WHERE role = 'Owner') AS owners,
            (SELECT count(*)::int FROM "AuditEntry" WHERE action = 'access.owner-created') AS told`,
  );
  return rows[0];
}
const NOTHING = { people: 0, methods: 0, owners: 0, told: 0 };

useTestDatabase();
beforeAll(() => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
});

it("refuses a wrong, an older, an expired and another purpose's token, and writes nothing", async () => {
  const older = await printed();
  const expired = await printed();
  await pool().query(`UPDATE "OneTimeToken" SET "expiresAt" = now() WHERE hash = $1`, [hashToken(expired)]);
  for (const token of [newToken(), older, expired, await leftOver("sign-in")]) {
    expect(await isTokenOpen("setup", token)).toBe(false);
    expect(await send(token)).toEqual({ problem: expect.stringMatching(/used already or has expired/) });
  }
  expect(await send("' OR true --")).toMatchObject({ fields: { token: expect.any(String) } });
  expect(await written()).toEqual(NOTHING);
});

it("refuses a password under 12 characters without spending the link, whose text is stored nowhere", async () => {
  const token = await printed();
  expect(await send(token, { password: "eleven char" })).toMatchObject({
    fields: { password: "Use at least 12 characters." },
  });
  expect(await isTokenOpen("setup", token)).toBe(true);
  const { rows } = await pool().query(`SELECT 1 FROM "OneTimeToken" t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%'`, [
    token,
  ]);
  expect(rows).toEqual([]);
  expect(await written()).toEqual(NOTHING);
});

it("lets one of many simultaneous uses through, of one link and of two", async () => {
  const [link, other] = [await printed(), await leftOver("setup")];
  const uses = [link, other, link, other].map((token, at) => create(token, `Racer${at}`));
  const answers = await Promise.allSettled(uses);
  expect(answers.filter((each) => each.status === "fulfilled")).toHaveLength(1);
  for (const each of answers) if (each.status === "rejected") expect(each.reason).toBeInstanceOf(TokenError);
  expect(await written()).toEqual({ people: 1, methods: 1, owners: 1, told: 1 });
  await pool().query(`DELETE FROM "User"`); // for the tests that follow; the audit row stays, as it must
});

it("makes one Owner, who can sign in afterwards; the link is then spent, and no other is made or works", async () => {
  const token = await printed();
  expect(await send(token)).toMatch(/^NEXT_REDIRECT;\w+;\/;/);
  const { rows } = await pool().query<{ id: string; name: string; email: string }>(
    `SELECT id, name, email FROM "User"`,
  );
  expect(rows).toEqual([{ id: expect.any(String), name: "Olga", email: "olga@example.com" }]);
  expect(await grantsOf(rows[0]?.id ?? "")).toEqual([{ role: "Owner", accountId: null }]);

  const enter = (password: string, to = "/") =>
    answered(signIn({}, form({ email: " OLGA@example.com", password, to })));
  expect(await enter(PASSWORD)).toMatch(/^NEXT_REDIRECT;\w+;\/;/);
  expect(await enter(PASSWORD, "/findings?severity=critical")).toMatch(
    /^NEXT_REDIRECT;\w+;\/findings\?severity=critical;/,
  );
  for (const elsewhere of ["//evil.example", "https://evil.example", "/api/auth/oidc/begin"])
    expect(await enter(PASSWORD, elsewhere)).toMatch(/^NEXT_REDIRECT;\w+;\/;/);
  expect(await enter("another long password")).toEqual({ problem: "E-mail address or password is wrong." });

  expect(await send(token, { email: "second@example.com" })).toEqual({
    problem: expect.stringMatching(/used already/),
  });
  expect(await setupLink(URL_OF_CONSOLE)).toBeNull();
  const late = await leftOver("setup");
  expect(await send(late, { email: "third@example.com" })).toEqual({
    problem: "This installation already has an Owner. Sign in instead.",
  });
  expect(await written()).toEqual({ people: 1, methods: 1, owners: 1, told: 2 });
});
