import { AreaField, Field, SelectField } from "@/components/field";
import { TokenField } from "@/components/token-field";
import type { ChoiceField, ListField, TextField } from "../form-field";

/** The control of one text or number; `name` is the form's. */
export function TextSetting({ field, name, problem }: { field: TextField; name: string; problem: string | undefined }) {
  const hint = field.fixed ? "Another one is another account." : field.hint === "" ? undefined : field.hint;
  const shared = {
    ...{ label: field.label, name, hint, problem, defaultValue: field.initial },
    ...{ spellCheck: false, autoComplete: "off", required: field.required },
  };
  if (field.long)
    return (
      <div className="full">
        <AreaField {...shared} placeholder="-----BEGIN CERTIFICATE-----" />
      </div>
    );
  return (
    <Field
      {...shared}
      type="text"
      inputMode={field.kind === "number" ? "numeric" : /address|server/i.test(field.label) ? "url" : "text"}
      placeholder={field.fallback}
      readOnly={field.fixed}
    />
  );
}

/** The control of one setting that is no rows. */
export function Setting({
  field,
  problem,
}: {
  field: TextField | ChoiceField | ListField;
  problem: string | undefined;
}) {
  const name = `settings.${field.name}`;
  if (field.kind === "list")
    return (
      <div className="full">
        <TokenField
          {...{ label: field.label, name, values: field.initial, known: field.known, pattern: field.pattern }}
          noun={field.label.toLowerCase().replace(/s$/, "")}
          hint={field.hint}
          problem={problem}
        />
      </div>
    );
  if (field.kind === "choice")
    return (
      <SelectField
        {...{ label: field.label, name, options: field.choices, defaultValue: field.initial, problem }}
        hint={field.hint === "" ? undefined : field.hint}
      />
    );
  return <TextSetting field={field} name={name} problem={problem} />;
}
