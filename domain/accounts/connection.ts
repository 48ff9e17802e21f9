import { z } from "zod";
import { CLOUD_FORMS } from "./cloud-form";
import type { Connectable } from "./schema";

export type Settings = Readonly<Record<string, unknown>>;

/** A connection as somebody entered it, unchecked: settings as the cloud's schema wants them, credentials by name. */
export interface Entered {
  settings: Settings;
  secrets: Readonly<Record<string, string>>;
}
export interface ParsedConnection {
  externalId: string;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}
/** What is wrong, by place: `settings.endpoints.sts`, `settings.arc.0.server`, `secret.clientSecret`. */
export type Problems = Record<string, string>;
export type ConnectionResult = { ok: true; connection: ParsedConnection } | { ok: false; fields: Problems };

const MAX_SECRET = 16_384;
const OWN_NEEDED = "This is needed, unless another way to sign in is chosen.";
const ROW_NEEDED = "This is needed for as long as its cluster is listed.";

/** Texts without what a browser or a paste adds to them; an empty one counts as not given. */
function tidy(value: unknown): unknown {
  if (typeof value === "string") {
    const text = value.trim().replaceAll("\r\n", "\n");
    return text === "" ? undefined : text;
  }
  if (Array.isArray(value)) return value.map(tidy).filter((each) => each !== undefined);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const kept = Object.entries(value).flatMap(([name, each]) => {
    const inner = tidy(each);
    return inner === undefined ? [] : [[name, inner] as const];
  });
  return Object.fromEntries(kept);
}
const recordSchema = z.record(z.string(), z.unknown());

/** Settings as the connector's schema reads them, or what is wrong with them. */
export function parseSettings(
  cloud: Connectable,
  settings: Settings,
): { ok: true; settings: Record<string, unknown> } | { ok: false; fields: Problems } {
  const raw = recordSchema.parse(tidy(settings));
  const parsed = CLOUD_FORMS[cloud].schema.safeParse(raw);
  if (parsed.success) return { ok: true, settings: recordSchema.parse(parsed.data) };
  const fields: Problems = {};
  for (const issue of parsed.error.issues) {
    const given = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], raw);
    const isMissing = issue.code === "invalid_type" && given === undefined;
    // A value of a list is told at the list; a field of a row at that field.
    const isEntry = issue.path.length === 2 && Array.isArray(raw[String(issue.path[0])]) && typeof given === "string";
    const place = isEntry ? issue.path.slice(0, 1) : issue.path;
    const message = isMissing ? "This is needed." : isEntry ? `${given}: ${issue.message}` : issue.message;
    fields[["settings", ...place].join(".")] ??= message;
  }
  return { ok: false, fields };
}

/** Names of settings that the cloud does not have: a misspelt one must not go unnoticed. */
function unknownSettings(cloud: Connectable, settings: Settings): Problems {
  const shape = recordSchema.parse(
    z.toJSONSchema(CLOUD_FORMS[cloud].schema, { io: "input", unrepresentable: "any" }).properties,
  );
  const strange = Object.keys(settings).filter((name) => !Object.hasOwn(shape, name));
  return Object.fromEntries(strange.map((name) => [`settings.${name}`, "There is no such setting."]));
}

/** Credentials without blanks around them; a row's has to belong to a row that is there. */
function parseSecrets(cloud: Connectable, { settings, secrets }: Entered): { kept: Problems; wrong: Problems } {
  const { secrets: known, rows } = CLOUD_FORMS[cloud];
  const kept: Problems = {};
  const wrong: Problems = {};
  const given = rows === null ? [] : settings[rows.field];
  const keys = (Array.isArray(given) ? given : []).map((row) => recordSchema.safeParse(row).data?.[rows?.key ?? ""]);
  for (const [name, value] of Object.entries(secrets)) {
    const text = value.trim();
    const key = rows?.keyOf(name) ?? null;
    if (text === "") continue;
    if (key === null && !known.some((each) => each.name === name))
      wrong[`secret.${name}`] = "There is no such credential.";
    else if (text.length > MAX_SECRET) wrong[`secret.${name}`] = "This is too long for a credential.";
    else if (key !== null && /\s/.test(text)) wrong[`secret.${name}`] = "A token has no blanks.";
    else if (key !== null && !keys.includes(key)) wrong[`secret.${name}`] = "No cluster of this name is listed.";
    else kept[name] = text;
  }
  return { kept, wrong };
}

/** Names of the credentials that a connection with these settings uses. A setting that is left out is as it comes. */
export function usedSecrets(cloud: Connectable, settings: Settings): string[] {
  const { secrets, entered, rows } = CLOUD_FORMS[cloud];
  const own = (settings[entered.setting] ?? entered.is) === entered.is ? secrets.map(({ name }) => name) : [];
  if (rows === null) return own;
  const keys = z.array(recordSchema.catch({})).catch([]).parse(settings[rows.field]);
  return [...own, ...keys.map((row) => row[rows.key]).flatMap((key) => (filled(key) ? [rows.nameOf(key.trim())] : []))];
}
const filled = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

/** As `parseConnection`, for an account that is new: nothing is stored yet, so every credential that it uses has to be entered. */
export function parseNewConnection(cloud: Connectable, entered: Entered): ConnectionResult {
  const parsed = parseConnection(cloud, entered);
  const own = CLOUD_FORMS[cloud].secrets.map(({ name }) => name);
  const missing = usedSecrets(cloud, entered.settings)
    .filter((name) => !filled(entered.secrets[name]))
    .map((name) => [`secret.${name}`, own.includes(name) ? OWN_NEEDED : ROW_NEEDED] as const);
  if (missing.length === 0) return parsed;
  return { ok: false, fields: { ...Object.fromEntries(missing), ...(parsed.ok ? {} : parsed.fields) } };
}

/** Parses what was entered with the connector's schema. An empty value counts as not given; problems carry the field's place. */
export function parseConnection(cloud: Connectable, entered: Entered): ConnectionResult {
  const parsed = parseSettings(cloud, entered.settings);
  const { kept, wrong } = parseSecrets(cloud, entered);
  const fields = { ...(parsed.ok ? {} : parsed.fields), ...unknownSettings(cloud, entered.settings), ...wrong };
  if (!parsed.ok || Object.keys(fields).length > 0) return { ok: false, fields };
  const externalId = String(parsed.settings[CLOUD_FORMS[cloud].idField]);
  return { ok: true, connection: { externalId, settings: parsed.settings, secrets: kept } };
}
