"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { formOf } from "@/domain/access/answer";
import type { FormState } from "@/domain/access/schema";
import { ForbiddenError } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { keyRing } from "@/lib/crypto-key";
import { uuid } from "@/lib/uuid";
import { AccountError } from "./account-error";
import { parseNewConnection } from "./connection";
import { problemsInForm, readEntry } from "./form-entry";
import { connectAccount, requestDiscovery, requestScan, requestTest, retryLetter, setSchedule } from "./mutations";
import { accountNameSchema, CONNECTABLE, intervalSchema } from "./schema";

type IdState = FormState & { done?: string };

/** Session, parse, mutate; what a person can act on becomes the form's answer, anything else is a fault of ours. */
async function answer(work: () => Promise<string>): Promise<IdState> {
  try {
    return { done: await work() };
  } catch (error) {
    if (error instanceof AccountError || error instanceof ForbiddenError) return { problem: error.message };
    throw error;
  }
}

const idOf = (form: FormData): string | null => uuid().safeParse(form.get("id")).data ?? null;
const QUEUED = "Queued";
const RUNNING = "Already under way";

export async function scanClusterNow(_previous: IdState, given: FormData): Promise<IdState> {
  const scope = await requireScope();
  const form = formOf(given);
  const id = idOf(form);
  if (id === null) return { problem: "Which cluster?" };
  return answer(async () => ((await requestScan(scope, id)) ? QUEUED : RUNNING));
}

export async function scanAccountNow(_previous: IdState, given: FormData): Promise<IdState> {
  const scope = await requireScope();
  const form = formOf(given);
  const id = idOf(form);
  if (id === null) return { problem: "Which account?" };
  return answer(async () => ((await requestDiscovery(scope, id)) ? QUEUED : RUNNING));
}

export async function testConnection(_previous: IdState, given: FormData): Promise<IdState> {
  const scope = await requireScope();
  const form = formOf(given);
  const id = idOf(form);
  if (id === null) return { problem: "Which account?" };
  return answer(async () => ((await requestTest(scope, id)) ? QUEUED : RUNNING));
}

export async function retryDeadLetter(_previous: IdState, given: FormData): Promise<IdState> {
  const scope = await requireScope();
  const form = formOf(given);
  const id = idOf(form);
  if (id === null) return { problem: "Which job?" };
  return answer(async () => {
    await retryLetter(scope, id);
    return QUEUED;
  });
}

/** Pauses an account, or resumes it: nothing is asked of its cloud and clusters meanwhile, and what is known stays as it is. */
export async function setPaused(_previous: IdState, given: FormData): Promise<IdState> {
  const scope = await requireScope();
  const form = formOf(given);
  const id = idOf(form);
  if (id === null) return { problem: "Which account?" };
  const paused = form.get("paused") === "true";
  return answer(async () => {
    await setSchedule(scope, id, null, !paused);
    return paused ? "Paused" : "Resumed";
  });
}

/** Connects an account. Secrets go in and are never read back: the answer carries none of them. */
export async function connect(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const cloud = z.enum(CONNECTABLE).safeParse(form.get("cloud"));
  const interval = intervalSchema.safeParse(form.get("interval"));
  if (!cloud.success || !interval.success) return { problem: "Choose a cloud and an interval." };
  const entry = readEntry(cloud.data, form);
  const parsed = parseNewConnection(cloud.data, entry);
  const name = accountNameSchema.safeParse(form.get("name"));
  if (!parsed.ok || !name.success) {
    const fields = {
      ...(parsed.ok ? {} : problemsInForm(cloud.data, entry, parsed.fields)),
      ...(name.success ? {} : { name: name.error.issues[0]?.message ?? "Give the account a name." }),
    };
    return { problem: "Please correct what is marked.", fields };
  }
  let id = "";
  const state = await answer(async () => {
    id = await connectAccount(scope, cloud.data, name.data, interval.data, parsed.connection, keyRing());
    return id;
  });
  if (state.problem !== undefined) return state;
  redirect(`/accounts/${id}`);
}
