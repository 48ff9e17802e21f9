"use client";

import { type FormEvent, startTransition, useActionState } from "react";
import { Field } from "@/components/field";
import { Mark } from "@/components/marks";
import { setUp, signIn, spendSignInLink } from "../actions";
import type { FormState } from "../schema";

const START: FormState = {};

/** React empties a form after its action; this keeps what was entered, so that one mistake costs one correction. */
const keeping = (action: (form: FormData) => void) => (event: FormEvent<HTMLFormElement>) => {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  startTransition(() => action(form));
};

function Problem({ text }: { text: string | undefined }) {
  return (
    <div role="alert" aria-live="polite">
      {text === undefined ? null : (
        <p className="problem">
          <Mark name="failed" />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

function Submit({ label, pending }: { label: string; pending: boolean }) {
  return (
    <button className="btn pri" type="submit" disabled={pending}>
      {label}
    </button>
  );
}

export function SignInForm() {
  const [state, action, pending] = useActionState(signIn, START);
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <Field label="E-mail address" name="email" type="email" autoComplete="username" required />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <Problem text={state.problem} />
      <Submit label="Sign in" pending={pending} />
    </form>
  );
}

export function SetupForm({ token }: { token: string }) {
  const [state, action, pending] = useActionState(setUp, START);
  const problems = state.fields ?? {};
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="token" value={token} />
      <Field label="Name" name="name" autoComplete="name" required problem={problems.name} />
      <Field
        label="E-mail address"
        name="email"
        type="email"
        autoComplete="username"
        required
        problem={problems.email}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        required
        hint="At least 12 characters."
        problem={problems.password}
      />
      <Problem text={state.problem} />
      <Submit label="Create Owner" pending={pending} />
    </form>
  );
}

export function LinkForm({ token }: { token: string }) {
  const [state, action, pending] = useActionState(spendSignInLink, START);
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="token" value={token} />
      <Problem text={state.problem} />
      <Submit label="Sign in" pending={pending} />
    </form>
  );
}
