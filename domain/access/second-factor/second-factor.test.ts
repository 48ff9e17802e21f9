import { generateSync } from "otplib";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { inTransaction, pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { proveSecondFactor } from "../actions";
import { auth } from "../auth";
import { requestScope } from "../gate";
import { insertPerson } from "../mutations";
import { mintScope } from "../scope";
import { disableSecondFactor, renewBackupCodes } from "./actions";
import { requireSecondFactor } from "./mutations";
import { backupCodesLeft } from "./queries";

const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: () => undefined,
    set: () => undefined,
    toString: () => request.headers.get("cookie") ?? "",
  }),
}));

const EMAIL = "tove@example.com";
const PASSWORD = "a long enough password";
let userId: string;
let own: { secret: string; backupCodes: string[] };

/** The request headers of a browser that got these answers' cookies. */
function browser(answer: Headers): Headers {
  const cookie = answer
    .getSetCookie()
    .filter((line) => !/Max-Age=0/i.test(line))
    .map((line) => line.split(";")[0] ?? "")
    .join("; ");
  return new Headers({ cookie });
}
const enter = () =>
  auth().api.signInEmail({ body: { email: EMAIL, password: PASSWORD }, headers: new Headers(), returnHeaders: true });
const asking = (headers: Headers) => new Request("http://127.0.0.1:3000/api/v1/findings", { headers });
/** Proves a code as the form does; the address it leads to, or what it says. */
async function prove(headers: Headers, code: string, to?: string): Promise<string> {
  request.headers = headers;
  const form = new FormData();
  form.set("code", code);
  if (to !== undefined) form.set("to", to);
  try {
    return (await proveSecondFactor({}, form)).problem ?? "";
  } catch (thrown) {
    if (thrown instanceof Error && "digest" in thrown) return String(thrown.digest);
    throw thrown;
  }
}

useTestDatabase();
beforeAll(async () => {
  process.env.SEAWALL_SESSION_SECRET = "a secret of this test, long enough to sign";
  const context = await auth().$context;
  const hash = await context.password.hash(PASSWORD);
  userId = await inTransaction(pool(), (tx) => insertPerson(tx, { name: "Tove", email: EMAIL }, hash));
  await pool().query(`INSERT INTO "RoleGrant" (id, "userId", role) VALUES ($1, $2, 'Owner')`, [uuidv7(), userId]);
}, 300_000);

describe("a second factor", () => {
  it("is set up, asked for, taken once, and backed up by codes; an Owner can require it", async () => {
    const signedIn = browser((await enter()).headers);
    expect((await requestScope(asking(signedIn))).userId).toBe(userId);
    const owner = mintScope(userId, "Tove", [{ role: "Owner", accountId: null }]);

    // Required: the session serves for nothing but setting it up.
    await requireSecondFactor(owner, true);
    await expect(requestScope(asking(signedIn))).rejects.toThrow("second factor");
    const made = await auth().api.enableTwoFactor({ body: { password: PASSWORD }, headers: signedIn });
    if (made.method !== "totp") throw new Error("no authenticator app");
    const secret = new URL(made.totpURI).searchParams.get("secret") ?? "";
    expect(made.totpURI).toContain("issuer=Seawall");
    const { rows } = await pool().query<{ all: string }>(`SELECT to_jsonb(t)::text AS all FROM "TwoFactor" t`);
    for (const plain of [secret, ...made.backupCodes]) expect(rows[0]?.all).not.toContain(plain);
    const proved = await auth().api.verifyTOTP({
      body: { code: generateSync({ secret }) },
      headers: signedIn,
      returnHeaders: true,
    });
    // The old session ended; the new one is whole.
    await expect(requestScope(asking(signedIn))).rejects.toThrow("Sign in first");
    expect((await requestScope(asking(browser(proved.headers)))).userId).toBe(userId);

    // Sign-in takes both steps now; half of it opens nothing.
    const half = await enter();
    expect(half.response).toMatchObject({ twoFactorRedirect: true });
    await expect(requestScope(asking(browser(half.headers)))).rejects.toThrow("Sign in first");
    expect(await prove(browser(half.headers), "000000")).toContain("wrong");
    const code = generateSync({ secret });
    expect(await prove(browser(half.headers), code, "/findings?severity=critical")).toMatch(
      /^NEXT_REDIRECT;.*;\/findings\?severity=critical;/,
    );
    // Whoever watched the code cannot use it again, with a challenge of his own.
    expect(await prove(browser((await enter()).headers), code)).toContain("used already");

    const [backup = ""] = made.backupCodes;
    const typed = ` ${backup.toUpperCase().replace("-", " ")} `;
    expect(await backupCodesLeft(owner)).toBe(10);
    expect(await prove(browser((await enter()).headers), typed, "//evil.example")).toMatch(
      /^NEXT_REDIRECT;.*;\/welcome\/backup-codes;/,
    );
    expect(await backupCodesLeft(owner)).toBe(9);
    expect(await prove(browser((await enter()).headers), backup)).toContain("wrong");

    // Who watched the app's code has been refused: not signed in, as the log tells it.
    const told = await pool().query<{ action: string; way: string | null }>(
      `SELECT action, detail->>'way' AS way FROM "AuditEntry" WHERE action <> 'access.policy-changed' ORDER BY seq`,
    );
    expect(told.rows.map((row) => row.way ?? row.action)).toEqual([
      "password",
      "access.second-factor-enabled",
      "password and authenticator app",
      "access.sign-in-failed",
      "password and backup code",
    ]);
    own = { secret, backupCodes: made.backupCodes };
  }, 240_000);

  it("is changed and taken away by its owner only: the password and a code that was not used", async () => {
    const half = browser((await enter()).headers);
    const proved = await auth().api.verifyBackupCode({
      body: { code: own.backupCodes[1] ?? "" },
      headers: half,
      returnHeaders: true,
    });
    request.headers = browser(proved.headers);
    const change = (how: typeof renewBackupCodes, password: string, code: string) => {
      const form = new FormData();
      form.set("password", password);
      form.set("code", code);
      return how({}, form);
    };
    const next = () => generateSync({ secret: own.secret, epoch: Date.now() / 1000 + 30 });
    for (const how of [renewBackupCodes, disableSecondFactor]) {
      expect(await change(how, PASSWORD, "")).toHaveProperty("fields.code");
      expect(await change(how, PASSWORD, "000000")).toHaveProperty("fields.code");
      expect(await change(how, PASSWORD, own.backupCodes[1] ?? "")).toHaveProperty("fields.code");
      expect(await change(how, "a wrong password", own.backupCodes[2] ?? "")).toHaveProperty("fields.password");
    }
    const code = next();
    const renewed = await change(renewBackupCodes, PASSWORD, code);
    expect(renewed.backupCodes).toHaveLength(own.backupCodes.length);
    expect(await change(disableSecondFactor, PASSWORD, code)).toHaveProperty("fields.code");
    expect(await change(disableSecondFactor, PASSWORD, renewed.backupCodes?.[0] ?? "")).toMatchObject({
      done: "Second factor switched off",
    });
    expect((await enter()).response).not.toHaveProperty("twoFactorRedirect");
  }, 240_000);

  it("is not asked of strangers: unknown address and wrong password look alike", async () => {
    const failure = async (email: string) =>
      auth()
        .api.signInEmail({ body: { email, password: "a wrong password" }, headers: new Headers() })
        .then(
          () => "in",
          (error: Error) => error.message,
        );
    expect(await failure(EMAIL)).toBe(await failure("nobody@example.com"));
  }, 60_000);
});
