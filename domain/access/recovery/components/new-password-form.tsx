"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import { NewPassword } from "../../components/new-password";
import type { FormState } from "../../schema";
import { setNewPassword } from "../actions";

/** Sets a new password through a way back in. */
export function NewPasswordForm({ token, email }: { token: string; email: string }) {
  const [state, action, pending] = useActionState<FormState, FormData>(setNewPassword, {});
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="token" value={token} />
      <Field label="E-mail address" name="email" type="email" autoComplete="username" value={email} readOnly />
      <NewPassword problem={state.fields?.password} />
      <FormProblem text={state.problem} />
      <Button variant="primary" type="submit" pending={pending}>
        Set the password
      </Button>
    </form>
  );
}
