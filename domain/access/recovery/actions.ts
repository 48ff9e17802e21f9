"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { answer, corrections, formOf } from "../answer";
import { auth } from "../auth";
import { consoleUrl } from "../console-url";
import { originOf } from "../origin";
import type { FormState } from "../schema";
import { requireScope } from "../session";
import { mayTry, TOO_MANY } from "../throttle/link";
import { handOutRecovery, recover } from "./mutations";
import { newPasswordSchema, wayBackSchema } from "./schema";

/** `link` is shown once: the address that sets a new password. */
export type WayBackState = FormState & { link?: string };

/** For an Owner of everything: makes a way back in for somebody else. */
export async function giveWayBack(_previous: WayBackState, given: FormData): Promise<WayBackState> {
  const scope = await requireScope();
  const parsed = wayBackSchema.safeParse(Object.fromEntries(formOf(given)));
  if (!parsed.success) return { problem: "Which person?" };
  return answer(async () => {
    const link = await handOutRecovery(scope, parsed.data.person, parsed.data.secondFactor ?? "keep");
    return { link: `${consoleUrl()}${link}` };
  });
}

/** Spends a way back in: the new password is set, and one signs in with it. */
export async function setNewPassword(_previous: FormState, given: FormData): Promise<FormState> {
  const parsed = newPasswordSchema.safeParse(Object.fromEntries(formOf(given)));
  if (!parsed.success) return corrections(parsed.error);
  const origin = originOf(await headers());
  if (!(await mayTry("recovery", origin, 30))) return { problem: TOO_MANY };
  const context = await auth().$context;
  const hash = await context.password.hash(parsed.data.password);
  const state: FormState = await answer(async () => {
    await recover(parsed.data.token, hash, origin, parsed.data.apiTokens ?? "keep");
    return {};
  });
  if (state.problem !== undefined) return state;
  redirect("/sign-in?recovered=yes");
}
