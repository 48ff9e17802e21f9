import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { acceptInvite, setUp, signIn, spendSignInLink } from "../actions";
import { ADDRESS_HEADER } from "../origin";
import type { FormState } from "../schema";
import { noteSignIn } from "../sign-in/mutations";
import { hashToken, newToken } from "../token";
import { allowAttempt } from "./store";

const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: () => undefined,
    set: () => undefined,
    toString: () => request.headers.get("cookie") ?? "",
  }),
}));

const TOO_MANY = "Too many attempts. Wait a quarter of an hour and try again.";
useTestDatabase();
beforeAll(() => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
});
beforeEach(() => pool().query(`DELETE FROM "RateLimit"`));

const from = (address: string) => {
  request.headers = new Headers({ [ADDRESS_HEADER]: address });
};
const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
type Answered = FormState | string;
async function answered(action: Promise<FormState>): Promise<Answered> {
  try {
    return await action;
  } catch (thrown) {
    if (thrown instanceof Error && "digest" in thrown) return String(thrown.digest);
    throw thrown;
  }
}
/** Uses up what one client may try: as many attempts, counted as they are, without the work of each. */
async function exhaust(what: string, address: string, most: number): Promise<void> {
  for (let n = 0; n < most; n++) await allowAttempt(`${what} from:${address}`, most, 60_000);
}

it("counts password sign-ins for the account that is tried, from wherever they come", async () => {
  const enter = (email: string) => answered(signIn({}, form({ email, password: "a wrong password" })));
  for (let n = 0; n < 10; n++) {
    from(`192.0.2.${n}`);
    expect(await enter("Olga@example.com ")).toEqual({ problem: "E-mail address or password is wrong." });
  }
  from("192.0.2.99");
  expect(await enter("olga@example.com")).toEqual({ problem: TOO_MANY });
  expect(await enter("rita@example.com")).toEqual({ problem: "E-mail address or password is wrong." });
  await exhaust("sign-in", "192.0.2.98", 100);
  from("192.0.2.98");
  expect(await enter("somebody@example.com")).toEqual({ problem: TOO_MANY });
}, 60_000);

it("strangers who use up an account's attempts do not keep out its person, where they signed in before", async () => {
  const [id, email] = [uuidv7(), "selma@example.com"];
  await pool().query(`INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, 'Selma', $2, now())`, [id, email]);
  await noteSignIn({ id, name: "Selma", email }, "password", { address: "203.0.113.5", userAgent: null });
  const enter = (who = email) => answered(signIn({}, form({ email: who, password: "a wrong password" })));
  for (let n = 0; n < 10; n++) {
    from(`192.0.2.${n}`);
    await enter();
  }
  from("192.0.2.99");
  expect(await enter()).toEqual({ problem: TOO_MANY });
  from("203.0.113.5");
  for (let n = 0; n < 10; n++) expect(await enter()).toEqual({ problem: "E-mail address or password is wrong." });
  expect(await enter()).toEqual({ problem: TOO_MANY });
}, 60_000);

it("who tries one-time links without end keeps nobody else from using theirs", async () => {
  const person = { name: "Olga", email: "olga@example.com", password: "a long enough password" };
  const ways: [string, number, (token: string) => Promise<Answered>][] = [
    ["setup", 30, (token) => answered(setUp({}, form({ token, ...person })))],
    ["invitation", 60, (token) => answered(acceptInvite({}, form({ token, ...person })))],
    ["sign-in-link", 60, (token) => answered(spendSignInLink({}, form({ token })))],
  ];
  for (const [what, most, spend] of ways) {
    from("198.51.100.7");
    await exhaust(what, "198.51.100.7", most - 1);
    expect(await spend(newToken())).toEqual({ problem: expect.stringMatching(/used/) });
    expect(await spend(newToken())).toEqual({ problem: TOO_MANY });
    from("192.0.2.1");
    expect(await spend(newToken())).toEqual({ problem: expect.stringMatching(/used/) });
  }
  const userId = uuidv7();
  await pool().query(
    `INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, 'Olga', 'olga@example.com', now())`,
    [userId],
  );
  const token = newToken();
  await pool().query(
    `INSERT INTO "OneTimeToken" (id, purpose, hash, "userId", "expiresAt") VALUES ($1, 'sign-in', $2, $3, now() + interval '1 hour')`,
    [uuidv7(), hashToken(token), userId],
  );
  expect(await answered(spendSignInLink({}, form({ token })))).toMatch(/^NEXT_REDIRECT;\w+;\/;/);
}, 60_000);
