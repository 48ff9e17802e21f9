"use client";

import { type FormEvent, startTransition, useActionState, useState } from "react";
import type { SavedState } from "../schema";

/**
 * A form's state and handlers. React empties a form after its action; this keeps what was entered, so that one mistake costs one
 * correction. `version` is what the form begins with: a refreshed page does not move it, since the fields stay as they are, only one's own saving does.
 */
export function useKeptForm(
  action: (previous: SavedState, form: FormData) => Promise<SavedState>,
  version: string | null = null,
) {
  const [state, run, pending] = useActionState<SavedState, FormData>(action, {});
  const [begun, setBegun] = useState(version ?? "");
  if (state.version !== undefined && state.version !== begun) setBegun(state.version);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => run(form));
  };
  return { state, pending, begun, problems: state.fields ?? {}, form: { action: run, onSubmit } };
}
