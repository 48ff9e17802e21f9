import { z } from "zod";
import { isTimeZone } from "./time-zone";

const flag = z.stringbool({ truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] });
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const file = z.string().min(1).optional();

function isPlainAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}

/** A process that `npm start` runs and that is handed a setting. */
export type SettingReader = "web" | "worker";

export interface Setting {
  schema: z.ZodType;
  /** What happens without it, as the README says it. */
  otherwise: string;
  purpose: string;
  example: string;
  /** Which processes get it; the start itself reads all. */
  readers: readonly SettingReader[];
}

const BOTH = ["web", "worker"] as const;

/** Every setting. The start, its children's environments and the README's table are driven by this list. */
export const SETTINGS = {
  DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
      .refine((text) => URL.canParse(text), "is no address; write special characters of the password as %XX")
      .optional(),
    otherwise: "embedded PostgreSQL",
    purpose: "a PostgreSQL 15 or newer to use instead",
    example: "postgresql://seawall:secret@db.internal:5432/seawall",
    readers: BOTH,
  },
  SEAWALL_DATA_DIR: {
    schema: z.string().min(1).default(".data"),
    otherwise: "`.data` (demo: `.data/demo`)",
    purpose: "folder of the embedded database and of generated keys",
    example: "/var/lib/seawall",
    readers: BOTH,
  },
  HOST: {
    schema: z.string().min(1).default("127.0.0.1"),
    otherwise: "`127.0.0.1`",
    purpose: "address the console listens on",
    example: "0.0.0.0",
    readers: ["web"],
  },
  PORT: {
    schema: whole(1, 65535).default(3000),
    otherwise: "`3000`",
    purpose: "port the console listens on",
    example: "8080",
    readers: ["web"],
  },
  SEAWALL_URL: {
    schema: z
      .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
      .refine(isPlainAddress, "must hold no user, password, query or fragment")
      .transform((text) => text.replace(/\/+$/, ""))
      .optional(),
    otherwise: "from HOST and PORT",
    purpose: "address people use, when a proxy stands before it",
    example: "https://seawall.example.com",
    readers: BOTH,
  },
  SEAWALL_TRUSTED_PROXIES: {
    schema: whole(0, 10).default(0),
    otherwise: "`0`",
    purpose: "proxies before the console whose `X-Forwarded-For` tells the client's address",
    example: "1",
    readers: ["web"],
  },
  SEAWALL_KEY: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/, "must be 32 bytes in base64")
      .optional(),
    otherwise: "made in the data folder",
    purpose: "32 bytes in base64 that encrypt stored credentials",
    example: "the output of: openssl rand -base64 32",
    readers: BOTH,
  },
  SEAWALL_KEY_PREVIOUS: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/, "must be 32 bytes in base64")
      .optional(),
    otherwise: "",
    purpose: "the `SEAWALL_KEY` before this one, until `npm run rotate-key` has wrapped every credential anew",
    example: "the value that SEAWALL_KEY had",
    readers: BOTH,
  },
  SEAWALL_SESSION_SECRET: {
    schema: z.string().min(32, "must have at least 32 characters").optional(),
    otherwise: "made in the data folder",
    purpose: "at least 32 characters that sign sessions",
    example: "the output of: openssl rand -hex 32",
    readers: ["web"],
  },
  SEAWALL_ALLOW_PRIVATE_NETWORKS: {
    schema: flag.default(false),
    otherwise: "`false` (demo: `true`)",
    purpose: "lets accounts name private and loopback addresses",
    example: "true",
    readers: BOTH,
  },
  SEAWALL_OIDC_ISSUER: {
    schema: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).optional(),
    otherwise: "no single sign-on",
    purpose: "OpenID provider through which people sign in",
    example: "https://login.example.com/realms/staff",
    readers: ["web"],
  },
  SEAWALL_OIDC_CLIENT_ID: {
    schema: z.string().min(1).optional(),
    otherwise: "none",
    purpose: "Seawall's client id at that provider",
    example: "seawall",
    readers: ["web"],
  },
  SEAWALL_OIDC_CLIENT_SECRET_FILE: {
    schema: file,
    otherwise: "none",
    purpose: "file with the client secret",
    example: "/run/secrets/oidc-client-secret",
    readers: ["web"],
  },
  SEAWALL_OIDC_SCOPES: {
    schema: z
      .string()
      .regex(/\bopenid\b/, "must contain openid")
      .default("openid email profile"),
    otherwise: "`openid email profile`",
    purpose: "scopes asked of the provider",
    example: "openid email profile groups",
    readers: ["web"],
  },
  SEAWALL_OIDC_ROLE_CLAIM: {
    schema: z.string().min(1).optional(),
    otherwise: "Owners give roles",
    purpose: "claim whose values decide the role on everything, at each sign-in",
    example: "groups",
    readers: ["web"],
  },
  SEAWALL_OIDC_ROLES: {
    schema: z.string().min(1).optional(),
    otherwise: "none",
    purpose: "which value of that claim is which role, with commas between",
    example: "platform-security=Security Admin,staff=Security Reader",
    readers: ["web"],
  },
  AZURE_FEDERATED_TOKEN_FILE: {
    schema: file,
    otherwise: "none",
    purpose: "the worker's own workload identity token, for Azure accounts that sign in by federation",
    example: "/var/run/secrets/azure/tokens/azure-identity-token",
    readers: ["worker"],
  },
  SEAWALL_GCP_SUBJECT_TOKEN_FILE: {
    schema: file,
    otherwise: "none",
    purpose: "the worker's own identity token, for GCP projects without a stored subject token",
    example: "/var/run/secrets/tokens/gcp",
    readers: ["worker"],
  },
  SEAWALL_IDENTITY_HOSTS: {
    schema: z
      .string()
      .regex(
        /^[a-z0-9.-]+(:\d{1,5})?(,[a-z0-9.-]+(:\d{1,5})?)*$/,
        "must be host names with commas between, in lower case",
      )
      .optional(),
    otherwise: "none",
    purpose: "hosts besides the clouds' own sign-in that the worker's own identity may be sent to, with commas between",
    example: "login.azurestack.example,sts.internal.example:8443",
    readers: ["worker"],
  },
  SEAWALL_WORKER_CONCURRENCY: {
    schema: whole(1, 64).default(2),
    otherwise: "`2`",
    purpose: "clusters one worker scans at a time",
    example: "4",
    readers: ["worker"],
  },
  SEAWALL_TIME_ZONE: {
    schema: z.string().refine(isTimeZone, "must be an IANA time zone").default("UTC"),
    otherwise: "`UTC`",
    purpose: "where a day begins and ends",
    example: "Europe/Oslo",
    readers: BOTH,
  },
  LOG_LEVEL: {
    schema: z.enum(["debug", "info", "warn", "error"]).default("info"),
    otherwise: "`info`",
    purpose: "`debug`, `info`, `warn` or `error`",
    example: "debug",
    readers: BOTH,
  },
  SEAWALL_DEMO_DAYS: {
    schema: whole(0, 365).default(30),
    otherwise: "`30`",
    purpose: "days of history that `npm run demo` makes on its first start",
    example: "3",
    readers: [],
  },
  CHROMIUM_PATH: {
    schema: file,
    otherwise: "the system's or Playwright's",
    purpose: "the Chromium of `npm test`",
    example: "/usr/bin/chromium",
    readers: [],
  },
  SEAWALL_TEST_DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "must begin with postgresql://")
      .optional(),
    otherwise: "embedded PostgreSQL",
    purpose: "a server on which `npm test` may make databases; it is tested besides the embedded one",
    example: "postgresql://postgres:secret@127.0.0.1:5432/postgres",
    readers: [],
  },
  SEAWALL_TEST_POSTGRES_BIN: {
    schema: file,
    otherwise: "an installed PostgreSQL 15",
    purpose: "folder of other PostgreSQL binaries to test on",
    example: "/usr/lib/postgresql/15/bin",
    readers: [],
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
