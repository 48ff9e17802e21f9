import path from "node:path";
import { z } from "zod";

const flag = z.stringbool({ truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] });
const port = z.coerce.number().int().min(0).max(65535);

/** Every setting, with what it is for and an example. `npm start` and the README are driven by this table. */
export const SETTINGS = {
  DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
      .optional(),
    purpose: "A PostgreSQL 15 or newer to use instead of the embedded one",
    example: "postgresql://seawall:secret@db.internal:5432/seawall",
  },
  SEAWALL_DATA_DIR: {
    schema: z.string().min(1).default(".data"),
    purpose: "Folder of the embedded database and of generated keys",
    example: "/var/lib/seawall",
  },
  HOST: {
    schema: z.string().min(1).default("127.0.0.1"),
    purpose: "Address the console listens on",
    example: "0.0.0.0",
  },
  PORT: { schema: port.default(3000), purpose: "Port the console listens on", example: "8080" },
  SEAWALL_URL: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    purpose: "Address people reach the console at, when a proxy stands before it",
    example: "https://seawall.example.com",
  },
  SEAWALL_TRUSTED_PROXIES: {
    schema: z.coerce.number().int().min(0).max(10).default(0),
    purpose: "Proxies before the console whose X-Forwarded-For is believed, for client addresses",
    example: "1",
  },
  SEAWALL_KEY: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/, "must be 32 bytes in base64")
      .optional(),
    purpose: "Key that encrypts stored credentials; without it one is made in the data folder",
    example: "the output of: openssl rand -base64 32",
  },
  SEAWALL_SESSION_SECRET: {
    schema: z.string().min(32, "must have at least 32 characters").optional(),
    purpose: "Secret that signs sessions; without it one is made in the data folder",
    example: "the output of: openssl rand -hex 32",
  },
  SEAWALL_ALLOW_PRIVATE_NETWORKS: {
    schema: flag.default(false),
    purpose: "Lets accounts name private and loopback addresses (private clusters, the demo)",
    example: "true",
  },
  SEAWALL_OIDC_ISSUER: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    purpose: "OpenID provider through which people sign in",
    example: "https://login.example.com/realms/staff",
  },
  SEAWALL_OIDC_CLIENT_ID: {
    schema: z.string().min(1).optional(),
    purpose: "Seawall's client id at that provider",
    example: "seawall",
  },
  SEAWALL_OIDC_CLIENT_SECRET_FILE: {
    schema: z.string().min(1).optional(),
    purpose: "File with the client secret",
    example: "/run/secrets/oidc-client-secret",
  },
  SEAWALL_OIDC_SCOPES: {
    schema: z.string().regex(/\bopenid\b/, "must contain openid").default("openid email profile"),
    purpose: "Scopes asked of the provider",
    example: "openid email profile groups",
  },
  SEAWALL_OIDC_ROLE_CLAIM: {
    schema: z.string().min(1).optional(),
    purpose: "Claim whose values decide the role on everything, at each sign-in",
    example: "groups",
  },
  SEAWALL_OIDC_ROLES: {
    schema: z.string().min(1).optional(),
    purpose: "Which value of that claim is which role, with commas between",
    example: "platform-security=Security Admin,staff=Security Reader",
  },
  AZURE_FEDERATED_TOKEN_FILE: {
    schema: z.string().min(1).optional(),
    purpose: "File of the worker's own workload identity token, for Azure accounts that sign in by federation",
    example: "/var/run/secrets/azure/tokens/azure-identity-token",
  },
  SEAWALL_GCP_SUBJECT_TOKEN_FILE: {
    schema: z.string().min(1).optional(),
    purpose: "File of the worker's own identity token, for Google projects without a stored subject token",
    example: "/var/run/secrets/tokens/gcp",
  },
  SEAWALL_WORKER_CONCURRENCY: {
    schema: z.coerce.number().int().min(1).max(64).default(2),
    purpose: "Clusters that one worker scans at a time",
    example: "4",
  },
  SEAWALL_TIME_ZONE: {
    schema: z
      .string()
      .refine((zone) => isTimeZone(zone), "must be an IANA time zone")
      .default("UTC"),
    purpose: "Time zone in which a day begins and ends",
    example: "Europe/Oslo",
  },
  LOG_LEVEL: {
    schema: z.enum(["debug", "info", "warn", "error"]).default("info"),
    purpose: "How much the processes log",
    example: "debug",
  },
} as const;

export type Env = { [K in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[K]["schema"]> };

/** A setting that cannot be used: its name, the reason and an example. */
export class SettingError extends Error {
  override name = "SettingError";
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false; // RangeError is how Intl says "no such zone"; refine() turns it into the setting's message.
  }
}

/** Parses all settings once. Throws SettingError that names every wrong one. An empty value counts as not set. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const wrong: string[] = [];
  const entries = Object.entries(SETTINGS).map(([name, setting]) => {
    const raw = source[name] === "" ? undefined : source[name];
    const result = setting.schema.safeParse(raw);
    if (!result.success) {
      const reason = result.error.issues.map((issue) => issue.message).join("; ");
      wrong.push(`${name}: ${reason}. Example: ${name}=${setting.example}`);
    }
    return [name, result.data] as const;
  });
  if (wrong.length > 0) throw new SettingError(`These settings cannot be used:\n  ${wrong.join("\n  ")}`);
  return Object.fromEntries(entries) as Env; // each value was parsed by the schema of its own name
}

let parsed: Env | undefined;
/** The settings of this process, parsed on first use. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** Absolute path of the data folder. */
export const dataDir = (): string => path.resolve(env().SEAWALL_DATA_DIR);
