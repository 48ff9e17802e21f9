"use client";

import { type ReactNode, useActionState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { acceptInvite, proveSecondFactor, type SignInState, setUp, signIn, spendSignInLink } from "../actions";
import { withDestination } from "../destination";
import type { FormState } from "../schema";
import { CODE_LENGTH } from "../second-factor/code";
import { keeping } from "./keeping";
import { NewPassword } from "./new-password";

const START: FormState = {};

function Submit({ label, pending }: { label: string; pending: boolean }) {
  return (
    <Button variant="primary" type="submit" pending={pending}>
      {label}
    </Button>
  );
}

function CodeForm({ to }: { to: string }) {
  const [state, action, pending] = useActionState<SignInState, FormData>(proveSecondFactor, { step: "code" });
  if (state.step !== "code") {
    return (
      <div className="form">
        <FormProblem text={state.problem} />
        <a className="btn" href={withDestination("/sign-in", to)}>
          Sign in again
        </a>
      </div>
    );
  }
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="to" value={to} />
      <Field
        label="Code"
        name="code"
        autoComplete="one-time-code"
        maxLength={CODE_LENGTH}
        required
        hint="Six digits of your authenticator app, or a backup code such as abcde-23456."
      />
      <FormProblem text={state.problem} />
      <Submit label="Continue" pending={pending} />
    </form>
  );
}

/** E-mail address and password, with `children` above them; then the code of whoever has a second factor, alone. `to`: where it leads. */
export function SignInForm({ to, children }: { to: string; children: ReactNode }) {
  const [state, action, pending] = useActionState<SignInState, FormData>(signIn, START);
  if (state.step === "code") return <CodeForm to={to} />;
  return (
    <>
      {children}
      <form className="form" action={action} onSubmit={keeping(action)}>
        <input type="hidden" name="to" value={to} />
        <Field label="E-mail address" name="email" type="email" autoComplete="username" required />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <FormProblem text={state.problem} />
        <Submit label="Sign in" pending={pending} />
      </form>
    </>
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
      <NewPassword problem={problems.password} />
      <FormProblem text={state.problem} />
      <Submit label="Create Owner" pending={pending} />
    </form>
  );
}

export function InvitationForm({ token, email }: { token: string; email: string }) {
  const [state, action, pending] = useActionState(acceptInvite, START);
  const problems = state.fields ?? {};
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="token" value={token} />
      <Field label="E-mail address" name="email" type="email" autoComplete="username" value={email} readOnly />
      <Field label="Name" name="name" autoComplete="name" maxLength={120} required problem={problems.name} />
      <NewPassword problem={problems.password} />
      <FormProblem text={state.problem} />
      <Submit label="Join" pending={pending} />
    </form>
  );
}

export function LinkForm({ token }: { token: string }) {
  const [state, action, pending] = useActionState(spendSignInLink, START);
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="token" value={token} />
      <FormProblem text={state.problem} />
      <Submit label="Sign in" pending={pending} />
    </form>
  );
}
