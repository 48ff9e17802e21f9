"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { z } from "zod";
import { answer, corrections, formOf } from "../answer";
import { auth } from "../auth";
import { type FormState, passwordSchema, storable } from "../schema";
import { requireScope } from "../session";
import { allowAttempt } from "../throttle/store";
import { revokeOtherSessions, revokeSession, setPassword } from "./mutations";

export async function takeSession(id: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = storable(64).min(1).safeParse(id);
  if (!parsed.success) return { problem: "Which session?" };
  return answer(async () => {
    await revokeSession(scope, parsed.data);
    revalidatePath("/settings/sessions");
    return {};
  });
}

export async function takeOtherSessions(): Promise<FormState> {
  const scope = await requireScope();
  return answer(async () => {
    await revokeOtherSessions(scope);
    revalidatePath("/settings/sessions");
    return {};
  });
}

const changeSchema = z
  .object({ current: z.string().max(128), password: passwordSchema, again: z.string().max(128) })
  .refine((given) => given.password === given.again, { path: ["again"], message: "This is not the same password." });

/** Changes one's own password; the current one is asked for, and all other sessions end. */
export async function changePassword(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = changeSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return corrections(parsed.error);
  if (!(await allowAttempt(`password:${scope.userId}`, 10, 15 * 60 * 1000)))
    return { problem: "Too many attempts. Wait a quarter of an hour and try again." };
  const known = await auth()
    .api.verifyPassword({ body: { password: parsed.data.current }, headers: await headers() })
    .then(
      () => true,
      () => false, // the library tells a wrong password by throwing
    );
  if (!known) return { problem: "The current password is wrong.", fields: { current: "This is not it." } };
  const context = await auth().$context;
  const hash = await context.password.hash(parsed.data.password);
  return answer(async () => {
    await setPassword(scope, hash);
    revalidatePath("/settings/sessions");
    return { done: "Password changed. Your other sessions ended." };
  });
}
