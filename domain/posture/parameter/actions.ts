"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { formOf } from "@/domain/access/answer";
import type { FormState } from "@/domain/access/schema";
import { ForbiddenError } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { uuid } from "@/lib/uuid";
import { loadControls } from "../load";
import { entered } from "./entry";
import { clearParameters, setParameters } from "./mutations";
import { placeKey } from "./place";
import { affectedBy } from "./queries";
import { type OverrideInput, overrideSchema, type ParameterPlace, type SavedParameters } from "./schema";
import { ParameterError } from "./value";

const versionSchema = z.string().min(1).max(60);

/** The place that a form names; its fields are checked with the rest. */
function placeOf(form: FormData): unknown {
  const [scope, cluster] = [form.get("scope"), form.get("cluster")];
  if (scope === "account") return { scope, account: form.get("account") };
  if (scope === "cluster") return { scope, cluster };
  return scope === "namespace" ? { scope, cluster, namespace: form.get("namespace") } : { scope };
}

function paramsOf(form: FormData): Record<string, unknown> {
  const own = loadControls().find(({ id }) => id === form.get("control"))?.params ?? {};
  const params: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(own)) {
    const text = form.get(`p.${name}`);
    const given = typeof text === "string" ? entered(value, text) : undefined;
    if (given !== undefined) params[name] = given;
  }
  return params;
}

async function told<State extends FormState>(work: () => Promise<State>): Promise<State | FormState> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ParameterError || error instanceof ForbiddenError) return { problem: error.message };
    throw error;
  }
}

const counted = (count: number, word: string): string =>
  `${count.toLocaleString("en")} ${count === 1 ? word : `${word}s`}`;

/** Saves what the form holds, or with `intent=preview` says what it would touch. */
export async function saveParameters(_previous: SavedParameters, given: FormData): Promise<SavedParameters> {
  const scope = await requireScope();
  const form = formOf(given);
  const preview = form.get("intent") === "preview";
  const parsed = overrideSchema.safeParse({
    control: form.get("control"),
    place: placeOf(form),
    params: paramsOf(form),
    reason: preview ? "preview" : form.get("reason"),
  });
  if (!parsed.success) {
    const fields: Record<string, string> = {};
    for (const issue of parsed.error.issues) fields[String(issue.path.at(-1))] ??= issue.message;
    return { problem: "Please correct what is marked.", fields };
  }
  if (preview) return { done: await affected(scope, parsed.data.control, parsed.data.place) };
  const begun = versionSchema.safeParse(form.get("version")).data ?? null;
  return told(() => saved(scope, parsed.data, begun));
}

async function affected(
  scope: Awaited<ReturnType<typeof requireScope>>,
  control: string,
  place: ParameterPlace,
): Promise<string> {
  const { clusters, healthy, unhealthy, notEvaluated } = await affectedBy(scope, control, place);
  const all = healthy + unhealthy + notEvaluated;
  if (all === 0) return "It judges nothing there today.";
  return `It judges ${counted(all, "resource")} of ${counted(clusters, "cluster")} there: ${unhealthy} unhealthy, ${healthy} healthy, ${notEvaluated} not evaluated. The next scan judges them anew.`;
}

async function saved(
  scope: Awaited<ReturnType<typeof requireScope>>,
  input: OverrideInput,
  begun: string | null,
): Promise<SavedParameters> {
  const { changed, version } = await setParameters(scope, input, begun);
  revalidatePath("/settings/parameters", "layout");
  return {
    done: changed ? "Saved. Each cluster's next scan judges with them." : "They are set so already.",
    saved: { place: placeKey(input.place), version },
  };
}

/** Takes the parameters of one place away, as the page shows them. */
export async function takeParameters(id: string, version: string): Promise<FormState> {
  const scope = await requireScope();
  const parsed = z.tuple([uuid(), versionSchema]).safeParse([id, version]);
  if (!parsed.success) return { problem: "Which parameters?" };
  return told(async () => {
    if (!(await clearParameters(scope, ...parsed.data))) return { problem: "There are no such parameters any more." };
    revalidatePath("/settings/parameters", "layout");
    return {};
  });
}
