import "server-only";
import type { z } from "zod";
import { ApiTokenError } from "./api-token/mutations";
import { TokenError } from "./mutations";
import { PeopleError } from "./people/mutations";
import { RecoveryError } from "./recovery/store";
import type { FormState } from "./schema";
import { ForbiddenError } from "./scope";

const TOLD = [ForbiddenError, PeopleError, ApiTokenError, TokenError, RecoveryError];

/** Runs a mutation for a form: what a person can act on becomes the answer, anything else is a fault of ours. */
export async function answer<T extends object>(work: () => Promise<T>): Promise<T | FormState> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && TOLD.some((kind) => error instanceof kind)) return { problem: error.message };
    throw error;
  }
}

/** What is wrong with a form, at its fields. */
export function corrections(error: z.ZodError): FormState {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) fields[String(issue.path[0])] ??= issue.message;
  return { problem: "Please correct what is marked.", fields };
}

/**
 * The form that an action was handed. Anybody may hand it anything: what is no form, or holds a text with a NUL, which can't be kept,
 * is an empty one, of which the action's own schema says what is missing.
 */
export function formOf(given: unknown): FormData {
  if (!(given instanceof FormData)) return new FormData();
  for (const [name, value] of given) if (`${name}${value}`.includes("\0")) return new FormData();
  return given;
}

/** The accounts that a form names: null for everything. */
export const placesOf = (form: FormData): unknown[] | null =>
  form.get("reach") === "everything" ? null : form.getAll("account");
