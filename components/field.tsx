import type { InputHTMLAttributes } from "react";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
  hint?: string | undefined;
  problem?: string | undefined;
}

/** A labelled input with its hint and what is wrong with it. */
export function Field({ label, name, hint, problem, ...input }: FieldProps) {
  const noted = problem ?? hint;
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="inp"
        name={name}
        {...input}
        aria-invalid={problem !== undefined}
        {...(noted === undefined ? {} : { "aria-describedby": `${name}-note` })}
      />
      {noted === undefined ? null : <small id={`${name}-note`}>{noted}</small>}
    </label>
  );
}
