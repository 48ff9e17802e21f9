"use client";

import { useActionState } from "react";
import { FormProblem } from "@/components/problem";
import type { FormState } from "@/domain/access/schema";
import { unsubscribeByToken } from "../actions";

/** Asks once. Opening the page ends nothing, so that a scanner which follows links does not. */
export function UnsubscribeForm({ token }: { token: string }) {
  const [state, action, pending] = useActionState<FormState, FormData>(unsubscribeByToken, {});
  if (state.done !== undefined)
    return <p role="status">{state.done} You can change this in Seawall, under Settings, Notifications.</p>;
  return (
    <form className="form" action={action}>
      <input type="hidden" name="token" value={token} />
      <FormProblem text={state.problem} />
      <button type="submit" className="btn pri" disabled={pending}>
        Unsubscribe
      </button>
    </form>
  );
}
