"use server";

import { APIError } from "better-auth/api";
import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { renderSVG } from "uqr";
import { answer, formOf } from "../answer";
import { auth } from "../auth";
import type { FormState } from "../schema";
import { requireScope, requireSelf } from "../session";
import { allowAttempt } from "../throttle/store";
import { CODE_WORDS, codeSchema, isBackupCode, WRONG_CODE } from "./code";
import { noteFactorChange, requireSecondFactor, spendAppCode } from "./mutations";

/** What is shown once while a second factor is set up. */
export type EnrolState = FormState & { enrol?: { svg: string; key: string; backupCodes: string[] }; enabled?: boolean };
export type CodesState = FormState & { backupCodes?: string[] };

const WRONG = { problem: "The password is wrong.", fields: { password: "The password is wrong." } };
const QUARTER_HOUR = 15 * 60 * 1000;
const passwordOf = (form: FormData): string => String(form.get("password") ?? "").slice(0, 128);

/** Runs what asks for the own password; a wrong one, or one too many, becomes the answer. */
async function withPassword<T extends object>(work: () => Promise<T>): Promise<T | FormState> {
  const { userId } = await requireSelf();
  if (!(await allowAttempt(`password:${userId}`, 10, QUARTER_HOUR)))
    return { problem: "Too many attempts. Wait a quarter of an hour and try again." };
  try {
    return await work();
  } catch (error) {
    if (error instanceof APIError) return error.body?.code === "INVALID_PASSWORD" ? WRONG : { problem: error.message };
    throw error;
  }
}

const wrongCode = (problem: string): FormState => ({ problem, fields: { code: problem } });

/**
 * The same, and a code that proves the second factor: who learned the password must not be able to take it away. The password is
 * looked at first, so that a wrong one spends no backup code.
 */
async function withBoth<T extends object>(form: FormData, work: () => Promise<T>): Promise<T | FormState> {
  const { userId } = await requireSelf();
  const code = codeSchema.safeParse(form.get("code"));
  if (!code.success) return wrongCode(CODE_WORDS);
  return withPassword(async () => {
    const request = { body: { code: code.data }, headers: await headers() };
    await auth().api.verifyPassword({ ...request, body: { password: passwordOf(form) } });
    try {
      if (isBackupCode(code.data)) await auth().api.verifyBackupCode(request);
      else {
        await auth().api.verifyTOTP(request);
        if (!(await spendAppCode(userId ?? "", code.data))) return wrongCode(WRONG_CODE);
      }
    } catch (error) {
      if (error instanceof APIError) return wrongCode(WRONG_CODE);
      throw error;
    }
    return work();
  });
}

/** Begins: makes the secret and shows it as QR code and text, with backup codes. Nothing changes until a code is proved. */
export async function beginSecondFactor(_previous: EnrolState, given: FormData): Promise<EnrolState> {
  const form = formOf(given);
  return withPassword(async () => {
    const made = await auth().api.enableTwoFactor({ body: { password: passwordOf(form) }, headers: await headers() });
    if (made.method !== "totp") return { problem: "This could not be begun. Try again." };
    const svg = renderSVG(made.totpURI, { border: 2, pixelSize: 4 });
    const key = new URL(made.totpURI).searchParams.get("secret") ?? "";
    return { enrol: { svg, key, backupCodes: made.backupCodes } };
  });
}

/** Ends it: a code of the app proves that it has the secret. Other sessions end. */
export async function confirmSecondFactor(shown: EnrolState | null, given: FormData): Promise<EnrolState> {
  const { userId } = await requireSelf();
  const form = formOf(given);
  const previous = shown ?? {};
  const code = codeSchema.safeParse(form.get("code"));
  if (!code.success || isBackupCode(code.data))
    return { ...previous, problem: "Enter the six digits that the app shows." };
  if (!(await allowAttempt(`enrol:${userId}`, 20, QUARTER_HOUR)))
    return { ...previous, problem: "Too many attempts. Wait a quarter of an hour and try again." };
  try {
    await auth().api.verifyTOTP({ body: { code: code.data }, headers: await headers() });
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { ...previous, problem: "This code is wrong. Check the clock of your phone and enter the next one." };
  }
  return { ...(previous.enrol === undefined ? {} : { enrol: previous.enrol }), enabled: true };
}

/** Takes the second factor away, for its password and a code. Where an Owner requires one, the next page asks for a new one. */
export async function disableSecondFactor(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  return withBoth(form, async () => {
    await auth().api.disableTwoFactor({ body: { password: passwordOf(form) }, headers: await headers() });
    await noteFactorChange(scope, "second-factor-disabled");
    revalidatePath("/settings/security");
    return { done: "Second factor switched off" };
  });
}

/** Makes new backup codes, for the password and a code; the old ones no longer work. */
export async function renewBackupCodes(_previous: CodesState, given: FormData): Promise<CodesState> {
  const scope = await requireScope();
  const form = formOf(given);
  return withBoth(form, async () => {
    const made = await auth().api.generateBackupCodes({
      body: { password: passwordOf(form) },
      headers: await headers(),
    });
    await noteFactorChange(scope, "backup-codes-renewed");
    return { backupCodes: made.backupCodes };
  });
}

/** For an Owner: whether everybody with a password needs a second factor. */
export async function setFactorPolicy(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  return answer(async () => {
    await requireSecondFactor(scope, form.get("required") === "on");
    revalidatePath("/settings/security");
    return { done: "Saved" };
  });
}
