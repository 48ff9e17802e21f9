"use client";

import { type FormEvent, startTransition, useActionState } from "react";
import { Field } from "@/components/field";
import { Mark } from "@/components/marks";
import type { FormState } from "@/domain/access/schema";
import { connect, saveSchedule } from "../actions";
import type { FormField } from "../connection-form";
import { type Connectable, INTERVALS } from "../schema";

const intervalWord = (minutes: number): string =>
  minutes < 60 ? `every ${minutes} min` : minutes === 60 ? "every hour" : `every ${minutes / 60} h`;

function IntervalField({ value }: { value: number }) {
  return (
    <label className="field">
      <span>Look at it</span>
      <select className="inp" name="interval" defaultValue={String(value)}>
        {INTERVALS.map((minutes) => (
          <option key={minutes} value={minutes}>
            {intervalWord(minutes)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Setting({ field, problem }: { field: FormField; problem: string | undefined }) {
  const name = `settings.${field.name}`;
  if (field.kind === "choice") {
    return (
      <label className="field">
        <span>{field.label}</span>
        <select className="inp" name={name} defaultValue={field.initial}>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
        {problem === undefined ? null : <small>{problem}</small>}
      </label>
    );
  }
  if (field.kind === "long" || field.kind === "json") {
    return (
      <label className="field full">
        <span>
          {field.label}
          {field.kind === "json" ? " (JSON)" : " (PEM)"}
        </span>
        <textarea className="inp" name={name} defaultValue={field.initial} spellCheck={false} />
        {problem === undefined ? null : <small>{problem}</small>}
      </label>
    );
  }
  return (
    <Field
      label={field.label}
      name={name}
      type={field.kind === "number" ? "number" : "text"}
      defaultValue={field.initial}
      required={field.required}
      problem={problem}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

interface ConnectProps {
  cloud: Connectable;
  fields: FormField[];
  secrets: { name: string; label: string }[];
}

/** What a cloud's connector asks for. Secrets are write-only: they are sealed on arrival and never shown again. */
export function ConnectForm({ cloud, fields, secrets }: ConnectProps) {
  const [state, action, pending] = useActionState<FormState, FormData>(connect, {});
  // React empties a form after its action; a long form with one mistake must keep what was entered.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => action(form));
  };
  const problems = state.fields ?? {};
  const more = fields.filter((field) => !field.required);
  const wrongInMore = more.some((field) => problems[`settings.${field.name}`] !== undefined);
  return (
    <form className="form" action={action} onSubmit={submit} style={{ maxWidth: 720 }}>
      <input type="hidden" name="cloud" value={cloud} />
      <div className="grid2">
        <Field
          label="Name"
          name="name"
          required
          maxLength={120}
          hint="As you want to read it in Seawall."
          problem={problems.name}
        />
        <IntervalField value={60} />
        {fields
          .filter((field) => field.required)
          .map((field) => (
            <Setting key={field.name} field={field} problem={problems[`settings.${field.name}`]} />
          ))}
        {secrets.map((secret) => (
          <Field
            key={secret.name}
            label={secret.label}
            name={`secret.${secret.name}`}
            type="password"
            autoComplete="off"
            hint="Stored encrypted, never shown again."
            problem={problems[`secret.${secret.name}`]}
          />
        ))}
      </div>
      <details open={wrongInMore}>
        <summary className="lnk">More settings: endpoints, regions, time limits</summary>
        <div className="grid2" style={{ marginTop: 12 }}>
          {more.map((field) => (
            <Setting key={field.name} field={field} problem={problems[`settings.${field.name}`]} />
          ))}
          {cloud === "azure" ? (
            <label className="field full">
              <span>Arc cluster tokens, one name=token a line</span>
              <textarea className="inp" name="secret.arcTokens" spellCheck={false} autoComplete="off" />
              <small>{problems["secret.arcTokens"] ?? "Stored encrypted, never shown again."}</small>
            </label>
          ) : null}
        </div>
      </details>
      <div role="alert">
        {state.problem === undefined ? null : (
          <p className="problem">
            <Mark name="failed" />
            <span>{state.problem}</span>
          </p>
        )}
      </div>
      <div>
        <button type="submit" className="btn pri" disabled={pending}>
          Connect and test
        </button>
      </div>
    </form>
  );
}

/** How often an account is looked at, and whether at all. */
export function ScheduleForm({ id, interval, enabled }: { id: string; interval: number; enabled: boolean }) {
  const [state, action, pending] = useActionState<FormState & { done?: string }, FormData>(saveSchedule, {});
  return (
    <form className="form" action={action} style={{ maxWidth: 280 }}>
      <input type="hidden" name="id" value={id} />
      <IntervalField value={interval} />
      <label className="nw">
        <input
          type="checkbox"
          name="enabled"
          defaultChecked={enabled}
          className="ck"
          style={{ display: "inline-block", verticalAlign: "-2px" }}
        />{" "}
        Switched on
      </label>
      <div className="acts">
        <button type="submit" className="btn" disabled={pending}>
          Save schedule
        </button>
        <span className="sm mut" aria-live="polite">
          {state.problem ?? state.done ?? ""}
        </span>
      </div>
    </form>
  );
}
