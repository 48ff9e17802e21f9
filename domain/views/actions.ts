"use server";

import { requireScope } from "@/domain/access/session";
import { uuid } from "@/lib/uuid";
import { dropView, keepView, ViewError } from "./mutations";
import { viewSchema } from "./schema";

/** Keeps the address of a list under a name, for who asks. */
export async function saveView(list: string, name: string, query: string): Promise<{ problem?: string }> {
  const scope = await requireScope();
  const parsed = viewSchema.safeParse({ list, name, query });
  if (!parsed.success) return { problem: parsed.error.issues[0]?.message ?? "This cannot be kept." };
  try {
    await keepView(scope, parsed.data);
    return {};
  } catch (error) {
    if (error instanceof ViewError) return { problem: error.message };
    throw error;
  }
}

/** Forgets a view of who asks. */
export async function forgetView(id: string): Promise<{ problem?: string }> {
  const scope = await requireScope();
  const known = uuid().safeParse(id);
  if (known.success) await dropView(scope, known.data);
  return {};
}
