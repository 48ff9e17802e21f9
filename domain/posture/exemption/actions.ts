"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { formOf } from "@/domain/access/answer";
import type { FormState } from "@/domain/access/schema";
import { ForbiddenError } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { scoreText } from "@/lib/score-text";
import { isStorable } from "@/lib/storable-json";
import { uuid } from "@/lib/uuid";
import { readEntry } from "./entry";
import {
  decideExemption,
  type ExemptionPreview,
  previewExemption,
  requestExemption,
  withdrawExemption,
} from "./mutations";
import { exemptionRuleInForce, listExemptions } from "./queries";
import { ExemptionError } from "./reach";
import { setExemptionRule } from "./rule/mutations";
import { exemptionRule, UNREADABLE, UNSTORABLE } from "./schema";

async function told(work: () => Promise<FormState>): Promise<FormState> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ExemptionError || error instanceof ForbiddenError) return { problem: error.message };
    throw error;
  }
}
const field = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
};
const points = (score: number | null): string => (score === null ? "no score" : scoreText(score));
const counted = (count: number): string => `${count.toLocaleString("en")} open ${count === 1 ? "finding" : "findings"}`;

/** What an exemption would do, in words. */
function foreseen({ findings, before, after }: ExemptionPreview): string {
  if (findings === 0) return "It would hold for no open finding today; those that open later may fit.";
  const [was, is] = [points(before), points(after)];
  const move = was === is ? `The score stays at ${is}.` : `The score goes from ${was} to ${is}.`;
  return `It would hold for ${counted(findings)}. ${move}`;
}

/** Asks for what the form holds, or with `intent=preview` says what it would do. */
export async function saveExemption(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const preview = field(form, "intent") === "preview";
  const rule = await exemptionRuleInForce(scope);
  const entry = readEntry(Object.fromEntries([...form].map(([name]) => [name, field(form, name)])), rule, new Date());
  if (!entry.ok) return { problem: "Please correct what is marked.", fields: entry.fields };
  return told(async () => {
    if (preview) return { done: foreseen(await previewExemption(scope, entry.request)) };
    const { state, findings } = await requestExemption(scope, entry.request);
    revalidatePath("/", "layout");
    return {
      done: state === "active" ? `Exempted: ${counted(findings)}.` : "Asked. Another person decides on it.",
    };
  });
}

/** Says what approving a request would do. */
export async function foresee(id: string): Promise<{ said?: string | undefined; problem?: string | undefined }> {
  const scope = await requireScope();
  const parsed = uuid().safeParse(id);
  if (!parsed.success) return { problem: "Which exemption?" };
  const { problem, done } = await told(async () => {
    const [asked] = await listExemptions(scope, { id: parsed.data, states: ["requested"] });
    if (asked === undefined) return { problem: "There is no such request any more." };
    if (!asked.readable) return { problem: UNREADABLE };
    const { type, targets, reason, evidence, expiresAt } = asked;
    return { done: foreseen(await previewExemption(scope, { type, targets, reason, evidence, expiresAt })) };
  });
  return { problem, said: done };
}

const decision = z.object({
  id: uuid("Which exemption?"),
  approve: z.boolean(),
  note: z.string().trim().max(2000).refine(isStorable, UNSTORABLE).default(""),
});

/** Approves (or not) what another person asked for. `note`: what is said of it. */
export async function decide(id: string, approve: boolean, note?: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = decision.safeParse({ id, approve, note });
  if (!parsed.success) return { problem: parsed.error.issues[0]?.message ?? "Which exemption?" };
  const said = parsed.data.note === "" ? null : parsed.data.note;
  return told(async () => {
    if ((await decideExemption(scope, parsed.data.id, parsed.data.approve, said)) === null)
      return { problem: "There is no such exemption." };
    revalidatePath("/", "layout");
    return {};
  });
}

/** Takes a request or an exemption back. */
export async function withdraw(id: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = uuid().safeParse(id);
  if (!parsed.success) return { problem: "Which exemption?" };
  return told(async () => {
    if ((await withdrawExemption(scope, parsed.data)) === null) return { problem: "There is no such exemption." };
    revalidatePath("/", "layout");
    return {};
  });
}

/** Sets the organisation's rule. */
export async function saveRule(_previous: FormState, given: FormData): Promise<FormState> {
  const scope = await requireScope();
  const form = formOf(given);
  const days = field(form, "longestDays");
  const parsed = exemptionRule.safeParse({
    approval: form.get("approval") === "on",
    longestDays: days === "" ? null : Number(days),
  });
  if (!parsed.success)
    return { problem: "Please correct what is marked.", fields: { longestDays: "One to 3650 days, or nothing." } };
  return told(async () => {
    await setExemptionRule(scope, parsed.data);
    revalidatePath("/exemptions");
    return { done: "Saved." };
  });
}
