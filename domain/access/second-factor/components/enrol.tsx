"use client";

import { type ReactNode, useActionState } from "react";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Field } from "@/components/field";
import { FormProblem } from "@/components/problem";
import { keeping } from "../../components/keeping";
import { beginSecondFactor, confirmSecondFactor, type EnrolState } from "../actions";

/** Backup codes, shown once. */
export function BackupCodes({ codes }: { codes: readonly string[] }) {
  return (
    <div className="once" role="status">
      <p>
        Keep these backup codes where you keep passwords. Each signs you in once when the authenticator app is not at
        hand. They are not shown again.
      </p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div>
        <CopyButton text={codes.join("\n")} what="Copy all" />
      </div>
    </div>
  );
}

function Prove({ begun }: { begun: NonNullable<EnrolState["enrol"]> }) {
  const [state, action, pending] = useActionState<EnrolState, FormData>(confirmSecondFactor, { enrol: begun });
  if (state.enabled === true) {
    return (
      <div className="once">
        <BackupCodes codes={begun.backupCodes} />
        <div>
          <a className="btn pri" href="/settings/security">
            I have kept them
          </a>
        </div>
      </div>
    );
  }
  return (
    <div className="enrol">
      {/* The picture is made here from our own text by the QR library; nothing from outside is in it. */}
      <div
        className="qr"
        role="img"
        aria-label="QR code with the key below"
        dangerouslySetInnerHTML={{ __html: begun.svg }}
      />
      <form className="form" action={action} onSubmit={keeping(action)}>
        <p>
          Scan this with an authenticator app, or enter the key by hand:
          <br />
          <code className="wrap">{begun.key.match(/.{1,4}/g)?.join(" ")}</code>
        </p>
        <Field
          label="Code that the app shows"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          required
        />
        <FormProblem text={state.problem} />
        <div>
          <Button variant="primary" type="submit" pending={pending}>
            Switch on
          </Button>
        </div>
      </form>
    </div>
  );
}

/**
 * Sets up a second factor: password, then QR code and the app's code, then the backup codes. `on`: there is one already, and `children`
 * is shown. The page is drawn anew when it is switched on, and must keep this at its place until the codes were seen.
 */
export function Enrol({ on, children }: { on: boolean; children: ReactNode }) {
  const [state, action, pending] = useActionState<EnrolState, FormData>(beginSecondFactor, {});
  if (state.enrol !== undefined) return <Prove begun={state.enrol} />;
  if (on) return children;
  return (
    <form className="form narrow-form" action={action} onSubmit={keeping(action)}>
      <Field
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        problem={state.fields?.password}
      />
      <FormProblem text={state.fields === undefined ? state.problem : undefined} />
      <div>
        <Button variant="primary" type="submit" pending={pending}>
          Set up
        </Button>
      </div>
    </form>
  );
}
