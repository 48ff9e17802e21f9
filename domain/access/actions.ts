"use server";

import { APIError } from "better-auth/api";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { auth } from "./auth";
import { createOwner, TokenError } from "./mutations";
import { originOf } from "./origin";
import { type FormState, ownerSchema, tokenSchema } from "./schema";
import { allowAttempt } from "./throttle";

const WRONG = "E-mail address or password is wrong.";
const TOO_MANY = "Too many attempts. Wait a quarter of an hour and try again.";
const QUARTER_HOUR = 15 * 60 * 1000;

/** Signs in with e-mail and password. Unknown user and wrong password get the same answer. */
export async function signIn(_previous: FormState, form: FormData): Promise<FormState> {
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
  // Per address tried, whoever asks: an attacker chooses the client address, not the account.
  if (!(await allowAttempt(`sign-in:${parsed.data.email}`, 10, QUARTER_HOUR))) return { problem: TOO_MANY };
  try {
    await auth().api.signInEmail({ body: parsed.data, headers: await headers() });
  } catch (error) {
    if (error instanceof APIError) return { problem: WRONG };
    throw error;
  }
  redirect("/");
}

/** First run: spends the setup token, creates the Owner and signs in. */
export async function setUp(_previous: FormState, form: FormData): Promise<FormState> {
  const parsed = ownerSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    const fields = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]));
    return { problem: "Please correct what is marked.", fields };
  }
  if (!(await allowAttempt("setup", 30, QUARTER_HOUR))) return { problem: TOO_MANY };
  const { password, ...owner } = parsed.data;
  const context = await auth().$context;
  try {
    await createOwner(owner, await context.password.hash(password), originOf(await headers()));
  } catch (error) {
    if (error instanceof TokenError) return { problem: error.message };
    throw error;
  }
  await auth().api.signInEmail({ body: { email: owner.email, password }, headers: await headers() });
  redirect("/");
}

/** Spends a one-time sign-in link. Only this POST spends it; opening the page does not. */
export async function spendSignInLink(_previous: FormState, form: FormData): Promise<FormState> {
  const token = tokenSchema.safeParse(form.get("token"));
  if (!token.success) return { problem: "This link is incomplete. Copy it again, whole." };
  if (!(await allowAttempt("sign-in-link", 60, QUARTER_HOUR))) return { problem: TOO_MANY };
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
