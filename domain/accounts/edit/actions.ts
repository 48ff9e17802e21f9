"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { formOf } from "@/domain/access/answer";
import { ForbiddenError } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { keyRing } from "@/lib/crypto-key";
import { uuid } from "@/lib/uuid";
import { AccountError } from "../account-error";
import { problemsInForm, readEntry } from "../form-entry";
import { findAccount } from "../queries";
import { accountNameSchema, CONNECTABLE, intervalSchema } from "../schema";
import { draftEdit, saveDraft } from "./mutations";
import { readDraftTest } from "./queries";
import type { DraftTest, EditState } from "./schema";

const headSchema = z.object({
  id: uuid(),
  name: accountNameSchema,
  interval: intervalSchema,
  version: z.string().min(1).max(60),
});
const draftSchema = z.object({ id: uuid(), draft: uuid() });

function refusal(error: unknown): EditState {
  if (error instanceof AccountError)
    return { problem: error.message, ...(error.fields === undefined ? {} : { fields: { ...error.fields } }) };
  if (error instanceof ForbiddenError) return { problem: error.message };
  throw error;
}

/** Takes what was entered and tests it; an edit that leaves the connection alone is saved at once. Secrets go in and never come out. */
export async function testEdit(_previous: EditState, given: FormData): Promise<EditState> {
  const scope = await requireScope();
  const form = formOf(given);
  const head = headSchema.safeParse(Object.fromEntries(form));
  if (!head.success) {
    const fields = Object.fromEntries(head.error.issues.map(({ path, message }) => [String(path[0]), message]));
    return { problem: "Please correct what is marked.", fields };
  }
  const { id, name, interval, version: begun } = head.data;
  const provider = (await findAccount(scope, id))?.provider;
  const cloud = CONNECTABLE.find((each) => each === provider);
  if (cloud === undefined) return { problem: "This account is gone, or has no connection to edit." };
  const entry = readEntry(cloud, form);
  try {
    const ring = keyRing();
    const edit = { name, intervalMinutes: interval, entered: () => entry, begun };
    const { draft, version } = await draftEdit(scope, id, edit, ring);
    revalidatePath(`/accounts/${id}`, "layout");
    return draft === null ? { done: "Saved. The connection is as it was.", version } : { draft };
  } catch (error) {
    const state = refusal(error);
    return state.fields === undefined ? state : { ...state, fields: problemsInForm(cloud, entry, state.fields) };
  }
}

/** Saves an edit that was handed in for a test. */
export async function saveEdit(_previous: EditState, given: FormData): Promise<EditState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = draftSchema.safeParse(Object.fromEntries(form));
  try {
    if (!parsed.success) throw new AccountError("This edit is gone. Test it again.");
    const untested = form.get("untested") === "true";
    const version = await saveDraft(scope, parsed.data.id, parsed.data.draft, untested);
    revalidatePath(`/accounts/${parsed.data.id}`, "layout");
    return { done: "Saved. The account is looked at anew.", version };
  } catch (error) {
    return refusal(error);
  }
}

/** How the test of an account's edit goes. */
export async function pollEdit(account: string, draft: string): Promise<DraftTest> {
  const scope = await requireScope();
  const parsed = draftSchema.safeParse({ id: account, draft });
  return parsed.success ? readDraftTest(scope, parsed.data.id, parsed.data.draft) : { state: "gone", checks: [] };
}
