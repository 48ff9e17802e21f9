"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "@/domain/access/components/keeping";
import type { FormState } from "@/domain/access/schema";
import { connect } from "../actions";
import type { FormSecrets } from "../cloud-form";
import type { FormField } from "../form-field";
import type { Connectable } from "../schema";
import { ConnectionFields, IntervalField } from "./connection-fields";

interface ConnectProps {
  cloud: Connectable;
  fields: FormField[];
  secrets: FormSecrets;
}

/** What a cloud's connector asks for. Secrets are write-only: they are sealed on arrival and never shown again. */
export function ConnectForm({ cloud, fields, secrets }: ConnectProps) {
  const [state, action, pending] = useActionState<FormState, FormData>(connect, {});
  const problems = state.fields ?? {};
  return (
    <form className="form" noValidate action={action} onSubmit={keeping(action)} style={{ maxWidth: 720 }}>
      <input type="hidden" name="cloud" value={cloud} />
      <ConnectionFields fields={fields} secrets={secrets} problems={problems}>
        <Field
          label="Name"
          name="name"
          required
          maxLength={120}
          hint="As you want to read it in Seawall."
          problem={problems.name}
        />
        <IntervalField value={60} />
      </ConnectionFields>
      <FormProblem text={state.problem} />
      <div>
        <Button variant="primary" type="submit" pending={pending}>
          Connect and test
        </Button>
      </div>
    </form>
  );
}
