"use server";

import { APIError } from "better-auth/api";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { answer, corrections, formOf } from "./answer";
import { auth } from "./auth";
import { destinationOf, withDestination } from "./destination";
import { acceptInvitation } from "./invitation/mutations";
import { createOwner } from "./mutations";
import { originOf } from "./origin";
import { acceptSchema, type FormState, ownerSchema, tokenSchema } from "./schema";
import { CODE_WORDS, codeSchema, isBackupCode, WRONG_CODE } from "./second-factor/code";
import { spendAppCode } from "./second-factor/mutations";
import { noteFailedSignIn, noteSignIn, takeBackSession } from "./sign-in/mutations";
import { maySignIn } from "./sign-in/store";
import { mayTry, TOO_MANY } from "./throttle/link";
import { allowAttempt } from "./throttle/store";

const WRONG = "E-mail address or password is wrong.";
const QUARTER_HOUR = 15 * 60 * 1000;

export type SignInState = FormState & { step?: "code" };

/** Signs in with e-mail and password. Unknown user and wrong password get the same answer. */
export async function signIn(_previous: SignInState, given: FormData): Promise<SignInState> {
  const form = formOf(given);
  const parsed = z
    .object({
      email: z
        .string()
        .max(254)
        .transform((value) => value.trim().toLowerCase()),
      password: z.string().max(128),
    })
    .safeParse(Object.fromEntries(form));
  if (!parsed.success) return { problem: WRONG };
  // Per client address, for who tries many accounts; then per account.
  const { address } = originOf(await headers());
  if (address !== null && !(await allowAttempt(`sign-in from:${address}`, 100, QUARTER_HOUR)))
    return { problem: TOO_MANY };
  if (!(await maySignIn(parsed.data.email, address))) return { problem: TOO_MANY };
  try {
    const result = await auth().api.signInEmail({ body: parsed.data, headers: await headers() });
    if ("twoFactorRedirect" in result) return { step: "code" };
  } catch (error) {
    if (error instanceof APIError) return { problem: WRONG };
    throw error;
  }
  redirect(destinationOf(form.get("to")));
}

/** The second step: a code of the authenticator app, or a backup code. A code works once. */
export async function proveSecondFactor(_previous: SignInState, given: FormData): Promise<SignInState> {
  const form = formOf(given);
  const code = codeSchema.safeParse(form.get("code"));
  if (!code.success) return { step: "code", problem: CODE_WORDS };
  try {
    const request = { body: { code: code.data }, headers: await headers() };
    if (isBackupCode(code.data)) await auth().api.verifyBackupCode(request);
    else {
      const { token, user } = await auth().api.verifyTOTP(request);
      const origin = originOf(request.headers);
      if (!(await spendAppCode(user.id, code.data))) {
        await takeBackSession(token);
        await noteFailedSignIn(user.email, origin);
        return { step: "code", problem: WRONG_CODE };
      }
      await noteSignIn(user, "password and authenticator app", origin);
    }
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    if (error.body?.code === "INVALID_CODE" || error.body?.code === "INVALID_BACKUP_CODE")
      return { step: "code", problem: WRONG_CODE };
    if (error.body?.code === "ACCOUNT_TEMPORARILY_LOCKED") return { problem: TOO_MANY };
    return { problem: "This took too long, or too many codes were wrong. Sign in again." };
  }
  const to = destinationOf(form.get("to"));
  redirect(isBackupCode(code.data) ? withDestination("/welcome/backup-codes", to) : to);
}

/** Makes a person by `make` with a hashed password, and signs in. */
async function begin(password: string, make: (passwordHash: string) => Promise<{ email: string }>): Promise<FormState> {
  const context = await auth().$context;
  const hash = await context.password.hash(password);
  let email = "";
  const state = await answer(async () => {
    ({ email } = await make(hash));
    return {};
  });
  if ("problem" in state) return state;
  await auth().api.signInEmail({ body: { email, password }, headers: await headers() });
  redirect("/");
}

/** First run: spends the setup token, creates the Owner and signs in. */
export async function setUp(_previous: FormState, given: FormData): Promise<FormState> {
  const form = formOf(given);
  const parsed = ownerSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return corrections(parsed.error);
  const origin = originOf(await headers());
  if (!(await mayTry("setup", origin, 30))) return { problem: TOO_MANY };
  return begin(parsed.data.password, async (hash) => {
    await createOwner(parsed.data, hash, origin);
    return { email: parsed.data.email };
  });
}

/** Accepts an invitation: makes the person and signs in. */
export async function acceptInvite(_previous: FormState, given: FormData): Promise<FormState> {
  const form = formOf(given);
  const parsed = acceptSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return corrections(parsed.error);
  const origin = originOf(await headers());
  if (!(await mayTry("invitation", origin, 60))) return { problem: TOO_MANY };
  const { token, name, password } = parsed.data;
  return begin(password, (hash) => acceptInvitation(token, name, hash, origin));
}

/** Spends a one-time sign-in link. Only this POST spends it; opening the page does not. */
export async function spendSignInLink(_previous: FormState, given: FormData): Promise<FormState> {
  const form = formOf(given);
  const token = tokenSchema.safeParse(form.get("token"));
  if (!token.success) return { problem: "This link is incomplete. Copy it again, whole." };
  if (!(await mayTry("sign-in-link", originOf(await headers()), 60))) return { problem: TOO_MANY };
  try {
    await auth().api.signInByLink({ body: { token: token.data }, headers: await headers() });
  } catch (error) {
    if (error instanceof APIError) return { problem: error.message };
    throw error;
  }
  redirect("/");
}

/** Ends the session. */
export async function signOut(): Promise<void> {
  await auth().api.signOut({ headers: await headers() });
  redirect("/sign-in");
}
