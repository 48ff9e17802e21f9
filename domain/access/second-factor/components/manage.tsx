"use client";

import { useActionState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { CheckField, Field } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import type { FormState } from "../../schema";
import { changePassword } from "../../sessions/actions";
import { type CodesState, disableSecondFactor, renewBackupCodes, setFactorPolicy } from "../actions";
import { CODE_LENGTH } from "../code";
import { BackupCodes } from "./enrol";

function Password({ problem }: { problem: string | undefined }) {
  return (
    <Field
      label="Your password"
      name="password"
      type="password"
      autoComplete="current-password"
      required
      problem={problem}
    />
  );
}

function Code({ problem }: { problem: string | undefined }) {
  return (
    <Field
      label="Code of your authenticator app, or a backup code"
      name="code"
      autoComplete="one-time-code"
      maxLength={CODE_LENGTH}
      required
      problem={problem}
    />
  );
}

function RenewForm() {
  const [state, action, pending] = useActionState<CodesState, FormData>(renewBackupCodes, {});
  if (state.backupCodes !== undefined) return <BackupCodes codes={state.backupCodes} />;
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <Password problem={state.fields?.password} />
      <Code problem={state.fields?.code} />
      <FormProblem text={state.fields === undefined ? state.problem : undefined} />
      <div className="acts end">
        <Button variant="primary" type="submit" pending={pending}>
          Make new codes
        </Button>
      </div>
    </form>
  );
}

function DisableForm() {
  const [state, action, pending] = useActionState<FormState, FormData>(disableSecondFactor, {});
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <Password problem={state.fields?.password} />
      <Code problem={state.fields?.code} />
      <FormProblem text={state.fields === undefined ? state.problem : undefined} />
      <div className="acts end">
        <Button variant="primary" type="submit" pending={pending}>
          Switch off
        </Button>
      </div>
    </form>
  );
}

/** For who has a second factor: new backup codes, another app, or none. */
export function ManageFactor() {
  return (
    <div className="btns">
      <Dialog
        title="New backup codes"
        description="The old codes no longer work then."
        trigger={<Button>New backup codes</Button>}
      >
        <RenewForm />
      </Dialog>
      <Dialog
        title="Switch off the second factor?"
        description="Your password alone signs you in then. To change to another app, switch off and set up anew."
        trigger={<Button>Switch off</Button>}
      >
        <DisableForm />
      </Dialog>
    </div>
  );
}

/** Changes one's own password. */
export function PasswordForm() {
  const [state, action, pending] = useActionState<FormState, FormData>(changePassword, {});
  const problems = state.fields ?? {};
  return (
    <form className="form narrow-form" action={action} onSubmit={keeping(action)} key={state.done ?? ""}>
      <Field
        label="Current password"
        name="current"
        type="password"
        autoComplete="current-password"
        required
        problem={problems.current}
      />
      <Field
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={128}
        required
        hint="At least 12 characters. Your other sessions end."
        problem={problems.password}
      />
      <Field
        label="New password again"
        name="again"
        type="password"
        autoComplete="new-password"
        required
        problem={problems.again}
      />
      <FormProblem text={state.problem} />
      <div className="acts">
        <Button type="submit" pending={pending}>
          Change password
        </Button>
        <span className="sm mut" role="status">
          {state.done ?? ""}
        </span>
      </div>
    </form>
  );
}

/** For an Owner of everything: whether a second factor is required. */
export function FactorPolicy({ required }: { required: boolean }) {
  const [state, action, pending] = useActionState<FormState, FormData>(setFactorPolicy, {});
  return (
    <form className="form" action={action} onSubmit={keeping(action)}>
      <CheckField
        label="Require a second factor"
        hint="Everybody who signs in with a password must set one up before anything else, you too."
        name="required"
        defaultChecked={required}
      />
      <FormProblem text={state.problem} />
      <div className="acts">
        <Button type="submit" pending={pending}>
          Save
        </Button>
        <span className="sm mut" role="status">
          {state.done ?? ""}
        </span>
      </div>
    </form>
  );
}
