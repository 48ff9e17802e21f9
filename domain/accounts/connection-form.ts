import { z } from "zod";
import { permissions as aksPermissions } from "@/connectors/aks/permissions";
import { permissions as arcPermissions } from "@/connectors/arc/permissions";
import { arcSettings } from "@/connectors/arc/schema";
import { permissions as eksPermissions } from "@/connectors/eks/permissions";
import { eksSecretFields, eksSettingsSchema } from "@/connectors/eks/schema";
import { permissions as gkePermissions } from "@/connectors/gke/permissions";
import { secretFields as gkeSecretFields, settingsSchema as gkeSettings } from "@/connectors/gke/schema";
import type { Connectable } from "./schema";

export interface FormField {
  name: string;
  label: string;
  kind: "text" | "number" | "choice" | "long" | "json";
  required: boolean;
  choices: string[];
  initial: string;
  /** It is what the account is known by, and never changes. */
  fixed?: boolean;
}

interface CloudForm {
  title: string;
  what: string;
  schema: z.ZodType;
  /** Which setting is the account's own id in its cloud. */
  idField: string;
  secrets: { name: string; label: string }[];
  permissions: typeof aksPermissions;
}

const SHORT: Readonly<Record<string, string>> = {
  id: "id",
  arn: "ARN",
  url: "URL",
  ca: "CA",
  sts: "STS",
  api: "API",
  arm: "ARM",
  ms: "(milliseconds)",
};

/** roleArn → Role ARN */
function words(name: string): string {
  const text = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(" ")
    .map((word) => SHORT[word] ?? word)
    .join(" ");
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

/** What each cloud asks for. The fields come from the connectors' own schemas, so form and connector cannot disagree. */
export const CLOUD_FORMS: Readonly<Record<Connectable, CloudForm>> = {
  azure: {
    title: "Azure subscription",
    what: "AKS and Arc-enabled clusters",
    schema: arcSettings,
    idField: "subscriptionId",
    secrets: [{ name: "clientSecret", label: "Client secret" }],
    permissions: [...aksPermissions, ...arcPermissions],
  },
  aws: {
    title: "AWS account",
    what: "EKS clusters",
    schema: eksSettingsSchema,
    idField: "accountId",
    secrets: eksSecretFields.map((name) => ({ name, label: words(name) })),
    permissions: eksPermissions,
  },
  gcp: {
    title: "GCP project",
    what: "GKE clusters",
    schema: gkeSettings,
    idField: "projectId",
    secrets: gkeSecretFields.map((name) => ({ name, label: words(name) })),
    permissions: gkePermissions,
  },
};

const propertySchema = z.object({
  title: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
});
const objectSchema = z.object({
  properties: z.record(z.string(), propertySchema),
  required: z.array(z.string()).default([]),
});

/** The fields of a cloud's settings, required ones first. */
export function fieldsOf(cloud: Connectable): FormField[] {
  const shape = objectSchema.parse(z.toJSONSchema(CLOUD_FORMS[cloud].schema, { io: "input", unrepresentable: "any" }));
  const fields = Object.entries(shape.properties).map(([name, property]): FormField => {
    const type = Array.isArray(property.type) ? property.type[0] : property.type;
    const initial = property.default;
    const kind =
      property.enum !== undefined
        ? "choice"
        : type === "integer" || type === "number"
          ? "number"
          : type === "array" || type === "object"
            ? "json"
            : name === "caBundle"
              ? "long"
              : "text";
    return {
      name,
      kind,
      label: property.title ?? words(name),
      required: shape.required.includes(name),
      choices: property.enum ?? [],
      initial: initial === undefined ? "" : typeof initial === "string" ? initial : JSON.stringify(initial),
    };
  });
  return fields.sort((a, b) => Number(b.required) - Number(a.required));
}

/** The fields of a cloud with an account's own settings in them. */
export function filledFields(cloud: Connectable, settings: Readonly<Record<string, unknown>>): FormField[] {
  return fieldsOf(cloud).map((field) => {
    const value = settings[field.name];
    const initial =
      value === undefined || value === null
        ? field.initial
        : typeof value === "object"
          ? JSON.stringify(value, null, 2)
          : String(value);
    return { ...field, initial, fixed: field.name === CLOUD_FORMS[cloud].idField };
  });
}

export interface ParsedConnection {
  externalId: string;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}
export type ConnectionResult =
  | { ok: true; connection: ParsedConnection }
  | { ok: false; fields: Record<string, string> };

const MAX_SECRET = 16_384;
const ARC_TOKEN = /^([^=\s]{1,200})=(\S{1,16384})$/;

function readField(field: FormField, text: string): unknown {
  if (field.kind === "number") return Number(text);
  if (field.kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // not JSON: the connector's schema then names the field and says what it wants
  }
}

/** Parses what was entered with the connector's schema. An empty value counts as not given; problems carry the field's name. */
export function parseConnection(cloud: Connectable, entered: ReadonlyMap<string, string>): ConnectionResult {
  const form = CLOUD_FORMS[cloud];
  const raw: Record<string, unknown> = {};
  for (const field of fieldsOf(cloud)) {
    const text = entered.get(`settings.${field.name}`)?.trim().replaceAll("\r\n", "\n") ?? ""; // browsers send CRLF
    if (text !== "") raw[field.name] = readField(field, text);
  }
  const parsed = form.schema.safeParse(raw);
  const problems: Record<string, string> = parsed.success
    ? {}
    : Object.fromEntries(
        parsed.error.issues.map((issue) => [`settings.${String(issue.path[0] ?? "")}`, issue.message]),
      );
  const secrets: Record<string, string> = {};
  for (const { name } of form.secrets) {
    const text = entered.get(`secret.${name}`)?.trim() ?? "";
    if (text.length > MAX_SECRET) problems[`secret.${name}`] = "This is too long for a credential.";
    else if (text !== "") secrets[name] = text;
  }
  for (const line of (entered.get("secret.arcTokens") ?? "")
    .split("\n")
    .map((each) => each.trim())
    .filter((each) => each !== "")) {
    const match = ARC_TOKEN.exec(line);
    if (match === null) problems["secret.arcTokens"] = "Each line must be name=token.";
    else secrets[`arcToken:${match[1]}`] = String(match[2]);
  }
  const settings = z.record(z.string(), z.unknown()).safeParse(parsed.success ? parsed.data : null);
  if (!settings.success || Object.keys(problems).length > 0) return { ok: false, fields: problems };
  return {
    ok: true,
    connection: { externalId: String(settings.data[form.idField]), settings: settings.data, secrets },
  };
}
