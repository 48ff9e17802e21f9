"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { formOf } from "@/domain/access/answer";
import type { FormState } from "@/domain/access/schema";
import { ForbiddenError } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { uuid } from "@/lib/uuid";
import { AccountError } from "../account-error";
import { removeAccount as remove } from "./mutations";

const removeSchema = z.object({ id: uuid(), name: z.string().max(200) });

/** Removes an account whose name was typed, and leads back to the list. */
export async function removeAccount(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = removeSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { problem: "Which account?" };
  try {
    await remove(scope, parsed.data.id, parsed.data.name);
  } catch (error) {
    if (error instanceof AccountError || error instanceof ForbiddenError) return { problem: error.message };
    throw error;
  }
  redirect("/accounts");
}
