"use client";

import { useActionState } from "react";
import { Icon } from "@/components/icon";
import type { FormState } from "@/domain/access/schema";

type IdAction = (previous: FormState & { done?: string }, form: FormData) => Promise<FormState & { done?: string }>;

/** A button that asks for work on one thing, and says what came of asking. */
export function ScanButton({
  action,
  id,
  label,
  small = false,
}: {
  action: IdAction;
  id: string;
  label: string;
  small?: boolean;
}) {
  const [state, submit, pending] = useActionState(action, {});
  return (
    <form className="inline" action={submit}>
      <input type="hidden" name="id" value={id} />
      <span className="sm mut" aria-live="polite">
        {state.problem ?? state.done ?? ""}
      </span>
      <button type="submit" className={small ? "btn sml" : "btn"} disabled={pending}>
        {small ? null : <Icon name="scan" />}
        {label}
      </button>
    </form>
  );
}
