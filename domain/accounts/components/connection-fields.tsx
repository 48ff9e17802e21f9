import { Field, SelectField } from "@/components/field";
import { Fold } from "@/components/fold";
import type { FormSecrets } from "../cloud-form";
import type { FormField, RowsField } from "../form-field";
import { INTERVALS } from "../schema";
import { Setting } from "./setting";
import { SettingRows } from "./setting-rows";

export const intervalWord = (minutes: number): string =>
  minutes < 60 ? `every ${minutes} min` : minutes === 60 ? "every hour" : `every ${minutes / 60} h`;

/** How often an account is looked at. */
export function IntervalField({ value }: { value: number }) {
  const options = INTERVALS.map((minutes) => ({ value: String(minutes), label: intervalWord(minutes) }));
  return <SelectField label="Look at it" name="interval" options={options} defaultValue={String(value)} />;
}

interface Props {
  fields: readonly FormField[];
  secrets: FormSecrets;
  /** By the controls' names. */
  problems: Readonly<Record<string, string>>;
  /** A row of settings went: no control of the form tells of that. */
  onRemove?: () => void;
  /** What stands above the settings: name and interval. */
  children: React.ReactNode;
}

const FOLDS = [
  { section: "endpoints", title: "Sovereign clouds and private endpoints" },
  { section: "limits", title: "Time limits and retries" },
] as const;
const isRows = (field: FormField): field is RowsField => field.kind === "rows";
const isSetting = (field: FormField): field is Exclude<FormField, RowsField> => field.kind !== "rows";

/** How many of a fold's fields are not as they come, so that a closed fold does not hide it. */
const changed = (fields: readonly FormField[]): string => {
  const amount = fields.filter((field) => field.kind !== "choice" && field.initial.length > 0).length;
  return amount === 0 ? "" : `${amount} set`;
};

/** The fields of one cloud's connection. Credentials go in and never come back. */
export function ConnectionFields({ fields, secrets, problems, onRemove, children }: Props) {
  const settings = fields.filter(isSetting);
  const { row } = secrets;
  const isWrong = (start: string): boolean => Object.keys(problems).some((place) => place.startsWith(start));
  return (
    <>
      <div className="grid2">
        {children}
        {settings
          .filter(({ section }) => section === "main")
          .map((field) => (
            <Setting key={field.name} field={field} problem={problems[`settings.${field.name}`]} />
          ))}
        {secrets.fields.map(({ name, label, hint, stored }) => (
          <Field
            key={name}
            label={label}
            name={`secret.${name}`}
            type="password"
            autoComplete="new-password"
            placeholder={stored ? "stored" : ""}
            hint={`${hint} ${stored ? "Leave empty to keep the stored one." : "Stored encrypted, never shown again."}`.trim()}
            problem={problems[`secret.${name}`]}
          />
        ))}
      </div>
      <div className="folds">
        {row === null
          ? null
          : fields.filter(isRows).map((field) => (
              <Fold
                key={field.name}
                title={field.label}
                remark={changed([field])}
                open={field.initial.length > 0 || isWrong(`settings.${field.name}`) || isWrong(`secret.${field.name}.`)}
              >
                <SettingRows field={field} secret={row} problems={problems} onRemove={onRemove} />
              </Fold>
            ))}
        {FOLDS.map(({ section, title }) => {
          const own = settings.filter((field) => field.section === section);
          return (
            <Fold
              key={section}
              title={title}
              remark={changed(own)}
              open={own.some(({ name }) => problems[`settings.${name}`] !== undefined)}
            >
              <div className="grid2">
                {own.map((field) => (
                  <Setting key={field.name} field={field} problem={problems[`settings.${field.name}`]} />
                ))}
              </div>
            </Fold>
          );
        })}
      </div>
    </>
  );
}
