import { type InputHTMLAttributes, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from "react";

interface Described {
  label: string;
  name: string;
  hint?: string | undefined;
  problem?: string | undefined;
}
interface FieldProps extends Described, Omit<InputHTMLAttributes<HTMLInputElement>, "name"> {}
interface SelectProps extends Described, Omit<SelectHTMLAttributes<HTMLSelectElement>, "name"> {
  options: readonly { value: string; label: string; disabled?: boolean }[];
}
interface AreaProps extends Described, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "name"> {}

/** The parts around a control: its label, and the note that it is described by. The hint is no part of its name. */
function parts({ label, name, hint, problem }: Described, id: string) {
  const noted = problem ?? hint;
  return {
    box: problem === undefined ? "field" : "field wrong",
    head: <label htmlFor={id}>{label}</label>,
    note: noted === undefined ? null : <small id={`${id}-note`}>{noted}</small>,
    control: {
      id,
      name,
      "aria-invalid": problem !== undefined,
      ...(noted === undefined ? {} : { "aria-describedby": `${id}-note` }),
    },
  };
}

/** A labelled input with its hint and what is wrong with it. */
export function Field({ label, name, hint, problem, ...input }: FieldProps) {
  const { box, head, note, control } = parts({ label, name, hint, problem }, useId());
  return (
    <div className={box}>
      {head}
      <input className="inp" {...input} {...control} />
      {note}
    </div>
  );
}

/** A labelled choice of one. */
export function SelectField({ label, name, hint, problem, options, ...select }: SelectProps) {
  const { box, head, note, control } = parts({ label, name, hint, problem }, useId());
  return (
    <div className={box}>
      {head}
      <select className="inp" {...select} {...control}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
            {option.label}
          </option>
        ))}
      </select>
      {note}
    </div>
  );
}

/** A labelled text of several lines. */
export function AreaField({ label, name, hint, problem, ...area }: AreaProps) {
  const { box, head, note, control } = parts({ label, name, hint, problem }, useId());
  return (
    <div className={box}>
      {head}
      <textarea className="inp" {...area} {...control} />
      {note}
    </div>
  );
}

/** A checkbox with its words at the right. */
export function CheckField({
  label,
  name,
  hint,
  ...input
}: Omit<Described, "problem"> & Omit<InputHTMLAttributes<HTMLInputElement>, "name">) {
  return (
    <label className="check">
      <input type="checkbox" className="ck" name={name} {...input} />
      <span>
        {label}
        {hint === undefined ? null : <small>{hint}</small>}
      </span>
    </label>
  );
}
