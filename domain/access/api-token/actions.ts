"use server";

import { revalidatePath } from "next/cache";
import { uuid } from "@/lib/uuid";
import { answer, corrections, formOf, placesOf } from "../answer";
import type { FormState } from "../schema";
import { requireScope } from "../session";
import { createApiToken, revokeApiToken } from "./mutations";
import { newTokenSchema } from "./schema";

/** `token` is shown once. */
export type TokenState = FormState & { token?: string };

export async function makeToken(_previous: TokenState, given: FormData): Promise<TokenState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = newTokenSchema.safeParse({
    name: form.get("name"),
    scopes: form.getAll("scope"),
    accountIds: placesOf(form),
    days: form.get("days"),
  });
  if (!parsed.success) return corrections(parsed.error);
  return answer(async () => {
    const token = await createApiToken(scope, parsed.data);
    revalidatePath("/settings/tokens");
    return { token };
  });
}

export async function takeToken(id: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = uuid().safeParse(id);
  if (!parsed.success) return { problem: "Which token?" };
  return answer(async () => {
    await revokeApiToken(scope, parsed.data);
    revalidatePath("/settings/tokens");
    return {};
  });
}
