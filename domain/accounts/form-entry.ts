import { CLOUD_FORMS } from "./cloud-form";
import type { Entered, Problems } from "./connection";
import { fieldsOf, type RowsField } from "./form-field";
import type { Connectable } from "./schema";

/** What a form says, and where its rows stand in it: rows are numbered as they came, and blank ones don't count. */
export interface FormEntry extends Entered {
  /** The number in the form of each row that counts. */
  rows: readonly number[];
  /** The rows' keys, in the same order. */
  keys: readonly string[];
}

const texts = (form: FormData, name: string): string[] =>
  form.getAll(name).filter((value): value is string => typeof value === "string");
const text = (form: FormData, name: string): string => texts(form, name)[0]?.trim() ?? "";

/** Rows of `settings.FIELD.NUMBER.COLUMN` of which anything was filled in, by their number. */
function rowsOf(form: FormData, { name, columns }: RowsField): Map<number, Record<string, string>> {
  const rows = new Map<number, Record<string, string>>();
  for (const key of form.keys()) {
    const [, field, number = "", column = ""] = key.split(".");
    if (field !== name || !/^\d{1,4}$/.test(number) || !columns.some((each) => each.name === column)) continue;
    const value = text(form, key);
    if (value !== "") rows.set(Number(number), { ...rows.get(Number(number)), [column]: value });
  }
  return new Map([...rows].sort(([a], [b]) => a - b));
}

/** Reads the form of a cloud's connection. Lists may come as several values, or as one with commas or blanks between. */
export function readEntry(cloud: Connectable, form: FormData): FormEntry {
  const { secrets: known, rows: secretRows } = CLOUD_FORMS[cloud];
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  let rows: FormEntry["rows"] = [];
  let keys: FormEntry["keys"] = [];
  const put = (name: string, value: unknown): void => {
    const [first = "", second] = name.split(".");
    settings[first] = second === undefined ? value : { ...(settings[first] as object | undefined), [second]: value };
  };
  for (const field of fieldsOf(cloud)) {
    const at = `settings.${field.name}`;
    if (field.kind === "list") put(field.name, [...new Set(texts(form, at).flatMap((each) => each.split(/[\s,;]+/)))]);
    else if (field.kind === "rows") {
      const filled = rowsOf(form, field);
      put(field.name, [...filled.values()]);
      rows = [...filled.keys()];
      keys = [...filled.values()].map((row) => row[secretRows?.key ?? ""] ?? "");
    } else {
      const value = text(form, at);
      if (value !== "") put(field.name, field.kind === "number" ? Number(value) : value);
    }
  }
  for (const { name } of known) secrets[name] = text(form, `secret.${name}`);
  if (secretRows !== null)
    for (const [at, number] of rows.entries()) {
      const token = text(form, `secret.${secretRows.field}.${number}`);
      if (token !== "") secrets[secretRows.nameOf(keys[at] ?? "")] = token;
    }
  return { settings, secrets, rows, keys };
}

/** The same problems by the names that the form's controls have. */
export function problemsInForm(cloud: Connectable, { rows, keys }: FormEntry, problems: Readonly<Problems>): Problems {
  const secretRows = CLOUD_FORMS[cloud].rows;
  if (secretRows === null) return { ...problems };
  const renamed = Object.entries(problems).map(([place, message]): [string, string] => {
    const [kind, field, at = "", column] = place.split(".");
    if (kind === "settings" && field === secretRows.field && column !== undefined)
      return [`settings.${field}.${rows[Number(at)]}.${column}`, message];
    const key = kind === "secret" ? secretRows.keyOf(place.slice("secret.".length)) : null;
    return key === null ? [place, message] : [`secret.${secretRows.field}.${rows[keys.indexOf(key)]}`, message];
  });
  return Object.fromEntries(renamed);
}
