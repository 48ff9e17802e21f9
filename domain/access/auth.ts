import "server-only";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { nextCookies } from "better-auth/next-js";
import { twoFactor } from "better-auth/plugins/two-factor";
import { prisma } from "@/lib/db";
import { env, SettingError } from "@/lib/env";
import { uuidv7 } from "@/lib/id";
import { consoleUrl } from "./console-url";
import { oidc } from "./oidc/plugin";
import { ADDRESS_HEADER } from "./origin";
import { backupCodeStore, newBackupCodes } from "./second-factor/backup-codes";
import { signInLog } from "./sign-in/log";
import { signInLink } from "./sign-in-link";

function create() {
  const settings = env();
  if (settings.SEAWALL_SESSION_SECRET === undefined) {
    throw new SettingError(
      "SEAWALL_SESSION_SECRET is not set for this process. Start Seawall with `npm start`, which sets it.",
    );
  }
  const baseURL = consoleUrl();
  return betterAuth({
    appName: "Seawall",
    baseURL,
    secret: settings.SEAWALL_SESSION_SECRET,
    database: prismaAdapter(prisma(), { provider: "postgresql", transaction: true }),
    telemetry: { enabled: false },
    logger: { level: "error" },
    // "account" is a cloud account in this product.
    account: { modelName: "signInMethod", accountLinking: { enabled: false } },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: { expiresIn: 60 * 60 * 12, updateAge: 60 * 60 },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 120,
      customRules: { "/sign-in/email": { window: 60, max: 10 }, "/sign-in/link": { window: 60, max: 20 } },
    },
    advanced: {
      cookiePrefix: "seawall",
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      useSecureCookies: baseURL.startsWith("https:"),
      database: { generateId: () => uuidv7() },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
    },
    // The log comes after the second factor, which takes a session back; nextCookies comes last: it copies the cookies that the
    // others set into the response of a server action.
    plugins: [
      signInLink(),
      oidc(),
      twoFactor({
        accountLockout: { maxFailedAttempts: 10 },
        backupCodeOptions: {
          customBackupCodesGenerate: newBackupCodes,
          storeBackupCodes: backupCodeStore(settings.SEAWALL_SESSION_SECRET),
        },
      }),
      signInLog(),
      nextCookies(),
    ],
  });
}

let made: ReturnType<typeof create> | undefined;
/** The sign-in library of this process, made on first use so that a build needs no settings. */
export function auth(): ReturnType<typeof create> {
  made ??= create();
  return made;
}
