"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import { CheckField, Field } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import { NewPassword } from "../../components/new-password";
import type { FormState } from "../../schema";
import { setNewPassword } from "../actions";

/** So many are named; of the others it is told how many they are. */
const NAMED = 5;

/** What of a person's access a new password does not end, and whether it should go with it. */
function ApiTokens({ names }: { names: readonly string[] }) {
  const rest = names.length - NAMED;
  const [label, them] =
    names.length === 1 ? ["Revoke my API token too", "it"] : [`Revoke my ${names.length} API tokens too`, "them"];
  const named = `${names.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  return (
    <CheckField
      label={label}
      hint={`${named}. A new password does not end ${them}, so that automation goes on. Revoke ${them} if somebody else may know ${them}; later under Settings, API tokens.`}
      name="apiTokens"
      value="revoke"
    />
  );
}

/** Sets a new password through a way back in. `apiTokens`: names of those that still work. */
export function NewPasswordForm({
  token,
  email,
  apiTokens,
}: {
  token: string;
  email: string;
  apiTokens: readonly string[];
}) {
  const [state, action, pending] = useActionState<FormState, FormData>(setNewPassword, {});
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <input type="hidden" name="token" value={token} />
      <Field label="E-mail address" name="email" type="email" autoComplete="username" value={email} readOnly />
      <NewPassword problem={state.fields?.password} />
      {apiTokens.length === 0 ? null : <ApiTokens names={apiTokens} />}
      <FormProblem text={state.problem} />
      <Button variant="primary" type="submit" pending={pending}>
        Set the password
      </Button>
    </form>
  );
}
