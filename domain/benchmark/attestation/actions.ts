"use server";

import { revalidatePath } from "next/cache";
import { corrections, formOf } from "@/domain/access/answer";
import type { FormState } from "@/domain/access/schema";
import { ForbiddenError } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { uuid } from "@/lib/uuid";
import { AttestationError, attest, withdraw } from "./mutations";
import { attestationInput } from "./schema";

const said = (error: unknown): FormState => {
  if (error instanceof AttestationError || error instanceof ForbiddenError) return { problem: error.message };
  throw error;
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Keeps what a person says of a requirement. The last day counts to its end, in UTC. */
export async function saveAttestation(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const text = (name: string): string => String(form.get(name) ?? "").trim();
  const place = text("scope") === "fleet" ? { scope: "fleet" } : { scope: text("scope"), id: text("scopeId") };
  const parsed = attestationInput.safeParse({
    benchmark: text("benchmark"),
    requirement: text("requirement"),
    place,
    state: text("state"),
    evidence: text("evidence"),
    link: text("link") === "" ? null : text("link"),
    until: DAY.test(text("until")) ? `${text("until")}T23:59:59Z` : "",
  });
  if (!parsed.success) return corrections(parsed.error);
  try {
    await attest(scope, parsed.data);
  } catch (error) {
    return said(error);
  }
  revalidatePath("/compliance", "layout");
  return { done: "Attested" };
}

/** Takes an attestation back. */
export async function withdrawAttestation(id: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = uuid().safeParse(id);
  if (!parsed.success) return { problem: "Which attestation?" };
  try {
    await withdraw(scope, parsed.data);
  } catch (error) {
    return said(error);
  }
  revalidatePath("/compliance", "layout");
  return {};
}
