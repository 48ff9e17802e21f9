"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { uuid } from "@/lib/uuid";
import { answer, corrections, formOf, placesOf } from "../answer";
import { invite, withdrawInvitation } from "../invitation/mutations";
import { type FormState, storable } from "../schema";
import { requireScope } from "../session";
import { grantRole, removePerson, withdrawRole } from "./mutations";
import { invitationSchema, placeSchema, reachSchema } from "./schema";

/** `link` is shown once: the path that accepts the invitation. */
export type InviteState = FormState & { link?: string };

const personSchema = storable(64).min(1);
const changed = () => revalidatePath("/settings/people");

export async function invitePerson(_previous: InviteState, given: FormData): Promise<InviteState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = invitationSchema.safeParse({ ...Object.fromEntries(form), accountIds: placesOf(form) });
  if (!parsed.success) return corrections(parsed.error);
  return answer(async () => {
    const link = await invite(scope, parsed.data);
    changed();
    return { link };
  });
}

export async function giveRole(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const person = personSchema.safeParse(form.get("person"));
  if (!person.success) return { problem: "Which person?" };
  const parsed = reachSchema.safeParse({ role: form.get("role"), accountIds: placesOf(form) });
  if (!parsed.success) return corrections(parsed.error);
  return answer(async () => {
    const count = await grantRole(scope, person.data, parsed.data.role, parsed.data.accountIds);
    changed();
    return { done: count === 0 ? "They hold this role already" : "Saved. Their sessions ended." };
  });
}

export async function takeRole(person: string, account: string | null): Promise<FormState> {
  const scope = await requireScope();
  const parsed = z.tuple([personSchema, placeSchema]).safeParse([person, account]);
  if (!parsed.success) return { problem: "Which role?" };
  return answer(async () => {
    await withdrawRole(scope, ...parsed.data);
    changed();
    return {};
  });
}

export async function takeEverything(person: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = personSchema.safeParse(person);
  if (!parsed.success) return { problem: "Which person?" };
  return answer(async () => {
    await removePerson(scope, parsed.data);
    changed();
    return {};
  });
}

export async function takeInvitation(id: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = uuid().safeParse(id);
  if (!parsed.success) return { problem: "Which invitation?" };
  return answer(async () => {
    await withdrawInvitation(scope, parsed.data);
    changed();
    return {};
  });
}
