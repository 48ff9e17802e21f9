import type { z } from "zod";
import { permissions as aksPermissions } from "@/connectors/aks/permissions";
import { permissions as arcPermissions } from "@/connectors/arc/permissions";
import { arcSettings, arcTokenField } from "@/connectors/arc/schema";
import { permissions as eksPermissions } from "@/connectors/eks/permissions";
import { eksSecretFields, eksSettingsSchema } from "@/connectors/eks/schema";
import { permissions as gkePermissions } from "@/connectors/gke/permissions";
import { secretFields as gkeSecretFields, settingsSchema as gkeSettings } from "@/connectors/gke/schema";
import type { Connectable } from "./schema";

export interface SecretField {
  name: string;
  label: string;
  /** What it is and where it is found. */
  hint: string;
}
/** Settings that are rows with a credential each. */
export interface SecretRows {
  /** The setting that holds the rows. */
  field: string;
  /** The column that a row's credential is named by. */
  key: string;
  label: string;
  /** The credential's name of a row, and the row's of a credential (null: it is no row's). */
  nameOf: (key: string) => string;
  keyOf: (secret: string) => string | null;
}

interface CloudForm {
  title: string;
  what: string;
  schema: z.ZodType;
  /** Which setting is the account's own id in its cloud. */
  idField: string;
  secrets: readonly SecretField[];
  /** Its secrets are needed where this setting, as it comes or chosen, is this. */
  entered: { setting: string; is: string };
  rows: SecretRows | null;
  permissions: typeof aksPermissions;
}

const TOKEN = arcTokenField("");
const ARC_ROWS: SecretRows = {
  field: "arc",
  key: "name",
  label: "Token of its service account",
  nameOf: arcTokenField,
  keyOf: (secret) => (secret.startsWith(TOKEN) ? secret.slice(TOKEN.length) : null),
};

const SECRET_WORDS: Readonly<Record<string, Omit<SecretField, "name">>> = {
  clientSecret: { label: "Client secret", hint: "The secret's value, not its id." },
  accessKeyId: { label: "Access key id", hint: "Of the user that may take on the role; it begins with AKIA." },
  secretAccessKey: { label: "Secret access key", hint: "That was shown once, with the access key id." },
  subjectToken: { label: "Subject token", hint: "The token that the workload identity provider trusts." },
};
const named = (names: readonly string[]): SecretField[] =>
  names.map((name) => ({ name, ...(SECRET_WORDS[name] ?? { label: name, hint: "" }) }));

/** What each cloud asks for. The fields come from the connectors' own schemas, so form and connector cannot disagree. */
export const CLOUD_FORMS: Readonly<Record<Connectable, CloudForm>> = {
  azure: {
    title: "Azure subscription",
    what: "AKS and Arc-enabled clusters",
    schema: arcSettings,
    idField: "subscriptionId",
    secrets: named(["clientSecret"]),
    entered: { setting: "credential", is: "secret" },
    rows: ARC_ROWS,
    permissions: [...aksPermissions, ...arcPermissions],
  },
  aws: {
    title: "AWS account",
    what: "EKS clusters",
    schema: eksSettingsSchema,
    idField: "accountId",
    secrets: named(eksSecretFields),
    entered: { setting: "hubCredentials", is: "access_key" },
    rows: null,
    permissions: eksPermissions,
  },
  gcp: {
    title: "GCP project",
    what: "GKE clusters",
    schema: gkeSettings,
    idField: "projectId",
    secrets: named(gkeSecretFields),
    entered: { setting: "subjectTokenSource", is: "secret" },
    rows: null,
    permissions: gkePermissions,
  },
};

/** The credentials that a form asks for, and of which one is stored. Never the credentials. */
export interface FormSecrets {
  fields: readonly (SecretField & { stored: boolean })[];
  /** Of each row: `stored` are the rows' keys. */
  row: { field: string; key: string; label: string; stored: readonly string[] } | null;
}

/** What a cloud's form asks for; `stored` are the names of the credentials that an account has. */
export function secretsOf(cloud: Connectable, stored: readonly string[] = []): FormSecrets {
  const { secrets, rows } = CLOUD_FORMS[cloud];
  return {
    fields: secrets.map((each) => ({ ...each, stored: stored.includes(each.name) })),
    row:
      rows === null
        ? null
        : {
            ...{ field: rows.field, key: rows.key, label: rows.label },
            stored: stored.flatMap((name) => rows.keyOf(name) ?? []),
          },
  };
}
