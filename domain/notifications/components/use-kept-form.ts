"use client";

import { type FormEvent, startTransition, useActionState } from "react";
import type { FormState } from "@/domain/access/schema";

/** A form's state and handlers. React empties a form after its action; this keeps what was entered, so that one mistake costs one correction. */
export function useKeptForm(action: (previous: FormState, form: FormData) => Promise<FormState>) {
  const [state, run, pending] = useActionState<FormState, FormData>(action, {});
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => run(form));
  };
  return { state, pending, problems: state.fields ?? {}, form: { action: run, onSubmit } };
}
