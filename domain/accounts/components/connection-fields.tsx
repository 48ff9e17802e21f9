import { AreaField, Field, SelectField } from "@/components/field";
import type { FormField } from "../connection-form";
import { type Connectable, INTERVALS } from "../schema";

export const intervalWord = (minutes: number): string =>
  minutes < 60 ? `every ${minutes} min` : minutes === 60 ? "every hour" : `every ${minutes / 60} h`;

/** How often an account is looked at. */
export function IntervalField({ value }: { value: number }) {
  const options = INTERVALS.map((minutes) => ({ value: String(minutes), label: intervalWord(minutes) }));
  return <SelectField label="Look at it" name="interval" options={options} defaultValue={String(value)} />;
}

function Setting({ field, problem }: { field: FormField; problem: string | undefined }) {
  const name = `settings.${field.name}`;
  if (field.kind === "choice") {
    const options = field.choices.map((choice) => ({ value: choice, label: choice }));
    return (
      <SelectField label={field.label} name={name} options={options} defaultValue={field.initial} problem={problem} />
    );
  }
  if (field.kind === "long" || field.kind === "json") {
    return (
      <div className="full">
        <AreaField
          label={`${field.label} ${field.kind === "json" ? "(JSON)" : "(PEM)"}`}
          name={name}
          defaultValue={field.initial}
          spellCheck={false}
          style={{ height: 112 }}
          problem={problem}
        />
      </div>
    );
  }
  return (
    <Field
      label={field.label}
      name={name}
      type={field.kind === "number" ? "number" : "text"}
      defaultValue={field.initial}
      required={field.required}
      readOnly={field.fixed === true}
      hint={field.fixed === true ? "Another one is another account." : undefined}
      problem={problem}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

interface Props {
  cloud: Connectable;
  fields: readonly FormField[];
  secrets: readonly { name: string; label: string }[];
  /** Names of the credentials that are stored already. */
  stored?: readonly string[];
  problems: Readonly<Record<string, string>>;
  /** What stands above the settings: name and interval. */
  children: React.ReactNode;
}

const NEVER = "Stored encrypted, never shown again.";
const KEEP = "Leave empty to keep the stored one.";

/** The fields of one cloud's connection. Credentials go in and never come back. */
export function ConnectionFields({ cloud, fields, secrets, stored = [], problems, children }: Props) {
  const more = fields.filter((field) => !field.required);
  const isWrong = more.some((field) => problems[`settings.${field.name}`] !== undefined);
  const tokens = stored.filter((name) => name.startsWith("arcToken:")).map((name) => name.slice("arcToken:".length));
  return (
    <>
      <div className="grid2">
        {children}
        {fields
          .filter((field) => field.required)
          .map((field) => (
            <Setting key={field.name} field={field} problem={problems[`settings.${field.name}`]} />
          ))}
        {secrets.map(({ name, label }) => (
          <Field
            key={name}
            label={label}
            name={`secret.${name}`}
            type="password"
            autoComplete="new-password"
            placeholder={stored.includes(name) ? "stored" : ""}
            hint={stored.includes(name) ? KEEP : NEVER}
            problem={problems[`secret.${name}`]}
          />
        ))}
      </div>
      <details open={isWrong || problems["secret.arcTokens"] !== undefined ? true : undefined}>
        <summary className="lnk">More settings: endpoints, regions, time limits</summary>
        <div className="grid2" style={{ marginTop: 12 }}>
          {more.map((field) => (
            <Setting key={field.name} field={field} problem={problems[`settings.${field.name}`]} />
          ))}
          {cloud === "azure" ? (
            <div className="full">
              <AreaField
                label="Arc cluster tokens, one name=token a line"
                name="secret.arcTokens"
                spellCheck={false}
                autoComplete="off"
                style={{ height: 72 }}
                hint={tokens.length === 0 ? NEVER : `Stored: ${tokens.join(", ")}. Lines given here replace theirs.`}
                problem={problems["secret.arcTokens"]}
              />
            </div>
          ) : null}
        </div>
      </details>
    </>
  );
}
