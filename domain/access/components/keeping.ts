import { type FormEvent, startTransition } from "react";

/** React empties a form after its action; this keeps what was entered, so that one mistake costs one correction. */
export const keeping = (action: (form: FormData) => void) => (event: FormEvent<HTMLFormElement>) => {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  startTransition(() => action(form));
};
