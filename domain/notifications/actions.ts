"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { formOf } from "@/domain/access/answer";
import type { FormState } from "@/domain/access/schema";
import { ForbiddenError } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { allowAttempt } from "@/domain/access/throttle/store";
import { keyRing } from "@/lib/crypto-key";
import { uuid } from "@/lib/uuid";
import { saveServer, sendTest } from "./mail-server/mutations";
import { releaseNow, removeRoute, retryDelivery, saveLimits, saveRoute, unsubscribe } from "./mutations";
import { NotificationError } from "./notification-error";
import { savePreferences } from "./preference/mutations";
import {
  addressSchema,
  mailServerSchema,
  policySchema,
  preferenceSchema,
  routeSchema,
  type SavedState,
} from "./schema";
import { recipientOfToken } from "./unsubscribe-token";

const ring = () => keyRing();

/** What a person can act on becomes the answer, anything else is a fault of ours; a page of ours shows the change. */
async function answer(done: string, work: () => Promise<unknown>): Promise<FormState> {
  try {
    await work();
  } catch (error) {
    if (error instanceof NotificationError || error instanceof ForbiddenError) return { problem: error.message };
    throw error;
  }
  revalidatePath("/settings/notifications", "layout");
  return { done };
}

/** The same where the version of what was saved comes back. */
async function answerSaved(done: string, work: () => Promise<string>): Promise<SavedState> {
  let version = "";
  const state = await answer(done, async () => {
    version = await work();
  });
  return state.done === undefined ? state : { ...state, version };
}

const versionSchema = z.string().min(1).max(60);
/** The version that a form began with; null when there was nothing yet. */
const begunOf = (form: FormData): string | null => versionSchema.safeParse(form.get("version")).data ?? null;

function corrections(error: z.ZodError): FormState {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) fields[String(issue.path[0])] ??= issue.message;
  return { problem: "Please correct what is marked.", fields };
}

export async function saveMailServer(_previous: SavedState, given: FormData): Promise<SavedState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = mailServerSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return corrections(parsed.error);
  return answerSaved("Saved. Send a test now.", () => saveServer(scope, parsed.data, ring(), begunOf(form)));
}

export async function sendTestMail(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const address = addressSchema.safeParse(form.get("address"));
  if (!address.success) return { problem: address.error.issues[0]?.message ?? "Which address?" };
  return answer("On its way; see below.", () => sendTest(scope, address.data));
}

export async function saveLimitsForm(_previous: SavedState, given: FormData): Promise<SavedState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = policySchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return corrections(parsed.error);
  return answerSaved("Saved", () => saveLimits(scope, parsed.data, begunOf(form)));
}

/** One entry a line, or separated by commas. */
const lines = (value: FormDataEntryValue | null): string[] =>
  typeof value === "string"
    ? [
        ...new Set(
          value
            .split(/[\n,]/)
            .map((word) => word.trim())
            .filter((word) => word !== ""),
        ),
      ]
    : [];

export async function saveRouteForm(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const id = z
    .uuid()
    .nullable()
    .safeParse(form.get("id") === "" ? null : form.get("id"));
  const parsed = routeSchema.safeParse({
    name: form.get("name"),
    enabled: form.get("enabled") === "on",
    minSeverity: form.get("minSeverity"),
    kinds: form.getAll("kinds"),
    accountIds: form.getAll("accountIds"),
    clusterIds: form.getAll("clusterIds"),
    namespaces: lines(form.get("namespaces")),
    owners: lines(form.get("owners")),
    toUsers: form.getAll("toUsers"),
    toRoles: form.getAll("toRoles"),
    toAddresses: lines(form.get("toAddresses")),
    pace: form.get("pace") ?? undefined,
  });
  if (!id.success) return { problem: "Which route?" };
  if (!parsed.success) return corrections(parsed.error);
  return answer("Saved", () => saveRoute(scope, id.data, parsed.data, begunOf(form)));
}

/** Removes a route as the page shows it. */
export async function deleteRoute(id: string, version: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = z.tuple([uuid(), versionSchema]).safeParse([id, version]);
  if (!parsed.success) return { problem: "Which route?" };
  return answer("Removed", () => removeRoute(scope, ...parsed.data));
}

export async function savePreferencesForm(_previous: SavedState, given: FormData): Promise<SavedState> {
  const scope = await requireScope();
  const form = formOf(given);
  const parsed = preferenceSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) return corrections(parsed.error);
  return answerSaved("Saved", () => savePreferences(scope, parsed.data, begunOf(form)));
}

export async function retryDeliveryNow(id: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = uuid().safeParse(id);
  if (!parsed.success) return { problem: "Which mail?" };
  return answer("Queued", () => retryDelivery(scope, parsed.data));
}

export async function releaseHeldNow(recipientId: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = uuid().safeParse(recipientId);
  if (!parsed.success) return { problem: "Whose?" };
  return answer("Leaves within a minute", () => releaseNow(scope, parsed.data));
}

/** Public: the signed token of a mail is the only right that is needed, and ending mail all it can do. */
export async function unsubscribeByToken(_previous: FormState, given: FormData): Promise<FormState> {
  const form = formOf(given);
  const recipient = recipientOfToken(String(form.get("token") ?? "").slice(0, 200), ring());
  if (recipient === null) return { problem: "This link is incomplete. Copy it again, whole." };
  if (!(await allowAttempt(`unsubscribe:${recipient}`, 30, 3_600_000)))
    return { problem: "Too many attempts. Try again later." };
  return (await unsubscribe(recipient))
    ? { done: "No more mail will come." }
    : { problem: "This address gets no mail." };
}
